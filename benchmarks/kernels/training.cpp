#include "training.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <random>

#include "base/hash.h"
#include "classify/classifier.h"
#include "clocks.h"
#include "job/stored_rows.h"
#include "job/training_set.h"
#include "stats/moments.h"

namespace pomona::bench {
namespace {

constexpr size_t kClasses = 33;
constexpr size_t kReduced = 500;
constexpr size_t kFeatures = 1280;
constexpr size_t kBlock = 1024;
// Near enough to each other that a row in a hundred or two is taken for another class.
constexpr float kSpread = 0.25F;

using Generator = std::mt19937;

std::vector<float> normal(Generator& generator, size_t count, float deviation) {
  std::normal_distribution<float> distribution(0, deviation);
  std::vector<float> values(count);
  for (float& value : values) value = distribution(generator);
  return values;
}

}  // namespace

nlohmann::json train_classifier(size_t rows, size_t threads) {
  Generator generator(1);
  const std::vector<float> centres = normal(generator, kClasses * kReduced, kSpread);
  std::vector<uint32_t> labels(rows);
  std::vector<uint64_t> keys(rows);
  const size_t memory = TrainingSetOptions().memory_bytes;
  const std::string folder = std::filesystem::temp_directory_path().string();
  StoredRows reduced(rows, kReduced, memory, folder);
  for (size_t first = 0; first < rows; first += kBlock) {
    const size_t count = std::min(kBlock, rows - first);
    std::vector<float> block = normal(generator, count * kReduced, 1);
    for (size_t row = 0; row < count; ++row) {
      labels[first + row] = static_cast<uint32_t>(generator() % kClasses);
      keys[first + row] = path_hash(std::to_string(first + row));
      const float* centre = centres.data() + labels[first + row] * kReduced;
      for (size_t i = 0; i < kReduced; ++i) block[row * kReduced + i] += centre[i];
    }
    reduced.write(first, block);
  }

  std::vector<size_t> sampled(rows);
  std::iota(sampled.begin(), sampled.end(), size_t{0});
  const size_t sample = std::min(rows, TrainingSetOptions().sample_rows);
  std::ranges::partial_sort(sampled, sampled.begin() + static_cast<std::ptrdiff_t>(sample), {},
                            [&](size_t row) { return keys[row]; });
  sampled.resize(sample);
  std::ranges::sort(sampled);
  SampledRows features(rows, kFeatures, sampled, memory, folder);
  for (size_t position = 0; position < sample; ++position) {
    features.write(position, normal(generator, kFeatures, 1));
  }
  Moments moments(kFeatures);
  moments.update(normal(generator, 2 * kFeatures * kFeatures, 1));
  const StandardScaler scaler = fit_scaler(moments);
  const Pca pca = fit_pca(moments, &scaler, uint64_t{kReduced}, false);

  ClassifierOptions options;
  options.selection.threads = threads;
  TrainingReport report;
  const double wall = wall_seconds();
  const double cpu = cpu_seconds();
  (void)fit_classifier({features, reduced, labels, kClasses, keys, keys, &scaler, pca}, options, &report);
  const double used = cpu_seconds() - cpu;
  const double took = wall_seconds() - wall;
  const auto count = static_cast<double>(rows);
  return {{"photos", rows},
          {"seconds", took},
          {"cpu_seconds", used},
          {"held_back_accuracy", report.chosen.accuracy},
          {"photos_per_second", count / took},
          {"photos_per_cpu_second", count / used}};
}

}  // namespace pomona::bench
