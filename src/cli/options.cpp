#include "cli/options.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "base/text.h"
#include "network/ranges.h"

namespace pomona::cli {
namespace {

constexpr uint64_t kMostThumbnails = 20'000;

[[noreturn]] void refuse(const std::string& flag, const std::string& text, const std::string& expected) {
  throw Error(ErrorCode::usage, "options", flag + " " + text, "this value does not fit", "give " + expected);
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// A number without a fraction that a uint64_t holds, exactly.
bool is_count(double value) { return value >= 0 && value <= 9e15 && value == std::floor(value); }

std::vector<float> parse_channels(const std::string& flag, const std::string& text) {
  std::vector<float> values;
  std::stringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) {
    const auto value = number(item);
    if (!value) refuse(flag, text, "one number, or three with commas between them");
    values.push_back(static_cast<float>(*value));
  }
  if (!values.empty() && values.size() != 1 && values.size() != 3) {
    refuse(flag, text, "one number, or three with commas between them");
  }
  return values;
}

Components parse_components(const std::string& text) {
  const std::string expected = "a number of components (100), or the fraction of the variance to keep (0.95)";
  const auto value = number(text);
  if (!value || *value <= 0) refuse("--components", text, expected);
  if (*value < 1) return *value;
  if (!is_count(*value) || text.find('.') != std::string::npos) refuse("--components", text, expected);
  return static_cast<uint64_t>(*value);
}

RejectLimit parse_reject_limit(const std::string& text) {
  const std::string expected = "a number of photos (10), or a share of them (5%)";
  const bool percent = text.ends_with('%');
  const auto value = number(std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
  if (!value || *value < 0 || (percent && *value > 100)) refuse("--max-rejects", text, expected);
  if (percent) return *value / 100;
  if (!is_count(*value)) refuse("--max-rejects", text, expected);
  return static_cast<uint64_t>(*value);
}

ClassWeights parse_class_weights(const std::string& text) {
  if (text != "balanced" && text != "none") refuse("--class-weights", text, "balanced or none");
  return text == "balanced" ? ClassWeights::balanced : ClassWeights::none;
}

ClassifierKind parse_classifier(const std::string& text) {
  if (text != "softmax" && text != "knn") refuse("--classifier", text, "softmax or knn");
  return text == "softmax" ? ClassifierKind::softmax : ClassifierKind::knn;
}

Ranges read_ranges(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw Error(ErrorCode::not_found, "ranges", file, "the file cannot be opened", "check the path");
  std::stringstream text;
  text << stream.rdbuf();
  return ranges_from_json(text.str(), file);
}

}  // namespace

uint64_t parse_size(const std::string& flag, const std::string& text, const std::string& expected) {
  const auto value = parse_bytes(text);
  if (!value || *value == 0) refuse(flag, text, expected);
  return *value;
}

uint64_t parse_count(const std::string& flag, const std::string& text, uint64_t low, uint64_t high) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
    refuse(flag, text, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return value;
}

bool parse_switch(const std::string& flag, const std::string& text) {
  const bool on = text == "on" || text == "true";  // true and false are what TOML says
  if (!on && text != "off" && text != "false") refuse(flag, text, "on or off");
  return on;
}

double parse_share(const std::string& flag, const std::string& text) {
  const bool percent = text.ends_with('%');
  const auto value = number(std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
  const double share = value.value_or(-1) / (percent ? 100 : 1);
  const bool fits = share >= 0 && share <= 1;  // NaN does not
  if (!fits) refuse(flag, text, "a share: 5% or 0.05");
  return share;
}

// A file by its whole path: so that it is the same one from any folder.
std::string labels_from(const std::string& labels) {
  if (labels == "folder" || labels == "none" || labels.empty()) return labels;
  return std::filesystem::absolute(labels).lexically_normal().string();
}

JobSettings Options::settings() const {
  JobSettings settings;
  settings.network.network = network;
  settings.network.output_layer = output_layer;
  settings.network.mean = parse_channels("--mean", mean);
  settings.network.scale = parse_channels("--scale", scale);
  if (!size.empty()) settings.network.size = static_cast<int>(parse_count("--size", size, 16, 2048));
  settings.network.precision = parse_precision(precision);
  if (!ranges.empty()) settings.network.ranges = read_ranges(ranges);
  settings.scaled_decode = parse_switch("--scaled-decode", scaled_decode);
  settings.decode.max_bytes = parse_size("--max-bytes", max_bytes, "a size: 50MB, 2GB");
  settings.decode.max_pixels = parse_size("--max-pixels", max_pixels, "a number of pixels: 100M");
  settings.labels = labels_from(labels);
  if (!limit.empty()) settings.limit = parse_count("--limit", limit, 1, UINT64_MAX);
  settings.components = parse_components(components);
  settings.whiten = whiten;
  if (!is_utf8(unknown)) refuse("--unknown", to_utf8(unknown), "a label, in UTF-8");
  settings.unknown = unknown;
  settings.augment = parse_count("--augment", augment, 0, 1000);
  settings.train = train;
  if (!train && settings.augment > 0) {
    refuse("--augment", augment, "it without --no-train: views are what a classifier learns from");
  }
  settings.augment_background = augment_background;
  settings.class_weights = parse_class_weights(class_weights);
  settings.classifier = parse_classifier(classifier);
  settings.false_rejection = parse_share("--false-rejection", false_rejection);
  if (!threads.empty()) settings.threads = parse_count("--threads", threads, 1, 1024);
  settings.shard_size = parse_count("--shard-size", shard_size, 1, 1'000'000);
  if (!max_rejects.empty()) settings.max_rejects = parse_reject_limit(max_rejects);
  settings.overwrite = overwrite;
  settings.s3 = s3.options();
  parse_count("--thumbnails", thumbnails, 0, kMostThumbnails);  // now, not when the photos are done
  return settings;
}

ReportSettings Options::report_settings() const {
  ReportSettings report;
  report.thumbnails = parse_count("--thumbnails", thumbnails, 0, kMostThumbnails);
  report.threads = threads_of(settings());
  report.s3 = s3.options();
  return report;
}

void add_network_flags(CLI::App& command, Options& options) {
  const std::string group = "Network";
  command
      .add_option("--network", options.network,
                  "efficientnet-lite0, -lite1, -lite2, or a .onnx, .xml, .tflite file")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--output-layer", options.output_layer,
                  "layer that gives the features [before the classifier]")
      ->group(group);
  command
      .add_option("--mean", options.mean, "subtracted from the pixels: one number or R,G,B [the network's]")
      ->group(group);
  command.add_option("--scale", options.scale, "then divided by: one number or R,G,B [the network's]")
      ->group(group);
  command.add_option("--size", options.size, "pixels on a side of its input [the network's]")->group(group);
}

void add_precision_flags(CLI::App& command, Options& options) {
  const std::string group = "Network";
  command.add_option("--precision", options.precision, "int8, bf16, or f32 (the exact reference)")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--ranges", options.ranges,
                  "INT8 ranges for a network of your own, from `pomona calibrate`")
      ->group(group);
}

void add_photo_flags(CLI::App& command, Options& options) {
  const std::string group = "Photos";
  command.add_option("--max-bytes", options.max_bytes, "larger files are rejects")
      ->group(group)
      ->capture_default_str();
  command.add_option("--max-pixels", options.max_pixels, "larger pictures are rejects")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--scaled-decode", options.scaled_decode, "on or off: decode huge JPEGs at 1/2, 1/4 or 1/8")
      ->group(group)
      ->capture_default_str();
}

void add_choice_flags(CLI::App& command, Options& options) {
  const std::string group = "Photos";
  command
      .add_option("--labels", options.labels, "folder (the parent's name), none, or a CSV file of path,label")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--limit", options.limit, "take only so many photos, a fixed sample of all folders [all]")
      ->group(group);
}

void add_model_flags(CLI::App& command, Options& options) {
  const std::string group = "Model";
  command
      .add_option("--components", options.components,
                  "number of components, or fraction of the variance to keep")
      ->group(group)
      ->capture_default_str();
  command.add_flag("--whiten", options.whiten, "scale the components to unit variance")->group(group);
  command
      .add_option("--unknown", options.unknown,
                  "label of photos that show none of the classes: not learnt from, used to judge")
      ->group(group)
      ->capture_default_str();
}

void add_training_flags(CLI::App& command, Options& options) {
  command
      .add_option("--classifier", options.classifier,
                  "softmax (multinomial regression), or knn (nearest neighbours by cosine)")
      ->group("Classifier")
      ->capture_default_str();
  command
      .add_option("--false-rejection", options.false_rejection,
                  "share of known photos that may be called `not-a-fruit`, or else `uncertain`")
      ->group("Classifier")
      ->capture_default_str();
  command
      .add_option("--class-weights", options.class_weights,
                  "balanced: every class counts the same, however few its photos; or none")
      ->group("Classifier")
      ->capture_default_str();
}

void add_report_flags(CLI::App& command, Options& options) {
  command.add_flag("--no-report", options.no_report, "leave report.html out")->group("Output");
  add_thumbnails_flag(command, options);
}

void add_thumbnails_flag(CLI::App& command, Options& options) {
  command.add_option("--thumbnails", options.thumbnails, "pictures in the report, at most 20000; 0 for none")
      ->group("Output")
      ->capture_default_str();
}

void add_work_flags(CLI::App& command, Options& options) {
  command.add_option("--threads", options.threads, "threads [the cores that this process may use]")
      ->group("Work");
}

void add_dataset_flags(CLI::App& command, Options& options) {
  const std::string group = "Work";
  command
      .add_option("--shard-size", options.shard_size, "photos in a shard: the unit of commit and of memory")
      ->group(group)
      ->capture_default_str();
  add_max_rejects_flag(command, options);
  command.add_flag("--overwrite", options.overwrite, "remove the run in OUT and start anew")->group(group);
}

void add_max_rejects_flag(CLI::App& command, Options& options) {
  command.add_option("--max-rejects", options.max_rejects, "exit with 3 above N rejects or P% [any number]")
      ->group("Work");
}

void add_dry_run_flag(CLI::App& command, Options& options) {
  command
      .add_flag("--dry-run", options.dry_run,
                "list and say what is new, changed, removed and kept; do nothing")
      ->group("Work");
}

void add_output_flags(CLI::App& command, Options& options) {
  const std::string group = "Output";
  command.add_option("--config", options.config, "TOML file that gives these flags by the same names")
      ->group(group);
  command.add_flag("--quiet", options.quiet, "no progress on stderr")->group(group);
  command.add_flag("--json", options.json, "results as one JSON object on the last line of stdout")
      ->group(group);
}

}  // namespace pomona::cli
