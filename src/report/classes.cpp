#include "report/classes.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace pomona::report {
namespace {

// Inserts in order where the list is not full or the photo comes before its last one. The photo is made only
// then.
template <typename Before, typename Make>
void keep_best(std::vector<RankedPhoto>& best, double distance, uint64_t row, const Before& before,
               const Make& make) {
  if (best.size() == kTypical && !before(distance, best.back().distance)) return;
  const auto at = std::upper_bound(
      best.begin(), best.end(), distance,
      [&](double wanted, const RankedPhoto& other) { return before(wanted, other.distance); });
  best.insert(at, RankedPhoto{distance, row, make()});
  if (best.size() > kTypical) best.pop_back();
}

}  // namespace

Classes::Classes(const nlohmann::json& run, size_t k) : k_(k) {
  uint64_t labelled = 0;
  const nlohmann::json labels = run.value("labels", nlohmann::json::object());
  for (const auto& [name, count] : labels.items()) {
    all_.emplace_back().name = name;
    labelled += count.get<uint64_t>();
  }
  if (labelled < run.value("rows", uint64_t{0})) all_.emplace_back();
  if (all_.size() > std::numeric_limits<uint16_t>::max()) {
    throw Error(ErrorCode::usage, "report", "labels",
                std::to_string(all_.size()) + " classes are more than a report can show",
                "leave the report out: --no-report");
  }
  for (uint32_t label = 0; label < all_.size(); ++label) {
    all_[label].mean.resize(k_);
    index_.emplace(all_[label].name, label);
  }
}

uint32_t Classes::index(std::string_view name) const {
  const auto found = index_.find(name);
  if (found == index_.end()) {
    throw Error(ErrorCode::corrupt, "report", "run.json",
                "it does not count the label '" + std::string(name) + "'",
                "make it again: `pomona reduce OUT`");
  }
  return found->second;
}

void Classes::add(uint32_t label, const float* reduced) {
  ClassInfo& info = all_[label];
  ++info.count;
  for (size_t c = 0; c < k_; ++c) info.mean[c] += static_cast<double>(reduced[c]);
}

void Classes::finish_means() {
  for (ClassInfo& info : all_) {
    for (double& value : info.mean) value /= static_cast<double>(std::max<uint64_t>(1, info.count));
  }
}

void Classes::rank(uint32_t label, const float* reduced, uint64_t row, int64_t point,
                   const std::string& path) {
  ClassInfo& info = all_[label];
  double distance = 0;
  for (size_t c = 0; c < k_; ++c) {
    const double d = static_cast<double>(reduced[c]) - info.mean[c];
    distance += d * d;
  }
  const auto make = [&] { return Photo{path, label, point, -1}; };
  keep_best(info.typical, distance, row, std::less<>(), make);
  keep_best(info.strange, distance, row, std::greater<>(), make);
}

}  // namespace pomona::report
