// Two passes over the reduced vectors: what the map and the classes need.
#pragma once

#include <string>
#include <vector>

#include "report/classes.h"
#include "report/points.h"
#include "report/report.h"
#include "report/subject.h"

namespace pomona::report {

struct Collection {
  Classes classes;
  Points points;
  std::vector<Photo> sample;  // evenly chosen photos, enough for all thumbnails
  std::vector<Photo> named;   // the photos that `names` asked for, in their order
};

// `names`: paths that must be found again, each once. Throws Error(corrupt) where the rows contradict
// subject.run.
Collection collect(const Subject& subject, const ReportSettings& settings,
                   const std::vector<std::string>& names);

}  // namespace pomona::report
