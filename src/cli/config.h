// --config FILE.toml: the same flags by the same names, put before those of the command line, which win.
#pragma once

#include <string>
#include <vector>

namespace pomona::cli {

// `arguments` without the program's name, with the flags of the file that --config names inserted after the
// command's name. `flags` are the long names that the command knows, `others` those that only other commands
// know: these are skipped, so that one file serves a project. Throws Error(usage) for an unknown name, with
// the nearest right one.
std::vector<std::string> with_config(std::vector<std::string> arguments,
                                     const std::vector<std::string>& flags,
                                     const std::vector<std::string>& others);

}  // namespace pomona::cli
