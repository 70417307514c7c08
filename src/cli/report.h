// The report of a dataset, for the commands `report` and `run`.
#pragma once

#include <string>

#include "base/progress.h"
#include "job/settings.h"
#include "report/report.h"

namespace pomona::cli {

// Writes OUT/report.html.
ReportSummary write_report_of(const std::string& out, const ReportSettings& settings, Console& console);

}  // namespace pomona::cli
