// SHA-256 of files.
#pragma once

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/hash.h"

namespace pomona::network {

inline void hash_file(Sha256& hash, const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> block(1 << 20);
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0)
    hash.update(std::string_view(block.data(), static_cast<size_t>(stream.gcount())));
}

}  // namespace pomona::network
