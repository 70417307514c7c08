#include "image/augment.h"

#include <algorithm>
#include <cmath>

#include "base/hash.h"
#include "image/background.h"
#include "image/random.h"

namespace pomona {
namespace {

constexpr float kLargestHalfTurn = 0.1051F;  // tan(6 degrees)

Box random_crop(SplitMix& random) {
  const float area = random.uniform(0.5F, 1);
  const float ratio = random.uniform(0.75F, 4.0F / 3);
  const float width = std::min(1.0F, std::sqrt(area * ratio));
  const float height = std::min(1.0F, area / width);
  const float left = random.uniform(0, 1) * (1 - width);
  const float top = random.uniform(0, 1) * (1 - height);
  return {left, top, std::min(1.0F, left + width), std::min(1.0F, top + height)};
}

}  // namespace

View random_view(std::string_view sha256, uint32_t number, bool background) {
  const std::string name = std::string(sha256) + "/" + std::to_string(number);
  SplitMix random(path_hash(name));
  View view;
  view.crop = random_crop(random);
  view.half_turn = random.uniform(-kLargestHalfTurn, kLargestHalfTurn);
  view.mirror = random.chance(0.5F);
  const float brightness = random.uniform(0.75F, 1.25F);
  for (float& gain : view.gains) gain = brightness * random.uniform(0.93F, 1.07F);
  view.contrast = random.uniform(0.75F, 1.25F);
  view.saturation = random.uniform(0.75F, 1.25F);
  if (random.chance(0.3F)) view.blur = random.chance(0.5F) ? 1 : 2;
  if (background) view.background = path_hash(name + "/background");
  return view;
}

void Augmenter::apply(Image& image, const View& view, std::span<uint8_t> out) {
  const Box whole = image.box;
  const float width = whole.right - whole.left;
  const float height = whole.bottom - whole.top;
  const Box crop{whole.left + view.crop.left * width, whole.top + view.crop.top * height,
                 std::min(whole.right, whole.left + view.crop.right * width),
                 std::min(whole.bottom, whole.top + view.crop.bottom * height)};
  bytes_.resize(out.size());
  image.box = crop;
  resizer_.resize(image, bytes_);
  image.box = whole;
  turn(view, bytes_);
  if (view.background && is_cut_out(image)) replace_background(pixels_, size_, *view.background);
  colour(view);
  for (int pass = 0; pass < view.blur; ++pass) blur();
  std::ranges::transform(pixels_, out.begin(), [](float value) {
    return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0F, 255.0F)));
  });
}

// Rotation about the centre and mirror, bilinear. The angle enters by the tangent t of its half:
// cos = (1 - t^2) / (1 + t^2), sin = 2 t / (1 + t^2), so that no libm's rounding shows.
void Augmenter::turn(const View& view, std::span<const uint8_t> in) {
  const float t = view.half_turn;
  const float cosine = (1 - t * t) / (1 + t * t);
  const float sine = 2 * t / (1 + t * t);
  const float centre = static_cast<float>(size_ - 1) / 2;
  const auto limit = static_cast<float>(size_ - 1);
  pixels_.resize(in.size());
  float* out = pixels_.data();
  for (int y = 0; y < size_; ++y) {
    for (int column = 0; column < size_; ++column) {
      const int x = view.mirror ? size_ - 1 - column : column;
      const float dx = static_cast<float>(x) - centre;
      const float dy = static_cast<float>(y) - centre;
      const float from_x = std::clamp(centre + cosine * dx + sine * dy, 0.0F, limit);
      const float from_y = std::clamp(centre - sine * dx + cosine * dy, 0.0F, limit);
      const int x0 = static_cast<int>(from_x);
      const int y0 = static_cast<int>(from_y);
      const float right = from_x - static_cast<float>(x0);
      const float below = from_y - static_cast<float>(y0);
      const uint8_t* a = in.data() + 3 * (static_cast<ptrdiff_t>(y0) * size_ + x0);
      const ptrdiff_t step_x = x0 + 1 < size_ ? 3 : 0;
      const ptrdiff_t step_y = y0 + 1 < size_ ? 3 * static_cast<ptrdiff_t>(size_) : 0;
      for (int c = 0; c < 3; ++c) {
        const auto at = [&](ptrdiff_t step) { return static_cast<float>(a[c + step]); };
        const float top = (1 - right) * at(0) + right * at(step_x);
        const float bottom = (1 - right) * at(step_y) + right * at(step_y + step_x);
        *out++ = (1 - below) * top + below * bottom;
      }
    }
  }
}

void Augmenter::colour(const View& view) {
  for (size_t at = 0; at < pixels_.size(); at += 3) {
    float* rgb = &pixels_[at];
    for (int c = 0; c < 3; ++c) rgb[c] *= view.gains[c];
    const float grey = 0.299F * rgb[0] + 0.587F * rgb[1] + 0.114F * rgb[2];
    for (int c = 0; c < 3; ++c) {
      const float saturated = grey + view.saturation * (rgb[c] - grey);
      rgb[c] = std::clamp(127.5F + view.contrast * (saturated - 127.5F), 0.0F, 255.0F);
    }
  }
}

// 1-2-1 along rows, then along columns; edges repeat.
void Augmenter::blur() {
  scratch_.resize(pixels_.size());
  const auto pass = [&](const std::vector<float>& in, std::vector<float>& out, bool along_rows) {
    for (int y = 0; y < size_; ++y) {
      for (int x = 0; x < size_; ++x) {
        const int before = std::max(0, (along_rows ? x : y) - 1);
        const int after = std::min(size_ - 1, (along_rows ? x : y) + 1);
        const auto at = [&](int other) {
          return 3 * static_cast<size_t>(along_rows ? y * size_ + other : other * size_ + x);
        };
        const auto here = 3 * static_cast<size_t>(y * size_ + x);
        for (size_t c = 0; c < 3; ++c) {
          out[here + c] = 0.25F * in[at(before) + c] + 0.5F * in[here + c] + 0.25F * in[at(after) + c];
        }
      }
    }
  };
  pass(pixels_, scratch_, true);
  pass(scratch_, pixels_, false);
}

}  // namespace pomona
