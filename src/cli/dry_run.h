// What --dry-run says.
#pragma once

#include "job/dry_run.h"

namespace pomona::cli {

// On stdout: lines for a person, or one JSON object.
void print_dry_run(const DryRun& result, bool json);

}  // namespace pomona::cli
