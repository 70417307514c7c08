#include "image/background.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "image/random.h"

namespace pomona {
namespace {

constexpr uint8_t kWhite = 235;              // the darkest channel of a pixel that counts as white
constexpr float kBackground = 225;           // ... that is background where it hangs together with the edges
constexpr float kThing = 150;                // ... that has nothing of the background
constexpr int kRim = 2;                      // pixels at the thing's edge that are a mixture of both
constexpr int kLattices[] = {2, 5, 14, 40};  // spots along a side
constexpr float kLargestStep = 110;          // of the coarsest spots, halved from lattice to lattice

// Adds a lattice of random colours, interpolated between its points.
void add_spots(std::vector<float>& out, int size, int points, float step, SplitMix& random) {
  std::vector<float> lattice(3 * static_cast<size_t>(points) * static_cast<size_t>(points));
  for (size_t at = 0; at < lattice.size(); at += 3) {
    const float light = random.uniform(-step, step);
    for (size_t c = 0; c < 3; ++c) lattice[at + c] = light + random.uniform(-step, step) / 3;
  }
  const float scale = static_cast<float>(points - 1) / static_cast<float>(size);
  const auto stride = 3 * static_cast<size_t>(points);
  float* pixel = out.data();
  for (int y = 0; y < size; ++y) {
    const float row = static_cast<float>(y) * scale;
    const float below = row - std::floor(row);
    const float* upper = lattice.data() + static_cast<size_t>(row) * stride;
    for (int x = 0; x < size; ++x) {
      const float column = static_cast<float>(x) * scale;
      const float right = column - std::floor(column);
      const float* a = upper + 3 * static_cast<size_t>(column);
      for (size_t c = 0; c < 3; ++c) {
        const float top = (1 - right) * a[c] + right * a[3 + c];
        const float bottom = (1 - right) * a[stride + c] + right * a[stride + 3 + c];
        *pixel++ += (1 - below) * top + below * bottom;
      }
    }
  }
}

std::vector<float> generated(int size, uint64_t seed) {
  SplitMix random(seed);
  std::vector<float> background(3 * static_cast<size_t>(size) * static_cast<size_t>(size));
  const float base[3] = {random.uniform(40, 215), random.uniform(40, 215), random.uniform(40, 215)};
  const float grey = (base[0] + base[1] + base[2]) / 3;
  for (size_t at = 0; at < background.size(); ++at) background[at] = (base[at % 3] + grey) / 2;
  const float roughness = random.uniform(0.3F, 1);
  float step = kLargestStep * random.uniform(0.3F, 1);
  for (const int points : kLattices) {
    add_spots(background, size, points, step, random);
    step *= roughness;
  }
  for (float& value : background) value = std::clamp(value, 0.0F, 255.0F);
  return background;
}

float darkest(std::span<const float> pixels, size_t pixel) {
  return std::min({pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2]});
}

// Calls visit(neighbour) for the up to four neighbours of a pixel.
template <typename Visit>
void for_neighbours(size_t pixel, size_t size, const Visit& visit) {
  const size_t x = pixel % size;
  if (x > 0) visit(pixel - 1);
  if (x + 1 < size) visit(pixel + 1);
  if (pixel >= size) visit(pixel - size);
  if (pixel + size < size * size) visit(pixel + size);
}

// The share of the background in each pixel: 1 where white hangs together with an edge, 0 beyond its rim.
std::vector<float> background_shares(std::span<const float> pixels, size_t size) {
  std::vector<float> shares(size * size, 0);
  std::vector<size_t> front;
  const auto add = [&](size_t pixel) {
    if (shares[pixel] > 0 || darkest(pixels, pixel) < kBackground) return;
    shares[pixel] = 1;
    front.push_back(pixel);
  };
  for (size_t i = 0; i < size; ++i) {
    for (const size_t pixel : {i, size * (size - 1) + i, size * i, size * i + size - 1}) add(pixel);
  }
  for (size_t at = 0; at < front.size(); ++at) for_neighbours(front[at], size, add);
  for (int ring = 0; ring < kRim; ++ring) {
    std::vector<size_t> next;
    for (const size_t pixel : front) {
      for_neighbours(pixel, size, [&](size_t other) {
        const float share =
            std::clamp((darkest(pixels, other) - kThing) / (kBackground - kThing), 0.0F, 1.0F);
        if (shares[other] > 0 || share == 0) return;
        shares[other] = share;
        next.push_back(other);
      });
    }
    front = std::move(next);
  }
  return shares;
}

}  // namespace

bool is_cut_out(const Image& image) {
  const auto width = static_cast<size_t>(image.width);
  const auto height = static_cast<size_t>(image.height);
  if (width == 0 || height == 0) return false;
  size_t white = 0;
  const auto look = [&](size_t x, size_t y) {
    const uint8_t* rgb = image.pixels.data() + 3 * (y * width + x);
    if (std::min({rgb[0], rgb[1], rgb[2]}) >= kWhite) ++white;
  };
  for (size_t x = 0; x < width; ++x) {
    look(x, 0);
    look(x, height - 1);
  }
  for (size_t y = 0; y < height; ++y) {
    look(0, y);
    look(width - 1, y);
  }
  return 10 * white >= 18 * (width + height);
}

void replace_background(std::span<float> pixels, int size, uint64_t seed) {
  const auto shares = background_shares(pixels, static_cast<size_t>(size));
  const auto background = generated(size, seed);
  for (size_t at = 0; at < pixels.size(); ++at) {
    pixels[at] = std::clamp(pixels[at] + shares[at / 3] * (background[at] - 255), 0.0F, 255.0F);
  }
}

}  // namespace pomona
