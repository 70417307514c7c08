// pomona samples: a small collection of rendered fruit, to try things on.
#include "samples/samples.h"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace pomona::cli {
namespace {

struct SampleArguments {
  std::string folder;
  std::string classes = std::to_string(SampleSettings{}.classes);
  std::string views = std::to_string(SampleSettings{}.views);
  std::string size = std::to_string(SampleSettings{}.size);
  std::string seed = "0";
  std::string threads;
  bool json = false;

  SampleSettings settings() const {
    return {.classes = parse_count("--classes", classes, 1, 1000),
            .views = parse_count("--views", views, 1, 10'800),
            .size = static_cast<int>(parse_count("--size", size, 16, 4096)),
            .seed = parse_count("--seed", seed, 0, UINT64_MAX),
            .threads = threads.empty() ? available_threads() : parse_count("--threads", threads, 1, 1024)};
  }
};

void print(const SampleArguments& arguments, const SampleSummary& summary) {
  if (arguments.json) {
    std::cout << nlohmann::json{{"classes", summary.classes},
                                {"photos", summary.photos},
                                {"bytes", summary.bytes},
                                {"folder", to_utf8(arguments.folder)}}
                     .dump()
              << std::endl;
  } else {
    std::cout << with_commas(summary.photos) << " photos of " << with_commas(summary.classes) << " classes, "
              << human_bytes(summary.bytes) << ": " << arguments.folder << "\n";
  }
}

}  // namespace

void add_samples(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<SampleArguments>();
  CLI::App* command =
      program.add_subcommand("samples", "A small collection in the manner of Fruits-360, rendered");
  command->add_option("DIR", arguments->folder, "folder for the photos; one folder a class is made in it")
      ->required();
  command->add_option("--classes", arguments->classes, "kinds of fruit")->capture_default_str();
  command->add_option("--views", arguments->views, "photos of each")->capture_default_str();
  command->add_option("--size", arguments->size, "pixels on a side")->capture_default_str();
  command->add_option("--seed", arguments->seed, "another seed, another harvest")->capture_default_str();
  command->add_option("--threads", arguments->threads, "threads [the cores that this process may use]");
  command->add_flag("--json", arguments->json, "results as one JSON object");
  command->callback([arguments, &context] {
    context.json = arguments->json;
    context.action = [arguments, &context] {
      const auto storage = open_storage(arguments->folder);
      const SampleSummary summary = write_samples(*storage, arguments->settings(), context.stop);
      if (context.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "samples", arguments->folder,
                    "stopped after " + with_commas(summary.photos) + " photos",
                    "give the same command again");
      }
      print(*arguments, summary);
    };
  });
}

}  // namespace pomona::cli
