#include "cli/engine.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "base/error.h"

namespace pomona::cli {
namespace {

namespace fs = std::filesystem;

// The interpreter that the console script says it runs in, or that of the environment in whose
// lib/pythonX.Y/site-packages/pomona/bin this program lies.
std::string find_python() {
  if (const char* python = std::getenv("POMONA_PYTHON"); python != nullptr && *python != 0) return python;
  std::error_code error;
  fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  while (!error && folder.has_relative_path()) {
    if (fs::exists(folder / "bin" / "python", error)) return (folder / "bin" / "python").string();
    folder = folder.parent_path();
  }
  throw Error(
      ErrorCode::not_found, "engine", "spark", "there is no Python beside this program",
      "install Pomona with `pip install \"pomona[spark]\"`, or set POMONA_PYTHON to the interpreter of "
      "its environment");
}

[[noreturn]] void become_python(const std::vector<std::string>& arguments) {
  const std::string python = find_python();
  std::vector<std::string> words = {python, "-m", "pomona.spark"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execvp(python.c_str(), pointers.data());
  throw system_error("engine", python, errno, "set POMONA_PYTHON to the interpreter that has Pomona");
}

}  // namespace

void add_engine_flags(CLI::App& command, EngineOptions& options) {
  const std::string group = "Work";
  command
      .add_option("--engine", options.engine,
                  "embedded: this process; spark: the tasks of a Spark cluster, the same bytes")
      ->group(group)
      ->capture_default_str();
  command
      .add_option("--master", options.master,
                  "Spark's master: local[4], spark://host:7077, yarn, k8s://... [Spark's settings]")
      ->group(group);
  command.add_option("--conf", options.conf, "a setting of Spark, KEY=VALUE; as often as you like")
      ->group(group)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

std::unique_ptr<Engine> open_engine(const EngineOptions& options, const Context& context) {
  if (options.engine == "embedded") {
    if (options.master.empty() && options.conf.empty()) return nullptr;
    throw Error(ErrorCode::usage, "options", "--master", "only the Spark engine has a master and settings",
                "give --engine spark too");
  }
  if (options.engine != "spark") {
    throw Error(ErrorCode::usage, "options", "--engine " + options.engine, "there is no such engine",
                "give embedded or spark");
  }
  if (!context.engines) become_python(context.arguments);
  return context.engines(options.master, options.conf);
}

}  // namespace pomona::cli
