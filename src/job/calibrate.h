// Calibration over a source: a fixed sample of its photos, prepared as a run prepares them, through
// network/calibrate.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/progress.h"
#include "job/settings.h"
#include "network/calibrate.h"

namespace pomona {

// Measures on at most `photos` photos of the source: those with the smallest path hashes, so the same ones
// every time. Photos that cannot be used are left out. Throws Error: no_data where fewer than two can be
// used; interrupted where `stop` was asked for.
Calibration calibrate_source(const std::string& source, const JobSettings& settings, uint64_t photos,
                             Console& console, const std::stop_token& stop = {});

}  // namespace pomona
