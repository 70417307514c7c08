#include "packed/tar_writer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/text.h"

namespace pomona {
namespace {

constexpr uint64_t kBlock = 512;
constexpr uint64_t kUstarSize = 8'589'934'591;  // the largest number of eleven octal digits

// POSIX.1-2001: name, mode, uid, gid, size, mtime, checksum, type, link, magic, owner, device, prefix.
struct Field {
  size_t at;
  size_t length;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUser{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr Field kPrefix{345, 155};

using Block = std::array<char, kBlock>;

void put(Block& block, Field field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.length), block.begin() + field.at);
}

void put_octal(Block& block, Field field, uint64_t value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", static_cast<int>(field.length - 1),
                static_cast<unsigned long long>(value));
  put(block, field, std::string_view(text.data()));
}

// Where a long name divides into prefix and name, at a slash; npos where it does not fit.
size_t division(std::string_view name) {
  if (name.size() <= kName.length) return 0;
  const size_t slash = name.find('/', name.size() - kName.length - 1);
  const bool fits =
      slash != std::string_view::npos && slash > 0 && slash <= kPrefix.length && slash + 1 < name.size();
  return fits ? slash : std::string_view::npos;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool needs_pax(std::string_view name, uint64_t size) {
  return division(name) == std::string_view::npos || !is_ascii(name) || size > kUstarSize;
}

// "LENGTH key=value\n", where the length counts its own digits too.
std::string pax_record(std::string_view key, std::string_view value) {
  const size_t rest = key.size() + value.size() + 3;
  size_t length = rest + 1;
  while (rest + std::to_string(length).size() != length) length = rest + std::to_string(length).size();
  std::string record = std::to_string(length) + " ";
  record.append(key).append("=").append(value).append("\n");
  return record;
}

std::string pax_records(std::string_view name, uint64_t size) {
  std::string records;
  if (!is_utf8(name)) records += pax_record("hdrcharset", "BINARY");
  records += pax_record("path", name);
  if (size > kUstarSize) records += pax_record("size", std::to_string(size));
  return records;
}

uint64_t padded(uint64_t bytes) { return (bytes + kBlock - 1) / kBlock * kBlock; }

}  // namespace

void TarWriter::header(std::string_view name, char type, uint64_t size) {
  Block block{};
  const size_t slash = division(name);
  if (slash != 0 && slash != std::string_view::npos) {
    put(block, kPrefix, name.substr(0, slash));
    put(block, kName, name.substr(slash + 1));
  } else {
    put(block, kName, name.substr(0, kName.length));
  }
  put_octal(block, kMode, 0644);
  put_octal(block, kUser, 0);
  put_octal(block, kGroup, 0);
  put_octal(block, kSize, std::min(size, kUstarSize));
  put_octal(block, kTime, 0);
  put(block, kMagic, std::string_view("ustar\00000", 8));
  block[kType.at] = type;
  std::fill_n(block.begin() + kChecksum.at, kChecksum.length, ' ');
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%06o", sum);
  put(block, kChecksum, std::string_view(text.data(), 7));
  tar_.append(block.data(), block.size());
}

void TarWriter::pad() { tar_.resize(padded(tar_.size())); }

uint64_t TarWriter::append(std::string_view name, std::span<const std::byte> bytes) {
  if (needs_pax(name, bytes.size())) {
    const std::string records = pax_records(name, bytes.size());
    header("././@PaxHeader", 'x', records.size());
    tar_ += records;
    pad();
  }
  header(name, '0', bytes.size());
  const uint64_t offset = tar_.size();
  tar_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  pad();
  return offset;
}

std::string TarWriter::finish() {
  tar_.append(kTarEnd, '\0');
  return std::exchange(tar_, {});
}

uint64_t tar_member_bytes(std::string_view name, uint64_t size) {
  const uint64_t pax = needs_pax(name, size) ? kBlock + padded(pax_records(name, size).size()) : 0;
  return pax + kBlock + padded(size);
}

}  // namespace pomona
