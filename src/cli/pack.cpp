// pomona pack.
#include "job/pack.h"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace pomona::cli {
namespace {

struct PackArguments {
  std::string source;
  std::string dest;
  std::string shard_bytes = "128MB";
  Options options;

  PackSettings settings() const {
    const JobSettings job = options.settings();
    return {.shard_bytes = parse_size("--shard-bytes", shard_bytes, "a size: 128MB, 1GB"),
            .max_bytes = job.decode.max_bytes,
            .threads = threads_of(job),
            .s3 = job.s3};
  }
};

void print_json(const PackSummary& summary, const std::string& dest) {
  const nlohmann::json json = {
      {"photos", summary.photos},   {"packed", summary.packed},   {"rejects", summary.rejects},
      {"reasons", summary.reasons}, {"written", summary.written}, {"tars", summary.tars},
      {"bytes", summary.bytes},     {"seconds", summary.seconds}, {"packed_dataset", to_utf8(dest)}};
  std::cout << json.dump() << std::endl;
}

void print_lines(const PackSummary& summary, const std::string& dest) {
  std::cout << counted(summary.photos, "photo") << " = " << with_commas(summary.packed) << " packed + "
            << counted(summary.rejects, "reject") << "\n";
  for (const auto& [reason, count] : summary.reasons) {
    std::cout << "  " << reason << "  " << with_commas(count) << "\n";
  }
  if (summary.rejects > 0) std::cout << "  each with its path: " << dest << "/index/*.parquet\n";
  std::cout << "  tars        " << with_commas(summary.tars) << ", " << human_bytes(summary.bytes) << "\n"
            << "  time        " << human_seconds(summary.seconds)
            << (summary.written == 0 ? "; every photo was already there" : "") << "\n"
            << "  source      " << dest << ", for `pomona run` and every other command\n";
}

}  // namespace

void add_pack(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<PackArguments>();
  CLI::App* command = program.add_subcommand(
      "pack", "Many small photos into few tars that every command reads as it reads the folder");
  command->add_option("SOURCE", arguments->source, "folder of photos, read recursively")->required();
  command->add_option("DEST", arguments->dest, "folder for the tars and their index")->required();
  command->add_option("--shard-bytes", arguments->shard_bytes, "size of a tar, at most")
      ->group("Photos")
      ->capture_default_str();
  command->add_option("--max-bytes", arguments->options.max_bytes, "larger files are rejects")
      ->group("Photos")
      ->capture_default_str();
  add_work_flags(*command, arguments->options);
  add_s3_flags(*command, arguments->options.s3);
  add_output_flags(*command, arguments->options);
  command->callback([arguments, &context] {
    context.json = arguments->options.json;
    context.action = [arguments, &context] {
      Console console(arguments->options.quiet);
      const PackSummary summary =
          pack(arguments->source, arguments->dest, arguments->settings(), console, context.stop);
      if (arguments->options.json) {
        print_json(summary, arguments->dest);
      } else {
        print_lines(summary, arguments->dest);
      }
    };
  });
}

}  // namespace pomona::cli
