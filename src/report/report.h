// report.html: a dataset as one page that needs nothing else. What the page reads:
// docs/formats/report-data.md.
#pragma once

#include <cstdint>
#include <string>

#include "base/progress.h"
#include "storage/storage.h"

namespace pomona {

struct ReportSettings {
  size_t thumbnails = 2000;         // pictures in the sprite sheet, at most; 0: none
  uint64_t max_points = 1'000'000;  // photos drawn in the map, chosen evenly where there are more
  size_t max_rejects = 10'000;      // rejects named in the page; all are counted
  std::string source;               // where the photos are; empty: where run.json says they were
  std::string retry;  // the command that tries the rejects again; empty: `pomona run SOURCE OUT`
  S3Options s3;       // how S3 is reached, where the photos are there
  size_t threads = 1;
};

struct ReportSummary {
  uint64_t points = 0;
  uint64_t thumbnails = 0;
  uint64_t bytes = 0;  // of the page
  double seconds = 0;
};

// Writes `key` into the dataset, over an older one. Memory is bounded by the settings: about 50 bytes a
// point, 20 KB a thumbnail, and one shard a thread. Photos that cannot be read any more are shown without a
// picture; that is not an error. Throws Error: no_data where the dataset's run has not ended; corrupt where a
// part of it is; internal where this build has no page (it was made without Node).
ReportSummary write_report(Storage& dataset, const ReportSettings& settings, Console& console,
                           const std::string& key = "report.html");

}  // namespace pomona
