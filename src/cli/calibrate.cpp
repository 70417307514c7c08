// pomona calibrate: INT8 ranges for a network of the user's own, and what INT8 costs it.
#include "job/calibrate.h"

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "network/ranges.h"
#include "storage/storage.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::json;

struct CalibrateArguments {
  std::string source;
  std::string file = "ranges.json";
  std::string photos = "200";
  Options options;
};

Json to_json(const Calibration& calibration, const std::string& file) {
  Json layers = Json::array();
  for (const LayerReport& layer : calibration.layers) {
    layers.push_back({{"name", layer.name},
                      {"range", {layer.range.first, layer.range.second}},
                      {"own_db", layer.own_db},
                      {"total_db", layer.total_db}});
  }
  return {{"ranges", to_utf8(file)},
          {"measured", calibration.measured},
          {"held_back", calibration.held_back},
          {"cosine_mean", calibration.cosine_mean},
          {"cosine_min", calibration.cosine_min},
          {"layers", layers}};
}

void print_lines(const Calibration& calibration, const std::string& file) {
  std::printf("%-40s %10s %10s %8s %8s\n", "tensor", "low", "high", "own dB", "total dB");
  for (const LayerReport& layer : calibration.layers) {
    std::printf("%-40s %10.3f %10.3f %8.1f %8.1f\n", layer.name.c_str(),
                static_cast<double>(layer.range.first), static_cast<double>(layer.range.second), layer.own_db,
                layer.total_db);
  }
  std::printf(
      "own: rounding this tensor alone; total: all of INT8 up to here (20 dB is an error of 10 %%, 40 dB of "
      "1 %%)\n");
  std::printf("features, INT8 against f32, on %zu photos held back: cosine %.4f mean, %.4f least\n",
              calibration.held_back, calibration.cosine_mean, calibration.cosine_min);
  std::printf("%zu ranges from %zu photos: %s\n  use them with --ranges %s\n", calibration.ranges.size(),
              calibration.measured, file.c_str(), file.c_str());
  std::fflush(stdout);
}

// A file, or an object: s3://bucket/ranges.json.
void write_file(const std::string& file, const std::string& text, const S3Options& s3) {
  const std::string whole =
      file.find("://") != std::string::npos ? file : std::filesystem::absolute(file).string();
  const size_t slash = whole.rfind('/');
  open_storage(whole.substr(0, slash), s3)->write(whole.substr(slash + 1), std::string_view(text));
}

}  // namespace

void add_calibrate(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<CalibrateArguments>();
  CLI::App* command = program.add_subcommand("calibrate", "INT8 ranges for a network of your own");
  command->add_option("SOURCE", arguments->source, "folder of photos like those that it will see")
      ->required();
  command->add_option("-o,--output", arguments->file, "file for the ranges")->capture_default_str();
  command->add_option("--photos", arguments->photos, "photos to look at; every fifth judges the result")
      ->capture_default_str();
  add_network_flags(*command, arguments->options);
  add_photo_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  command->callback([arguments, &context] {
    context.json = arguments->options.json;
    context.action = [arguments, &context] {
      Console console(arguments->options.quiet);
      const uint64_t photos = parse_count("--photos", arguments->photos, 2, 100'000);
      const JobSettings settings = arguments->options.settings();
      const Calibration calibration =
          calibrate_source(arguments->source, settings, photos, console, context.stop);
      write_file(arguments->file, ranges_to_json(calibration.ranges), settings.s3);
      if (arguments->options.json) {
        std::cout << to_json(calibration, arguments->file).dump() << std::endl;
      } else {
        print_lines(calibration, arguments->file);
      }
    };
  });
}

}  // namespace pomona::cli
