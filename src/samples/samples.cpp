#include "samples/samples.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "image/jpeg_encoder.h"
#include "samples/model.h"
#include "samples/random.h"
#include "samples/render.h"

namespace pomona {
namespace {

using namespace samples;

constexpr size_t kMaxClasses = 1'000;
constexpr size_t kMaxViews = 10'800;  // one every tenth of a degree on each of the axes
constexpr size_t kMinSize = 16;
constexpr size_t kMaxSize = 4'096;
constexpr int kJpegQuality = 92;
constexpr std::array kAxes = {Axis::x, Axis::y, Axis::z};

void check_range(const char* setting, size_t value, size_t low, size_t high) {
  if (value >= low && value <= high) return;
  throw Error(ErrorCode::usage, "samples", setting, with_commas(value) + " is out of range",
              "choose a number from " + with_commas(low) + " to " + with_commas(high));
}

void check(const SampleSettings& settings) {
  check_range("--classes", settings.classes, 1, kMaxClasses);
  check_range("--views", settings.views, 1, kMaxViews);
  check_range("--size", static_cast<size_t>(std::max(settings.size, 0)), kMinSize, kMaxSize);
  check_range("--threads", settings.threads, 1, 1'024);
}

// One photo of a class: the axis it is turned on, and how far.
struct View {
  size_t axis;
  size_t tenths;  // of a degree
};

View view_of(size_t index, size_t views) {
  const size_t steps = (views + kAxes.size() - 1) / kAxes.size();
  return {index % kAxes.size(), index / kAxes.size() * 3'600 / steps};
}

// The fruit stands on each axis in a pose of its own, as if it had been stuck on the motor anew, so that no
// two of the three series meet in one photo.
Mat3 turn_of(const View& view, uint64_t class_seed) {
  Random random(class_seed, 100 + view.axis);
  // The camera looks along z, with y up; the fruit's own top is z.
  const Mat3 upright = rotation(Axis::x, -0.25F);
  const Mat3 lean =
      rotation(Axis::x, random.uniform(0.02F, 0.09F)) * rotation(Axis::z, random.uniform(-0.04F, 0.04F));
  const Mat3 twist = rotation(Axis::y, random.uniform(0, 1));
  const Mat3 turn = rotation(kAxes.at(view.axis), static_cast<float>(view.tenths) * (1.0F / 3'600));
  // About the upright axis the fruit turns first and leans then, as on a turntable seen from above.
  if (kAxes.at(view.axis) == Axis::y) return lean * turn * upright;
  return turn * lean * twist * upright;
}

std::string key_of(const std::string& class_name, const View& view) {
  const std::string tenths = std::to_string(view.tenths);
  return class_name + '/' + "xyz"[view.axis] + '_' + std::string(4 - tenths.size(), '0') + tenths + ".jpg";
}

struct Class {
  std::string name;
  uint64_t seed = 0;
  Model model;
};

Class make_class(size_t index, const SampleSettings& settings) {
  const Species species = species_of_class(index, settings.seed);
  Random random(settings.seed, index);
  const uint64_t seed = random.next();
  const int detail = std::clamp(settings.size * 2, 64, 768);
  return {name_of_class(index), seed, make_model(species, detail, static_cast<uint32_t>(seed))};
}

// What one thread needs to make photos.
struct Studio {
  explicit Studio(int size) : renderer(size) {}
  Renderer renderer;
  JpegEncoder encoder{kJpegQuality};
};

}  // namespace

SampleSummary write_samples(Storage& destination, const SampleSettings& settings,
                            const std::stop_token& stop) {
  check(settings);
  std::vector<std::unique_ptr<Studio>> studios(settings.threads);
  std::atomic<size_t> photos = 0;
  std::atomic<uint64_t> bytes = 0;
  // As many classes at a time as there are threads: their models are made, then all of their photos.
  std::vector<Class> batch;
  for (size_t first = 0; first < settings.classes && !stop.stop_requested(); first += batch.size()) {
    batch.assign(std::min(settings.threads, settings.classes - first), {});
    parallel_for(settings.threads, batch.size(),
                 [&](size_t index, size_t) { batch[index] = make_class(first + index, settings); });
    parallel_for(
        settings.threads, batch.size() * settings.views,
        [&](size_t index, size_t worker) {
          const Class& fruit = batch[index / settings.views];
          const View view = view_of(index % settings.views, settings.views);
          if (!studios[worker]) studios[worker] = std::make_unique<Studio>(settings.size);
          const uint64_t grain = mixed(fruit.seed ^ mixed(view.axis * 3'600 + view.tenths));
          const auto pixels = studios[worker]->renderer.render(fruit.model, turn_of(view, fruit.seed), grain);
          const auto file = studios[worker]->encoder.encode(pixels, settings.size, settings.size);
          destination.write(key_of(fruit.name, view), file);
          ++photos;
          bytes += file.size();
        },
        stop);
  }
  return {settings.classes, photos, bytes};
}

}  // namespace pomona
