// Two passes over the reduced vectors: what the map and the classes need.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/classes.h"
#include "report/points.h"
#include "report/report.h"

namespace pomona::report {

struct Collection {
  Classes classes;
  Points points;
  std::vector<Photo> sample;  // evenly chosen photos, enough for all thumbnails
  std::vector<Photo> named;   // the photos that `names` asked for, in the order of rows
};

// `names`: paths that must be found again. Throws Error(corrupt) where the parts contradict run.json.
Collection collect(const Storage& dataset, const nlohmann::json& run, const ReportSettings& settings,
                   const std::set<std::string>& names);

}  // namespace pomona::report
