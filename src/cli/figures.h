// Figures as people read them.
#pragma once

#include <string>

namespace pomona::cli {

// 0.9812 -> "98.1 %".
std::string percent(double fraction);
// 0.9812 -> "0.981".
std::string decimals(double value);

}  // namespace pomona::cli
