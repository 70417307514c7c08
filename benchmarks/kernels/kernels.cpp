// pomona_kernels STEP [flags]: photos per second and per CPU-second of one step, as one JSON line. Start-up,
// reading and the first round are not counted.
#include <iostream>
#include <random>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/threads.h"
#include "clocks.h"
#include "image/resize.h"
#include "network/network.h"
#include "photos.h"
#include "stats/moments.h"
#include "stats/pca.h"
#include "stats/projection.h"
#include "table/features.h"
#include "training.h"

namespace pomona::bench {
namespace {

struct Settings {
  std::string step;
  std::string photos;
  std::string precision = "int8";
  std::string network = kDefaultNetwork;
  int size = 224;
  size_t limit = 1024;
  size_t rows = 15'506;
  size_t threads = 1;
  double seconds = 5;
  bool scaled = true;
};

// Rounds of work(), which returns the photos it did, until the time is over. The first round warms up.
template <typename Work>
nlohmann::json measure(const Settings& settings, const Work& work) {
  work();
  const double wall = wall_seconds();
  const double cpu = cpu_seconds();
  size_t photos = 0;
  do {
    photos += work();
  } while (wall_seconds() - wall < settings.seconds);
  const double cpu_used = cpu_seconds() - cpu;
  const auto count = static_cast<double>(photos);
  return {{"photos", photos},
          {"photos_per_second", count / (wall_seconds() - wall)},
          {"photos_per_cpu_second", count / cpu_used}};
}

std::vector<float> random_features(size_t rows, size_t dimension) {
  std::minstd_rand generator(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> features(rows * dimension);
  for (float& value : features) value = uniform(generator);
  return features;
}

constexpr size_t kDimension = 1280;
constexpr size_t kRows = 1024;

nlohmann::json infer(const Settings& settings) {
  NetworkSettings network;
  network.network = settings.network;
  network.size = settings.size;
  network.precision = parse_precision(settings.precision);
  CompiledNetwork compiled(Network::load(network), settings.threads);
  std::vector<CompiledNetwork::Session> sessions;
  for (size_t i = 0; i < settings.threads; ++i) {
    sessions.push_back(compiled.session());
    std::minstd_rand generator(static_cast<unsigned>(i));
    for (uint8_t& value : sessions.back().input()) value = static_cast<uint8_t>(generator() >> 8U);
  }
  constexpr size_t round = 64;
  return measure(settings, [&] {
    parallel_for(settings.threads, round * settings.threads,
                 [&](size_t, size_t worker) { (void)sessions[worker].infer(); });
    return round * settings.threads;
  });
}

// Hash, decode and resize of photos in memory.
nlohmann::json prepare(const Settings& settings) {
  const std::vector<std::string> photos = read_photos(settings.photos, settings.limit);
  struct Worker {
    explicit Worker(const Settings& from)
        : decoder({.scaled_size = from.scaled ? from.size : 0}),
          resizer(from.size, from.size),
          out(static_cast<size_t>(from.size) * static_cast<size_t>(from.size) * 3) {}
    Decoder decoder;
    Resizer resizer;
    Image image;
    std::vector<uint8_t> out;
  };
  std::vector<std::unique_ptr<Worker>> workers;
  for (size_t i = 0; i < settings.threads; ++i) workers.push_back(std::make_unique<Worker>(settings));
  return measure(settings, [&] {
    parallel_for(settings.threads, photos.size(), [&](size_t photo, size_t index) {
      Worker& worker = *workers[index];
      const auto bytes = std::as_bytes(std::span(photos[photo]));
      ImageHeader header;
      (void)sha256_hex(bytes);
      if (!worker.decoder.decode(bytes, worker.image, header))
        worker.resizer.resize(worker.image, worker.out);
    });
    return photos.size();
  });
}

nlohmann::json parquet(const Settings& settings) {
  const std::vector<float> features = random_features(kRows, kDimension);
  std::vector<PhotoRow> rows(kRows);
  for (size_t row = 0; row < kRows; ++row) {
    rows[row] = {"Some Class/" + std::to_string(row) + "_100.jpg",
                 "Some Class",
                 100,
                 100,
                 5000,
                 sha256_hex(std::to_string(row))};
  }
  const size_t bytes = encode_features(rows, features, kDimension).size();
  nlohmann::json result = measure(settings, [&] {
    (void)encode_features(rows, features, kDimension);
    return kRows;
  });
  result["bytes_per_photo"] = static_cast<double>(bytes) / kRows;
  return result;
}

nlohmann::json moments(const Settings& settings) {
  const std::vector<float> features = random_features(kRows, kDimension);
  return measure(settings, [&] {
    Moments sums(kDimension);
    for (size_t block = 0; block < 8; ++block) sums.update(features);
    return 8 * kRows;
  });
}

nlohmann::json moments_exact(const Settings& settings) {
  const std::vector<float> features = random_features(kRows, kDimension);
  return measure(settings, [&] {
    Moments sums(kDimension);
    for (size_t block = 0; block < 8; ++block) sums.update_exactly(features);
    return 8 * kRows;
  });
}

Moments fitted_moments() {
  Moments sums(kDimension);
  sums.update(random_features(2 * kDimension, kDimension));
  return sums;
}

// "Photos" are eigen-decompositions here.
nlohmann::json pca(const Settings& settings) {
  const Moments sums = fitted_moments();
  const StandardScaler scaler = fit_scaler(sums);
  return measure(settings, [&] {
    (void)fit_pca(sums, &scaler, 0.95, false);
    return size_t{1};
  });
}

nlohmann::json project(const Settings& settings) {
  const Moments sums = fitted_moments();
  const StandardScaler scaler = fit_scaler(sums);
  const Projection projection(&scaler, fit_pca(sums, &scaler, uint64_t{500}, false));
  const std::vector<float> features = random_features(kRows, kDimension);
  std::vector<float> reduced(kRows * projection.k());
  return measure(settings, [&] {
    projection.apply(features, reduced);
    return kRows;
  });
}

nlohmann::json run(const Settings& settings) {
  if (settings.step == "infer") return infer(settings);
  if (settings.step == "prepare") return prepare(settings);
  if (settings.step == "parquet") return parquet(settings);
  if (settings.step == "moments") return moments(settings);
  if (settings.step == "moments-exact") return moments_exact(settings);
  if (settings.step == "pca") return pca(settings);
  if (settings.step == "project") return project(settings);
  if (settings.step == "train") return train_classifier(settings.rows, settings.threads);
  throw std::runtime_error("no such step: " + settings.step);
}

}  // namespace
}  // namespace pomona::bench

int main(int count, char** values) try {
  pomona::bench::Settings settings;
  CLI::App app("One step of the chain, over and over");
  app.add_option("STEP", settings.step,
                 "infer, prepare, parquet, moments, moments-exact, pca, project or train")
      ->required();
  app.add_option("--photos", settings.photos, "folder, for prepare");
  app.add_option("--precision", settings.precision);
  app.add_option("--network", settings.network);
  app.add_option("--size", settings.size);
  app.add_option("--limit", settings.limit);
  app.add_option("--rows", settings.rows, "for train");
  app.add_option("--threads", settings.threads);
  app.add_option("--seconds", settings.seconds);
  app.add_option("--scaled", settings.scaled);
  CLI11_PARSE(app, count, values);
  std::cout << pomona::bench::run(settings).dump() << std::endl;
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
