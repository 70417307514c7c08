// What a job says at its end.
#pragma once

#include "cli/commands.h"
#include "job/run.h"

namespace pomona::cli {

// On stdout: lines for a person, or one JSON object; `report` is the page's path where there is one. Sets the
// exit status.
void print_summary(const RunSummary& summary, bool json, Context& context, const std::string& report = {});

}  // namespace pomona::cli
