#include "base/reject.h"

#include <algorithm>

namespace pomona {
namespace {

template <typename Enum, typename Names>
std::optional<Enum> named(const Names& names, std::string_view text) {
  const auto found = std::ranges::find(names, text, [](const char* name) { return std::string_view(name); });
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::optional<Stage> stage_named(std::string_view text) { return named<Stage>(kStageNames, text); }
std::optional<Reason> reason_named(std::string_view text) { return named<Reason>(kReasonNames, text); }

}  // namespace pomona
