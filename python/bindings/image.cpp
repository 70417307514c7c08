// Decoding and resizing single photos: for looking at what the network sees, and for the tests against
// Pillow.
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "bindings.h"
#include "image/decode.h"
#include "image/resize.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace pomona::python {
namespace {

using Pixels = nb::ndarray<nb::numpy, uint8_t, nb::ndim<3>>;
using PixelsIn = nb::ndarray<const uint8_t, nb::shape<-1, -1, 3>, nb::c_contig, nb::device::cpu>;

Pixels new_pixels(int width, int height) {
  auto data = std::make_unique_for_overwrite<uint8_t[]>(3 * static_cast<size_t>(width) * height);
  nb::capsule owner(data.get(), [](void* p) noexcept { delete[] static_cast<uint8_t*>(p); });
  const std::array<size_t, 3> shape = {static_cast<size_t>(height), static_cast<size_t>(width), 3};
  return {data.release(), shape.size(), shape.data(), owner};
}

MaybeReject decode_file(const nb::bytes& file, const DecodeSettings& settings, Image& image) {
  const std::span bytes(reinterpret_cast<const std::byte*>(file.c_str()), file.size());
  const nb::gil_scoped_release release;
  ImageHeader header;
  return Decoder(settings).decode(bytes, image, header);
}

nb::object reject_tuple(const Reject& reject) {
  return nb::make_tuple(std::string(name(reject.stage)), std::string(name(reject.reason)), reject.detail);
}

nb::object decode(const nb::bytes& file, uint64_t max_bytes, uint64_t max_pixels, int scaled_size) {
  Image image;
  const DecodeSettings settings = {
      .max_bytes = max_bytes, .max_pixels = max_pixels, .scaled_size = scaled_size};
  if (const MaybeReject rejected = decode_file(file, settings, image)) return reject_tuple(*rejected);
  Pixels pixels = new_pixels(image.width, image.height);
  std::memcpy(pixels.data(), image.pixels.data(), image.pixels.size());
  return nb::cast(pixels);
}

Pixels resize_image(const Image& image, int width, int height, const std::string& target) {
  Resizer resizer(width, height, target);  // first: it checks the size
  Pixels pixels = new_pixels(width, height);
  const nb::gil_scoped_release release;
  resizer.resize(image, {pixels.data(), pixels.size()});
  return pixels;
}

nb::object decode_resized(const nb::bytes& file, int width, int height, uint64_t max_bytes,
                          uint64_t max_pixels, bool scaled, const std::string& target) {
  Image image;
  const DecodeSettings settings = {
      .max_bytes = max_bytes, .max_pixels = max_pixels, .scaled_size = scaled ? std::max(width, height) : 0};
  if (const MaybeReject rejected = decode_file(file, settings, image)) return reject_tuple(*rejected);
  return nb::cast(resize_image(image, width, height, target));
}

bool lies_within(const Box& box, float right, float bottom) {
  return box.left >= 0 && box.left < box.right && box.right <= right && box.top >= 0 &&
         box.top < box.bottom && box.bottom <= bottom;
}

Pixels resize(const PixelsIn& pixels, int width, int height, const std::string& target,
              const std::optional<std::array<float, 4>>& box) {
  if (pixels.size() == 0) throw nb::value_error("resize: the picture has no pixels");
  Image image;
  image.height = static_cast<int>(pixels.shape(0));
  image.width = static_cast<int>(pixels.shape(1));
  const auto right = static_cast<float>(image.width);
  const auto bottom = static_cast<float>(image.height);
  image.box = {0, 0, right, bottom};
  if (box) image.box = {(*box)[0], (*box)[1], (*box)[2], (*box)[3]};
  if (!lies_within(image.box, right, bottom))
    throw nb::value_error("resize: the box does not lie within the picture");
  std::memcpy(image.pixels.reset(pixels.size()).data(), pixels.data(), pixels.size());
  return resize_image(image, width, height, target);
}

}  // namespace

void bind_image(nb::module_& module) {
  const DecodeSettings defaults;
  module.def("decode", &decode, "file"_a, "max_bytes"_a = defaults.max_bytes,
             "max_pixels"_a = defaults.max_pixels, "scaled_size"_a = 0,
             R"(Decode the bytes of a JPEG, PNG or WebP file as Pomona does.

Returns the pixels, numpy.uint8 [height, width, 3], or, where the photo cannot be used, the tuple (stage, reason, detail).
With scaled_size, a JPEG is decoded at 1/2, 1/4 or 1/8 where that leaves twice scaled_size pixels on both sides.)");
  module.def("decode_resized", &decode_resized, "file"_a, "width"_a, "height"_a,
             "max_bytes"_a = defaults.max_bytes, "max_pixels"_a = defaults.max_pixels, "scaled"_a = true,
             "target"_a = "",
             R"(Decode the bytes of a photo and resize it: what a network with inputs of this size sees.

Returns numpy.uint8 [height, width, 3], or the tuple (stage, reason, detail). Large JPEGs are decoded at a smaller scale
unless scaled is False.)");
  module.def("resize", &resize, "pixels"_a, "width"_a, "height"_a, "target"_a = "", "box"_a = nb::none(),
             R"(Resize numpy.uint8 [height, width, 3] as Pillow does with BICUBIC, to the last bit.

box is (left, top, right, bottom), by default the whole picture. target names the instructions to use, one of
resize_targets(); all give the same bytes.)");
  module.def("resize_targets", &resize_targets,
             "The instruction sets that resize can use on this CPU, best first.");
}

}  // namespace pomona::python
