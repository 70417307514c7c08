// pomona doctor: what this machine, these credentials and these places can do.
#include "job/doctor.h"

#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"

namespace pomona::cli {
namespace {

struct DoctorArguments {
  std::string source;
  std::string out;
  Options options;
};

void print(const Check& check, bool colours) {
  const bool good = check.state == Check::State::good;
  const char* colour = good ? "\033[32m" : check.state == Check::State::warning ? "\033[33m" : "\033[31m";
  const std::string mark = good ? "ok     " : check.state == Check::State::warning ? "warning" : "FAILED ";
  std::cout << (colours ? colour : "") << mark << (colours ? "\033[0m" : "") << "  " << check.name
            << std::string(15 - std::min<size_t>(14, check.name.size()), ' ') << check.text << "\n";
  if (!check.remedy.empty()) std::cout << "           " << check.remedy << "\n";
}

nlohmann::json to_json(const std::vector<Check>& checks, bool good) {
  nlohmann::json list = nlohmann::json::array();
  for (const Check& check : checks) {
    list.push_back({{"state", name(check.state)},
                    {"name", check.name},
                    {"text", to_utf8(check.text)},
                    {"remedy", to_utf8(check.remedy)}});
  }
  return {{"good", good}, {"checks", list}};
}

void doctor(const DoctorArguments& arguments, Context& context) {
  const std::vector<Check> checks = examine(arguments.source, arguments.out, arguments.options.settings());
  const bool good =
      std::ranges::none_of(checks, [](const Check& c) { return c.state == Check::State::failed; });
  if (arguments.options.json) {
    std::cout << to_json(checks, good).dump() << std::endl;
  } else {
    for (const Check& check : checks) print(check, ::isatty(STDOUT_FILENO) == 1);
  }
  if (!good) context.status = kStatusFailed;
}

}  // namespace

void add_doctor(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<DoctorArguments>();
  CLI::App* command =
      program.add_subcommand("doctor", "What this machine, these credentials and these places can do");
  command->add_option("SOURCE", arguments->source, "where the photos are: listed, and one of them read");
  command->add_option("OUT", arguments->out, "where results will go: one small file is written and removed");
  Options& options = arguments->options;
  command->add_option("--precision", options.precision, "int8, bf16 or f32")->capture_default_str();
  add_work_flags(*command, options);
  add_s3_flags(*command, options.s3);
  add_output_flags(*command, options);
  command->callback([arguments, &context] {
    context.json = arguments->options.json;
    context.action = [arguments, &context] { doctor(*arguments, context); };
  });
}

}  // namespace pomona::cli
