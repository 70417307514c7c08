// The flags that commands share, as text, and their way into JobSettings.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/s3_flags.h"
#include "job/settings.h"
#include "report/report.h"

namespace pomona::cli {

// What the user wrote. Parsed by settings(), so that a wrong value is answered in Pomona's own words.
struct Options {
  std::string network = kDefaultNetwork;
  std::string output_layer;
  std::string mean;
  std::string scale;
  std::string size;
  std::string precision = "int8";
  std::string ranges;
  std::string scaled_decode = "on";
  std::string max_bytes = "50MB";
  std::string max_pixels = "100M";
  std::string labels = "folder";
  std::string limit;
  std::string components = "0.95";
  bool whiten = false;
  std::string unknown = "not-fruit";
  bool train = true;
  std::string false_rejection = "5%";
  std::string class_weights = "balanced";
  std::string classifier = "softmax";
  std::string augment = "0";
  bool augment_background = false;
  std::string threads;
  std::string shard_size = std::to_string(kDefaultShardSize);
  std::string max_rejects;
  std::string thumbnails = std::to_string(ReportSettings{}.thumbnails);
  bool overwrite = false;
  S3Flags s3;
  bool dry_run = false;
  bool no_report = false;
  bool quiet = false;
  bool json = false;
  std::string config;  // read before the command line is parsed: config.h

  JobSettings settings() const;
  ReportSettings report_settings() const;
};

void add_network_flags(CLI::App& command, Options& options);
void add_precision_flags(CLI::App& command, Options& options);
void add_photo_flags(CLI::App& command, Options& options);
void add_choice_flags(CLI::App& command, Options& options);  // which photos, and their labels
void add_model_flags(CLI::App& command, Options& options);
// --thumbnails, of whatever writes a report.
void add_thumbnails_flag(CLI::App& command, Options& options);
// --no-report and --thumbnails, of `run` and `train`.
void add_report_flags(CLI::App& command, Options& options);
void add_training_flags(CLI::App& command, Options& options);
void add_work_flags(CLI::App& command, Options& options);
void add_dataset_flags(CLI::App& command, Options& options);
// --dry-run, of the commands that read a source.
void add_dry_run_flag(CLI::App& command, Options& options);
// --max-rejects alone.
void add_max_rejects_flag(CLI::App& command, Options& options);
void add_output_flags(CLI::App& command, Options& options);

// A share: "5%" or "0.05"; throws Error(usage) naming the flag.
double parse_share(const std::string& flag, const std::string& text);
// "50MB" in bytes, not 0; "on" or "off". Throw Error(usage) naming the flag.
uint64_t parse_size(const std::string& flag, const std::string& text, const std::string& expected);
bool parse_switch(const std::string& flag, const std::string& text);
// A whole number in [low, high]; throws Error(usage) naming the flag.
uint64_t parse_count(const std::string& flag, const std::string& text, uint64_t low, uint64_t high);

}  // namespace pomona::cli
