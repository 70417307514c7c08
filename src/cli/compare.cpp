// pomona compare: which network, which size, which precision.
#include "job/compare.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "cli/s3_flags.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::json;

// About what a large cloud asks for a core of a general machine on demand; docs/guides/comparing.md.
constexpr double kPricePerCoreHour = 0.045;

struct CompareArguments {
  std::string dataset;
  std::string networks = kDefaultNetwork;
  std::string sizes = "own";
  std::string precisions = "f32,int8";
  std::string price;
  std::string threads;
  bool quiet = false;
  bool json = false;
  S3Flags s3;
};

std::vector<std::string> items(const std::string& flag, const std::string& text) {
  std::vector<std::string> list;
  std::stringstream stream(text);
  for (std::string item; std::getline(stream, item, ',');) {
    if (item.empty()) continue;
    if (std::ranges::find(list, item) == list.end()) list.push_back(item);
  }
  if (list.empty()) {
    throw Error(ErrorCode::usage, "options", flag + " " + text, "this value does not fit",
                "give one or more, with commas between them");
  }
  return list;
}

double price_of(const std::string& text, size_t threads) {
  if (text.empty()) return kPricePerCoreHour * static_cast<double>(threads);
  char* end = nullptr;
  const double price = std::strtod(text.c_str(), &end);
  if (*end != '\0' || !std::isfinite(price) || price <= 0) {
    throw Error(ErrorCode::usage, "options", "--price-per-hour " + text, "this value does not fit",
                "give what this machine costs an hour: 0.09");
  }
  return price;
}

CompareSettings settings_of(const CompareArguments& arguments) {
  CompareSettings settings;
  settings.threads =
      arguments.threads.empty() ? available_threads() : parse_count("--threads", arguments.threads, 1, 1024);
  settings.networks = items("--networks", arguments.networks);
  for (const std::string& size : items("--sizes", arguments.sizes)) {
    settings.sizes.push_back(size == "own" ? 0 : static_cast<int>(parse_count("--sizes", size, 32, 1024)));
  }
  for (const std::string& precision : items("--precisions", arguments.precisions)) {
    settings.precisions.push_back(parse_precision(precision));
  }
  settings.price_per_hour = price_of(arguments.price, settings.threads);
  settings.s3 = arguments.s3.options();
  return settings;
}

Json to_json(const Comparison& comparison, const CompareSettings& settings) {
  Json list = Json::array();
  for (size_t i = 0; i < comparison.candidates.size(); ++i) {
    const Compared& one = comparison.candidates[i];
    list.push_back({{"network", to_utf8(one.network)},
                    {"size", one.size},
                    {"precision", name(one.precision)},
                    {"accuracy", one.accuracy},
                    {"accuracy_interval", {one.interval.low, one.interval.high}},
                    {"log_loss", one.log_loss},
                    {"photos_per_second", one.speed.photos_per_second},
                    {"photos_per_euro", one.photos_per_unit},
                    {"loss", one.loss.share},
                    {"loss_error", one.loss.error},
                    {"dominated", one.dominated},
                    {"recommended", i == comparison.recommended},
                    {"dataset", to_utf8(one.dataset)}});
  }
  return {{"photos", comparison.photos},
          {"groups", comparison.groups},
          {"threads", settings.threads},
          {"price_per_hour", settings.price_per_hour},
          {"candidates", list},
          {"best", comparison.best},
          {"recommended", comparison.recommended}};
}

std::string described(const Compared& one) {
  return to_utf8(one.network) + ", " + std::to_string(one.size) + " px, " + name(one.precision);
}

void print_table(const Comparison& comparison) {
  size_t width = std::string("network").size();
  for (const Compared& one : comparison.candidates) width = std::max(width, one.network.size());
  const auto column = static_cast<int>(width);
  std::cout << std::left << std::setw(column) << "network" << "  size  precision  accuracy  95 % interval   "
            << " behind the best  photos/s    photos/euro\n";
  for (size_t i = 0; i < comparison.candidates.size(); ++i) {
    const Compared& one = comparison.candidates[i];
    const std::string interval = percent(one.interval.low) + " to " + percent(one.interval.high);
    const std::string behind =
        i == comparison.best ? "-" : percent(one.loss.share) + " +- " + percent(one.loss.error);
    std::cout << std::left << std::setw(column) << one.network << std::right << std::setw(6) << one.size
              << std::setw(11) << name(one.precision) << std::setw(10) << percent(one.accuracy) << "  "
              << interval << std::setw(17) << behind << std::setw(10)
              << with_commas(static_cast<uint64_t>(one.speed.photos_per_second)) << std::setw(15)
              << with_commas(static_cast<uint64_t>(one.photos_per_unit))
              << (i == comparison.recommended ? "  recommended"
                  : one.dominated             ? "  dominated"
                                              : "")
              << "\n";
  }
}

void print(const Comparison& comparison, const CompareSettings& settings) {
  print_table(comparison);
  const Compared& one = comparison.candidates[comparison.recommended];
  std::cout << "accuracy on " << counted(comparison.photos, "photo") << " held back in "
            << counted(comparison.groups, "group") << "; speed on " << counted(settings.threads, "thread")
            << " at " << settings.price_per_hour << " an hour\nrecommended: " << described(one);
  if (comparison.recommended == comparison.best) {
    std::cout << ": the most accurate, and none that is faster comes within a standard error of it\n";
  } else {
    std::cout << ": the fastest of those within a standard error of the most accurate ("
              << described(comparison.candidates[comparison.best]) << ")\n";
  }
}

void compare(const CompareArguments& arguments, const Context& context) {
  const CompareSettings settings = settings_of(arguments);
  Console console(arguments.quiet);
  const Comparison comparison = pomona::compare(arguments.dataset, settings, console, context.stop);
  if (arguments.json) {
    std::cout << to_json(comparison, settings).dump() << std::endl;
  } else {
    print(comparison, settings);
  }
}

}  // namespace

void add_compare(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<CompareArguments>();
  CLI::App* command = program.add_subcommand(
      "compare", "Which network, size and precision: accuracy against speed and price");
  command->add_option("OUT", arguments->dataset, "folder of a finished run, whose labelled photos are used")
      ->required();
  command->add_option("--networks", arguments->networks, "names or files, with commas between them")
      ->capture_default_str();
  command->add_option("--sizes", arguments->sizes, "pixels on a side, with commas; own: the network's")
      ->capture_default_str();
  command->add_option("--precisions", arguments->precisions, "of f32, bf16 and int8, with commas")
      ->capture_default_str();
  command->add_option("--price-per-hour", arguments->price, "of this machine, in euros [0.045 a thread]");
  command->add_option("--threads", arguments->threads, "threads [the cores that this process may use]");
  add_s3_flags(*command, arguments->s3);
  command->add_flag("--quiet", arguments->quiet, "no progress on stderr");
  command->add_flag("--json", arguments->json, "results as one JSON object");
  command->callback([arguments, &context] {
    context.json = arguments->json;
    context.action = [arguments, &context] { compare(*arguments, context); };
  });
}

}  // namespace pomona::cli
