// One file a command; each adds itself to the program.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "job/engine.h"

namespace pomona::cli {

// Opens the Spark engine: its master (empty: as Spark is set up) and settings, KEY=VALUE.
using EngineFactory =
    std::function<std::unique_ptr<Engine>(const std::string& master, const std::vector<std::string>& conf)>;

// What a command gets from the program, and what it leaves: its exit status.
struct Context {
  std::stop_token stop = {};
  int status = 0;
  bool json = false;                        // the command was asked for JSON: errors are given as JSON too
  std::function<void()> action = {};        // set by the command that was named
  std::vector<std::string> arguments = {};  // as they were given
  EngineFactory engines = {};               // of the process that holds this program, if it has one: engine.h
};

inline constexpr int kStatusFailed = 1;
inline constexpr int kStatusUsage = 2;
inline constexpr int kStatusTooManyRejects = 3;

void add_run(CLI::App& program, Context& context);
void add_extract(CLI::App& program, Context& context);
void add_fit(CLI::App& program, Context& context);
void add_reduce(CLI::App& program, Context& context);
void add_train(CLI::App& program, Context& context);
void add_classify(CLI::App& program, Context& context);
void add_evaluate(CLI::App& program, Context& context);
void add_similar(CLI::App& program, Context& context);
void add_compare(CLI::App& program, Context& context);
void add_info(CLI::App& program, Context& context);
void add_calibrate(CLI::App& program, Context& context);
void add_retry(CLI::App& program, Context& context);
void add_pack(CLI::App& program, Context& context);
void add_report(CLI::App& program, Context& context);
void add_doctor(CLI::App& program, Context& context);
void add_samples(CLI::App& program, Context& context);

}  // namespace pomona::cli
