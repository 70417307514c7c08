#include "cli/figures.h"

#include <array>
#include <cstdio>

namespace pomona::cli {
namespace {

std::string formatted(const char* format, double value) {
  std::array<char, 64> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), format, value));
  return text.data();
}

}  // namespace

std::string percent(double fraction) { return formatted("%.1f %%", fraction * 100); }
std::string decimals(double value) { return formatted("%.3f", value); }

}  // namespace pomona::cli
