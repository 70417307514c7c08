// What cross-validation said of a dataset's photos, as the train stage left it.
#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "bundle/bundle.h"
#include "report/classifier.h"
#include "storage/storage.h"

namespace pomona::report {

// Nothing where the dataset has no classifier. Photos of the unknown label, which nothing was learnt from,
// are judged by the finished model. Throws Error(corrupt) where a part is not the one that run.json names.
std::optional<ClassifierReport> held_back_report(const Storage& dataset, const nlohmann::json& run,
                                                 const Bundle& bundle);

}  // namespace pomona::report
