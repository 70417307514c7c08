// --engine, --master and --conf: where the tasks of a job are done.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "job/engine.h"

namespace pomona::cli {

struct EngineOptions {
  std::string engine = "embedded";
  std::string master;
  std::vector<std::string> conf;  // KEY=VALUE
};

void add_engine_flags(CLI::App& command, EngineOptions& options);

// Nothing for the embedded engine. Spark lives in Python: where this process is not Python's, it becomes
// `python -m pomona.spark` with the same arguments, and this call does not return. Throws Error: usage for an
// engine that does not exist; not_found where there is no Python.
std::unique_ptr<Engine> open_engine(const EngineOptions& options, const Context& context);

}  // namespace pomona::cli
