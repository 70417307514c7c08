#include "cli/program.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/config.h"
#include "cli/signals.h"
#include "pomona/version.h"

namespace pomona::cli {
namespace {

std::vector<std::string> long_flags(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

CLI::App* find_command(CLI::App& program, const std::string& name) {
  for (CLI::App* command : program.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

// The arguments with those of --config, for the command that is named first.
std::vector<std::string> complete(CLI::App& program, std::vector<std::string> arguments) {
  if (arguments.empty() || arguments[0].starts_with('-')) return arguments;
  const CLI::App* command = find_command(program, arguments[0]);
  if (command == nullptr) {
    const auto meant = nearest(arguments[0], command_names(program));
    throw Error(ErrorCode::usage, "pomona", arguments[0], "there is no such command",
                meant ? "did you mean `pomona " + *meant + "`?" : "`pomona --help` lists them");
  }
  std::vector<std::string> others;
  for (const CLI::App* other : program.get_subcommands({})) {
    const auto flags = long_flags(*other);
    others.insert(others.end(), flags.begin(), flags.end());
  }
  const std::vector<std::string> flags = long_flags(*command);
  arguments = with_config(std::move(arguments), flags, others);
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    const std::string flag = argument.substr(0, argument.find('='));
    if (!flag.starts_with("--") || std::ranges::find(flags, flag) != flags.end()) continue;
    const auto meant = nearest(flag, flags);
    throw Error(
        ErrorCode::usage, "pomona " + command->get_name(), flag, "there is no such flag",
        meant ? "did you mean " + *meant + "?" : "`pomona " + command->get_name() + " --help` lists them");
  }
  return arguments;
}

bool asks_for_json(const std::vector<std::string>& arguments) {
  const auto end = std::ranges::find(arguments, "--");
  return std::find(arguments.begin(), end, "--json") != end;
}

int fail(const Context& context, ErrorCode code, const std::string& message) {
  if (context.json) {
    std::cout << nlohmann::json{{"error", {{"code", name(code)}, {"message", to_utf8(message)}}}}.dump()
              << std::endl;
  }
  std::cerr << message << std::endl;
  if (code == ErrorCode::usage) return kStatusUsage;
  return code == ErrorCode::interrupted ? Signals::exit_status() : kStatusFailed;
}

// Help that fits a screen: no two empty lines in a row, and none at the end.
std::string compact(const std::string& help) {
  std::string text;
  std::istringstream lines(help);
  bool empty_before = true;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() && empty_before) continue;
    empty_before = line.empty();
    text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

int run_program(std::vector<std::string> arguments, const std::stop_token& stop, EngineFactory engines) {
  Context context{.stop = stop, .arguments = arguments, .engines = std::move(engines)};
  context.json = asks_for_json(arguments);  // also where the rest of them cannot be understood
  CLI::App program("Pomona: photographs in; CNN features, scaling, PCA and a frozen model out.", "pomona");
  program.set_version_flag("--version", std::string("pomona ") + kVersion);
  program.require_subcommand(1);
  program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  add_run(program, context);
  add_retry(program, context);
  add_extract(program, context);
  add_fit(program, context);
  add_reduce(program, context);
  add_train(program, context);
  add_classify(program, context);
  add_evaluate(program, context);
  add_similar(program, context);
  add_compare(program, context);
  add_info(program, context);
  add_report(program, context);
  add_pack(program, context);
  add_calibrate(program, context);
  add_doctor(program, context);
  add_samples(program, context);
  try {
    arguments = complete(program, std::move(arguments));
    std::ranges::reverse(arguments);  // as CLI11 wants them
    program.parse(arguments);
    if (context.action) context.action();
    if (!std::cout.flush())
      return fail(context, ErrorCode::storage, "[pomona] stdout: the results cannot be written");
    return context.status;
  } catch (const CLI::CallForHelp&) {
    std::cout << compact(program.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);
    return fail(context, ErrorCode::usage,
                std::string("[pomona] ") + error.what() + "\n  see `pomona --help`");
  } catch (const Error& error) {
    return fail(context, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(context, ErrorCode::storage,
                "[pomona] there is not enough memory\n  use fewer --threads or a smaller --shard-size");
  } catch (const std::exception& error) {
    return fail(context, ErrorCode::internal,
                std::string("[pomona] ") + error.what() +
                    "\n  this is a bug: please report it with the command that you gave");
  }
}

}  // namespace pomona::cli
