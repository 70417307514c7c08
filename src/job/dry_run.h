// What a run would do, without doing any of it.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "job/settings.h"

namespace pomona {

struct DryRun {
  uint64_t photos = 0;   // in the source now: added + changed + kept
  uint64_t added = 0;    // that the dataset does not know
  uint64_t changed = 0;  // that it knows with another size or version
  uint64_t kept = 0;     // whose rows and rejects would be kept
  uint64_t removed = 0;  // that it knows, but the source has not any more
  uint64_t bytes = 0;    // of all photos together
  uint64_t shards = 0;   // that the photos would stand in
  std::string dataset;   // as the user wrote it

  uint64_t to_infer() const { return added + changed; }
};

// Lists the source and compares it with what is committed in `out`, which is neither locked nor written to:
// the plan goes to a temporary folder. Throws what a run would throw of the source, the network and the
// settings; `fitting` says whether those of the fit count.
DryRun dry_run(const std::string& source, const std::string& out, const JobSettings& settings, bool fitting,
               Console& console, const std::stop_token& stop = {});

}  // namespace pomona
