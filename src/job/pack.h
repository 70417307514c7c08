// Many small photos into few tars, with an index: docs/formats/packed.md.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "storage/s3_options.h"
#include "storage/storage.h"

namespace pomona {

inline constexpr uint64_t kDefaultTarBytes = 128'000'000;

struct PackSettings {
  uint64_t shard_bytes = kDefaultTarBytes;  // a tar holds at most so many, unless one photo alone has more
  uint64_t max_bytes = 50'000'000;          // larger photos are rejects, as in a run
  size_t threads = 1;                       // that read at the same time
  S3Options s3 = {};                        // how S3 is reached, where SOURCE or DEST is there
};

struct PackSummary {
  uint64_t photos = 0;  // packed + rejects = photos listed
  uint64_t packed = 0;
  uint64_t rejects = 0;
  std::map<std::string, uint64_t> reasons;  // rejects by reason; the index names each photo
  uint64_t written = 0;                     // photos that this call packed or rejected; the others were there
  uint64_t tars = 0;
  uint64_t bytes = 0;  // of all tars
  double seconds = 0;
};

// Packs what the source holds now. The same command again goes on after a kill, packs what changed, and tries
// the rejects again whose reason can pass: the same tars as a fresh call, byte by byte. Memory: about two
// tars, and a 64th of the listing. Throws Error: no_data where the source holds no photo, interrupted where
// `stop` was asked for.
PackSummary pack(const std::string& source, const std::string& dest, const PackSettings& settings,
                 Console& console, const std::stop_token& stop = {});

}  // namespace pomona
