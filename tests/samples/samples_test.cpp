#include "samples/samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <jpeglib.h>

#include "samples/memory_storage.h"

namespace pomona {
namespace {

std::map<std::string, std::string> collection(const SampleSettings& settings) {
  MemoryStorage storage;
  const SampleSummary summary = write_samples(storage, settings);
  EXPECT_EQ(summary.photos, storage.objects().size());
  return storage.objects();
}

struct Photo {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;

  std::array<int, 3> at(int x, int y) const {
    const uint8_t* pixel = rgb.data() + (static_cast<size_t>(y) * width + x) * 3;
    return {pixel[0], pixel[1], pixel[2]};
  }
};

// libjpeg's standard error handler ends the process: a photo that it cannot read fails the test loudly.
Photo decoded(const std::string& file) {
  jpeg_decompress_struct codec = {};
  jpeg_error_mgr errors = {};
  codec.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&codec);
  jpeg_mem_src(&codec, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&codec, TRUE);
  codec.out_color_space = JCS_RGB;
  jpeg_start_decompress(&codec);
  Photo photo{static_cast<int>(codec.output_width), static_cast<int>(codec.output_height), {}};
  photo.rgb.resize(static_cast<size_t>(photo.width) * photo.height * 3);
  while (codec.output_scanline < codec.output_height) {
    JSAMPLE* row = photo.rgb.data() + static_cast<size_t>(codec.output_scanline) * photo.width * 3;
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
  EXPECT_EQ(errors.num_warnings, 0);
  jpeg_destroy_decompress(&codec);
  return photo;
}

bool is_background(std::array<int, 3> pixel) { return std::min({pixel[0], pixel[1], pixel[2]}) > 240; }

std::string class_of(const std::string& key) { return key.substr(0, key.find('/')); }

TEST(Samples, TheSameSettingsGiveTheSameBytes) {
  SampleSettings settings{.classes = 5, .views = 7, .size = 40, .seed = 3, .threads = 1};
  const auto once = collection(settings);
  EXPECT_EQ(once.size(), 35U);
  EXPECT_EQ(once, collection(settings));
  settings.threads = 2;
  EXPECT_EQ(once, collection(settings));
  settings.seed = 4;
  EXPECT_NE(once, collection(settings));
}

// More classes or views must not be another harvest: a class looks the same in a small and in a large
// collection.
TEST(Samples, AClassDoesNotDependOnHowManyThereAre) {
  const auto few = collection({.classes = 2, .views = 6, .size = 32});
  const auto many = collection({.classes = 4, .views = 12, .size = 32});
  for (const auto& [key, file] : few) EXPECT_EQ(file, many.at(key)) << key;
}

TEST(Samples, EveryPhotoDiffers) {
  const auto photos = collection({.classes = 30, .views = 9, .size = 48, .threads = 2});
  std::set<std::string> files;
  std::set<std::string> classes;
  for (const auto& [key, file] : photos) {
    files.insert(file);
    classes.insert(class_of(key));
  }
  EXPECT_EQ(files.size(), photos.size());
  EXPECT_EQ(classes.size(), 30U);
}

TEST(Samples, AFruitFillsThePhotoBeforeWhite) {
  const int size = 100;
  for (const auto& [key, file] : collection({.classes = 28, .views = 3, .size = size, .threads = 2})) {
    const Photo photo = decoded(file);
    ASSERT_EQ(photo.width, size);
    ASSERT_EQ(photo.height, size);
    int left = size;
    int right = -1;
    int top = size;
    int bottom = -1;
    for (int y = 0; y < size; ++y) {
      for (int x = 0; x < size; ++x) {
        if (is_background(photo.at(x, y))) continue;
        left = std::min(left, x);
        right = std::max(right, x);
        top = std::min(top, y);
        bottom = std::max(bottom, y);
      }
    }
    EXPECT_TRUE(is_background(photo.at(0, 0)) && is_background(photo.at(size - 1, size - 1))) << key;
    EXPECT_GE(std::max(right - left, bottom - top), size * 9 / 10) << key;
  }
}

// Colours and shape, coarsely: a histogram of 4 x 4 x 4 colours; background counts as one of them.
using Histogram = std::array<double, 64>;

Histogram histogram(const Photo& photo) {
  Histogram counts = {};
  const double share = 1.0 / (photo.width * photo.height);
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const auto [red, green, blue] = photo.at(x, y);
      counts.at(static_cast<size_t>(red) / 64 * 16 + static_cast<size_t>(green) / 64 * 4 +
                static_cast<size_t>(blue) / 64) += share;
    }
  }
  return counts;
}

double distance(const Histogram& a, const Histogram& b) {
  double sum = 0;
  for (size_t bin = 0; bin < a.size(); ++bin) sum += std::abs(a[bin] - b[bin]);
  return sum;
}

TEST(Samples, ClassesCanBeToldApart) {
  std::map<std::string, std::pair<Histogram, int>> centroids;
  std::vector<std::pair<std::string, Histogram>> held_back;
  size_t index = 0;
  for (const auto& [key, file] : collection({.classes = 12, .views = 18, .size = 48, .threads = 2})) {
    const Histogram counts = histogram(decoded(file));
    if (index++ % 2 == 1) {
      held_back.emplace_back(class_of(key), counts);
      continue;
    }
    auto& [sum, photos] = centroids[class_of(key)];
    for (size_t bin = 0; bin < counts.size(); ++bin) sum.at(bin) += counts.at(bin);
    ++photos;
  }
  for (auto& [name, centroid] : centroids) {
    for (double& value : centroid.first) value /= centroid.second;
  }
  size_t right = 0;
  for (const auto& [name, counts] : held_back) {
    const auto nearest =
        std::min_element(centroids.begin(), centroids.end(), [&](const auto& a, const auto& b) {
          return distance(a.second.first, counts) < distance(b.second.first, counts);
        });
    right += nearest->first == name ? 1 : 0;
  }
  EXPECT_GT(static_cast<double>(right) / static_cast<double>(held_back.size()), 0.9);
}

TEST(Samples, SettingsOutOfRangeAreRefusedWithTheRange) {
  MemoryStorage storage;
  auto refusal = [&](const SampleSettings& settings) -> std::string {
    try {
      write_samples(storage, settings);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.what();
    }
    return {};
  };
  EXPECT_NE(refusal({.classes = 0}).find("--classes: 0 is out of range"), std::string::npos);
  EXPECT_NE(refusal({.classes = 1'001}).find("from 1 to 1,000"), std::string::npos);
  EXPECT_NE(refusal({.views = 10'801}).find("from 1 to 10,800"), std::string::npos);
  EXPECT_NE(refusal({.size = -5}).find("from 16 to 4,096"), std::string::npos);
  EXPECT_NE(refusal({.size = 5'000}).find("from 16 to 4,096"), std::string::npos);
  EXPECT_NE(refusal({.threads = 0}).find("--threads"), std::string::npos);
  EXPECT_TRUE(storage.objects().empty());
}

TEST(Samples, OnePhotoIsACollectionToo) {
  const auto photos = collection({.classes = 1, .views = 1, .size = 16});
  ASSERT_EQ(photos.size(), 1U);
  EXPECT_EQ(photos.begin()->first, "Apple Red/x_0000.jpg");
}

TEST(Samples, StopsWhenAsked) {
  MemoryStorage storage;
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(write_samples(storage, {.classes = 3, .views = 3, .size = 16}, source.get_token()).photos, 0U);
}

}  // namespace
}  // namespace pomona
