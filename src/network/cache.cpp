#include "network/cache.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <unistd.h>

#include "network/file_hash.h"
#include "network/library.h"

namespace pomona::network {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "pomona-compiled-1";
constexpr size_t kDigest = 64;
constexpr size_t kTrailer = kDigest + kMagic.size();

fs::path default_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr ? value : "");
  };
  const std::string chosen = variable("POMONA_CACHE");
  if (chosen == "off") return {};
  if (!chosen.empty()) return fs::path(chosen);
  if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) return fs::path(cache) / "pomona";
  if (const std::string home = variable("HOME"); !home.empty()) return fs::path(home) / ".cache" / "pomona";
  return {};
}

// No two writers share it, in this process or another.
fs::path temporary_beside(const fs::path& file) {
  static std::atomic<unsigned> counter{0};
  fs::path temporary = file;
  return temporary += "." + std::to_string(getpid()) + "." + std::to_string(counter++) + ".tmp";
}

bool write_whole(const fs::path& file, const std::function<void(std::ostream&)>& write) {
  {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    if (!stream) return false;
    write(stream);
    if (!stream.flush()) return false;
  }
  Sha256 hash;
  hash_file(hash, file);
  std::ofstream stream(file, std::ios::binary | std::ios::app);
  return static_cast<bool>(stream << hash.hex() << kMagic << std::flush);
}

}  // namespace

CompileCache::CompileCache() : folder_(default_folder()) {}

std::optional<ov::Tensor> CompileCache::load(const std::string& key) const try {
  if (folder_.empty()) return std::nullopt;
  std::ifstream stream(file(key), std::ios::binary | std::ios::ate);
  if (!stream || stream.tellg() < static_cast<std::streamoff>(kTrailer)) return std::nullopt;
  const auto size = static_cast<size_t>(stream.tellg());
  ov::Tensor whole(ov::element::u8, {size});
  stream.seekg(0);
  if (!stream.read(static_cast<char*>(whole.data()), static_cast<std::streamsize>(size))) return std::nullopt;
  const std::string_view bytes(static_cast<const char*>(whole.data()), size);
  const std::string_view blob = bytes.substr(0, size - kTrailer);
  if (!bytes.ends_with(kMagic) || bytes.substr(blob.size(), kDigest) != sha256_hex(blob)) return std::nullopt;
  return ov::Tensor(whole, ov::Coordinate{0}, ov::Coordinate{blob.size()});
} catch (const std::exception&) {
  return std::nullopt;
}

void CompileCache::store(const std::string& key, const std::function<void(std::ostream&)>& write) const {
  if (folder_.empty()) return;
  const fs::path temporary = temporary_beside(file(key));
  bool is_stored = false;
  try {
    fs::create_directories(folder_);
    make_room();
    if (write_whole(temporary, write)) {
      fs::rename(temporary, file(key));
      is_stored = true;
    }
  } catch (const std::exception&) {
    is_stored = false;  // no cache, then: the network is compiled already
  }
  std::error_code ignored;
  if (!is_stored) fs::remove(temporary, ignored);
}

void CompileCache::make_room() const {
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    std::error_code vanished;
    const auto time = entry.last_write_time(vanished);
    const auto extension = entry.path().extension();
    if (!vanished && (extension == ".blob" || extension == ".tmp")) files.emplace_back(time, entry.path());
  }
  if (files.size() < kMostFiles) return;
  std::sort(files.begin(), files.end());
  std::error_code ignored;
  for (size_t i = 0; i + kMostFiles <= files.size(); ++i) fs::remove(files[i].second, ignored);
}

std::string cache_key(ov::Core& core, const std::string& graph_sha256, const ov::AnyMap& properties) {
  Sha256 hash;
  hash.update(kMagic).update(ov::get_openvino_version().buildNumber).update("\n");
  hash.update(library_stamp()).update("\n");
  hash.update(core.get_property("CPU", ov::device::full_name)).update("\n");
  for (const std::string& capability : core.get_property("CPU", ov::device::capabilities))
    hash.update(capability + " ");
  hash.update("\n" + graph_sha256);
  for (const auto& [name, value] : properties) hash.update("\n" + name + " " + value.as<std::string>());
  return hash.hex();
}

}  // namespace pomona::network
