// The program `pomona`, but for its signals.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "cli/commands.h"

namespace pomona::cli {

// Does what the arguments (without the program's name) ask for. Results go to stdout, all else to stderr. The
// result is the exit status: 0 done, 1 failed, 2 usage, 3 more rejects than --max-rejects, 130 or 143
// stopped.
// `engines` opens the Spark engine, in a process that can.
int run_program(std::vector<std::string> arguments, const std::stop_token& stop, EngineFactory engines = {});

}  // namespace pomona::cli
