#include "cli/dry_run.h"

#include <iostream>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace pomona::cli {

void print_dry_run(const DryRun& result, bool json) {
  if (json) {
    const nlohmann::json object = {{"dry_run", true},
                                   {"photos", result.photos},
                                   {"new", result.added},
                                   {"changed", result.changed},
                                   {"removed", result.removed},
                                   {"kept", result.kept},
                                   {"to_infer", result.to_infer()},
                                   {"bytes", result.bytes},
                                   {"shards", result.shards},
                                   {"dataset", to_utf8(result.dataset)}};
    std::cout << object.dump() << std::endl;
    return;
  }
  std::cout << counted(result.photos, "photo") << ", " << human_bytes(result.bytes) << ", in "
            << counted(result.shards, "shard") << "\n"
            << "  new         " << with_commas(result.added) << "\n  changed     "
            << with_commas(result.changed) << "\n  removed     " << with_commas(result.removed)
            << "\n  kept        " << with_commas(result.kept) << "\n  to infer    "
            << with_commas(result.to_infer()) << "\n  dataset     " << result.dataset
            << ": nothing there was touched\n";
}

}  // namespace pomona::cli
