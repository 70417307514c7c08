// The JSON of the sections that need more than run.json: docs/formats/report-data.md.
#pragma once

#include <nlohmann/json.hpp>

#include "report/collect.h"
#include "report/pictures.h"
#include "report/rejects.h"

namespace pomona::report {

nlohmann::json rejects_json(const RejectList& rejects, const Pictures& pictures, const std::string& retry);
nlohmann::json classes_json(const Classes& classes, const Pictures& pictures, size_t shipped);
// Null where there are fewer than three classes, or too many for a matrix.
nlohmann::json similarity_json(const Classes& classes);
nlohmann::json classifier_json(const ClassifierReport& classifier, const Classes& classes,
                               const Pictures& pictures);

}  // namespace pomona::report
