#include "image/resize.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/error.h"
#include "image/resize_kernels.h"

namespace pomona {
namespace {

constexpr size_t kKeptBytes = 16'000'000;  // of the rows between the passes, from a huge photo to the next

struct Axis {
  int in = -1;
  float from = 0;
  float to = 0;
  Taps taps;

  void prepare(int size, float begin, float end, int out) {
    if (size == in && begin == from && end == to) return;
    make_taps(size, begin, end, out, taps);
    in = size;
    from = begin;
    to = end;
  }
  // The input samples that any output sample reads.
  int first() const { return taps.first.front(); }
  int last() const { return taps.first.back() + taps.count.back(); }
};

// Pillow 13's rule: the height loses more than twice the pixels that the width does.
bool vertical_goes_first(const Image& image, int width, int height) {
  return height < image.height && image.height - height > 2 * (image.width - width);
}

// Asked of the CPU once.
const std::vector<NamedKernels>& all_kernels() {
  static const std::vector<NamedKernels> all = [] {
    std::vector<NamedKernels> found = vector_kernels();
    found.push_back({"portable", kPortableKernels});
    return found;
  }();
  return all;
}

const ResizeKernels& kernels_for(std::string_view target) {
  const auto& all = all_kernels();
  if (target.empty()) return all.front().kernels;
  const auto found = std::ranges::find(all, target, &NamedKernels::name);
  if (found != all.end()) return found->kernels;
  throw Error(ErrorCode::usage, "resize", std::string(target),
              "this CPU has no such instructions, or they have another name",
              "Leave the target away to use " + all.front().name + ".");
}

}  // namespace

struct Resizer::State {
  int width;
  int height;
  ResizeKernels kernels;
  Axis across;
  Axis down;
  BasicBuffer<uint8_t> between;

  void horizontal_first(const Image& image, uint8_t* out);
  void vertical_first(const Image& image, uint8_t* out);
};

Resizer::Resizer(int width, int height, std::string_view target)
    : state_(std::make_unique<State>(State{width, height, kernels_for(target), {}, {}, {}})) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::usage, "resize", std::to_string(width) + " x " + std::to_string(height),
                "a picture has at least one pixel on each side");
  }
}
Resizer::~Resizer() = default;

void Resizer::State::horizontal_first(const Image& image, uint8_t* out) {
  const size_t row = 3 * static_cast<size_t>(image.width);
  const size_t out_row = 3 * static_cast<size_t>(width);
  const int rows = down.last() - down.first();
  uint8_t* middle = between.reset(out_row * rows).data();
  kernels.horizontal({image.pixels.data() + row * down.first(), row}, rows, across.taps, width, middle,
                     out_row);
  kernels.vertical({middle, out_row}, down.first(), down.taps, height, out_row, out, out_row);
}

void Resizer::State::vertical_first(const Image& image, uint8_t* out) {
  const size_t row = 3 * static_cast<size_t>(image.width);
  uint8_t* middle = between.reset(row * height).data();
  kernels.vertical({image.pixels.data(), row}, 0, down.taps, height, row, middle, row);
  kernels.horizontal({middle, row}, height, across.taps, width, out, 3 * static_cast<size_t>(width));
}

void Resizer::resize(const Image& image, std::span<uint8_t> out) {
  State& s = *state_;
  if (image.width < 1 || image.height < 1 || out.size() < 3 * static_cast<size_t>(s.width) * s.height) {
    throw Error(ErrorCode::internal, "resize", std::to_string(s.width) + " x " + std::to_string(s.height),
                "no picture, or no room for the result");
  }
  const Box& box = image.box;
  const size_t row = 3 * static_cast<size_t>(image.width);
  const bool across = s.width != image.width || box.left != 0 || box.right != static_cast<float>(s.width);
  const bool down = s.height != image.height || box.top != 0 || box.bottom != static_cast<float>(s.height);
  s.across.prepare(image.width, box.left, box.right, s.width);
  s.down.prepare(image.height, box.top, box.bottom, s.height);
  if (across && down) {
    vertical_goes_first(image, s.width, s.height) ? s.vertical_first(image, out.data())
                                                  : s.horizontal_first(image, out.data());
  } else if (across) {
    s.kernels.horizontal({image.pixels.data(), row}, s.height, s.across.taps, s.width, out.data(),
                         3 * static_cast<size_t>(s.width));
  } else if (down) {
    s.kernels.vertical({image.pixels.data(), row}, 0, s.down.taps, s.height, row, out.data(), row);
  } else {
    std::memcpy(out.data(), image.pixels.data(), row * s.height);
  }
  s.between.shrink_above(kKeptBytes);
}

std::vector<std::string> resize_targets() {
  std::vector<std::string> names;
  for (const NamedKernels& each : all_kernels()) names.push_back(each.name);
  return names;
}

}  // namespace pomona
