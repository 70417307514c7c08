// An answer as JSON, the same for the program and for HTTP.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "classify/decision.h"

namespace pomona {

// {"label", "probability", "ranking": [{"label", "probability"}, ...], "verdict", "novelty", "reason"}.
// Probabilities are written so that they are read back to the last bit.
nlohmann::json to_json(const Answer& answer, const std::vector<std::string>& classes);

}  // namespace pomona
