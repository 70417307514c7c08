// Writes the seeds of the fuzz targets: make_seeds DIR -> DIR/jpeg/*, DIR/png/*, ...
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "../tests/image/pictures.h"

namespace {

void write(const std::filesystem::path& folder, const std::vector<pomona::testing::Seed>& seeds) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, file] : seeds) {
    std::ofstream out(folder / name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: make_seeds DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = arguments[1];
  write(folder / "jpeg", pomona::testing::jpeg_seeds());
  write(folder / "png", pomona::testing::png_seeds());
  write(folder / "webp", pomona::testing::webp_seeds());
  write(folder / "exif", pomona::testing::exif_seeds());
  return 0;
}
