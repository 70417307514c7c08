// The bytes of Moments, for partial sums that travel between processes. Little-endian, packed:
//
//   offset  bytes        what
//   0       4            "PMOM"
//   4       4            version (uint32)
//   8       8            d, the dimension (uint64, at least 1)
//   16      8            n, the number of vectors (uint64)
//   24      8 d          mean (float64)
//   24+8d   4 d (d + 1)  upper triangle of M2, row by row (float64); left out where n is 0
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include "base/error.h"
#include "stats/moments.h"

namespace pomona {
namespace {

constexpr uint32_t kVersion = 1;
constexpr char kMagic[4] = {'P', 'M', 'O', 'M'};
constexpr uint64_t kMaxDimension = 1U << 20U;  // 4 TiB of moments: whatever claims more is garbage
static_assert(std::endian::native == std::endian::little);

struct Header {
  char magic[4];
  uint32_t version;
  uint64_t dimension;
  uint64_t count;
};
static_assert(sizeof(Header) == 24);

uint64_t triangle(uint64_t dimension) { return dimension * (dimension + 1) / 2; }

[[noreturn]] void refuse(const std::string& cause) {
  throw Error(ErrorCode::corrupt, "moments", "serialised moments", cause,
              "compute the part that they came from again");
}

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

}  // namespace

std::vector<std::byte> Moments::serialize() const {
  Header header{{}, kVersion, dimension(), count_};
  std::ranges::copy(kMagic, header.magic);
  std::vector<std::byte> bytes(sizeof header + 8 * (mean_.size() + m2_.size()));
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, mean_.data(), 8 * mean_.size());
  if (!m2_.empty()) std::memcpy(bytes.data() + sizeof header + 8 * mean_.size(), m2_.data(), 8 * m2_.size());
  return bytes;
}

Moments Moments::deserialize(std::span<const std::byte> bytes) {
  Header header{};
  if (bytes.size() < sizeof header) refuse("shorter than its header");
  std::memcpy(&header, bytes.data(), sizeof header);
  if (!std::ranges::equal(header.magic, kMagic)) refuse("does not begin with PMOM");
  if (header.version != kVersion) {
    refuse("version " + std::to_string(header.version) + ", this program reads " + std::to_string(kVersion));
  }
  if (header.dimension == 0 || header.dimension > kMaxDimension) refuse("impossible dimension");
  const uint64_t products = header.count == 0 ? 0 : triangle(header.dimension);
  if (bytes.size() != sizeof header + 8 * (header.dimension + products)) {
    refuse("length does not fit its dimension");
  }
  Moments moments(header.dimension);
  moments.count_ = header.count;
  moments.m2_.resize(products);
  const std::byte* at = bytes.data() + sizeof header;
  std::memcpy(moments.mean_.data(), at, 8 * header.dimension);
  if (products > 0) std::memcpy(moments.m2_.data(), at + 8 * header.dimension, 8 * products);
  if (!all_finite(moments.mean_) || !all_finite(moments.m2_)) refuse("holds a number that is not finite");
  if (std::ranges::any_of(moments.diagonal(), [](double value) { return value < 0; })) {
    refuse("holds a negative sum of squares");
  }
  return moments;
}

}  // namespace pomona
