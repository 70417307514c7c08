// What this machine, these credentials and these places can do: looked at before a job, not in its middle.
#pragma once

#include <string>
#include <vector>

#include "job/settings.h"

namespace pomona {

struct Check {
  enum class State { good, warning, failed };
  State state = State::good;
  std::string name;    // "source", "list"
  std::string text;    // what was found
  std::string remedy;  // empty where all is well
};
const char* name(Check::State state);

// Versions, CPU, precision, threads, room for temporary files; then, unless they are empty, `source`: can it
// be listed, can a photo of it be read; and `out`: can an object be written and removed, is there room. On
// S3 also who asks, the bucket's region and the clocks. Never throws for what it finds; writes one object of
// a few bytes below `out`, and removes it.
std::vector<Check> examine(const std::string& source, const std::string& out, const JobSettings& settings);

}  // namespace pomona
