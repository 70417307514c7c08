// What run.json and the bundle say, in the words of docs/formats/report-data.md.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "bundle/bundle.h"

namespace pomona::report {

// "done": network, settings, versions, seconds by stage, rate and what limits it.
nlohmann::json done_json(const nlohmann::json& run);
// "scree": explained shares, their running sums, and k.
nlohmann::json scree_json(const nlohmann::json& run, const Pca& pca);
// "counts".
nlohmann::json counts_json(const nlohmann::json& run);

}  // namespace pomona::report
