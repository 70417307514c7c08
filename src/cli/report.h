// The report of a dataset, for the commands `report` and `run`.
#pragma once

#include <cstdint>
#include <string>

#include "base/progress.h"
#include "job/settings.h"
#include "report/report.h"

namespace pomona::cli {

// Writes OUT/report.html with at most so many pictures.
ReportSummary write_report_of(const std::string& out, uint64_t thumbnails, const JobSettings& job,
                              Console& console);

}  // namespace pomona::cli
