#include "classify/lookalikes.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/threads.h"
#include "stats/blas.h"

namespace pomona {
namespace {

// Rows of length 1, so that products are cosines. A row of zeros stays as it is.
std::vector<float> normalised(const Rows& rows) {
  auto values = gather(rows);
  const size_t d = rows.dimension();
  for (size_t r = 0; r < rows.count(); ++r) {
    const auto row = std::span(values).subspan(r * d, d);
    double squares = 0;
    for (const float value : row) squares += static_cast<double>(value) * static_cast<double>(value);
    const auto scale = squares > 0 ? static_cast<float>(1 / std::sqrt(squares)) : 0.0F;
    for (float& value : row) value *= scale;
  }
  return values;
}

// The group (0, 1, ...) of each row of one class.
std::vector<size_t> groups_of_class(const std::vector<float>& rows, size_t n, size_t d,
                                    const LookalikeOptions& options) {
  const size_t linked = std::min(n, options.max_linked);
  std::vector<float> cosines(n * linked);
  blas::multiply_transposed(n, linked, d, rows.data(), rows.data(), cosines.data());
  std::vector<double> distances(linked * linked);
  for (size_t i = 0; i < linked; ++i) {
    for (size_t j = 0; j < linked;
         ++j) {  // one of the two products, so that the matrix is symmetric to the last bit
      distances[i * linked + j] = 1 - static_cast<double>(cosines[std::max(i, j) * linked + std::min(i, j)]);
    }
  }
  auto groups = average_linkage(std::move(distances), linked, options.groups_per_class);
  for (size_t i = linked; i < n; ++i) {
    const auto row = std::span(cosines).subspan(i * linked, linked);
    groups.push_back(groups[static_cast<size_t>(std::ranges::max_element(row) - row.begin())]);
  }
  return groups;
}

}  // namespace

std::vector<uint64_t> lookalike_groups(const Rows& rows, std::span<const uint32_t> labels,
                                       std::span<const uint64_t> keys, const LookalikeOptions& options) {
  std::map<uint32_t, std::vector<size_t>> by_class;
  for (size_t row = 0; row < labels.size(); ++row) by_class[labels[row]].push_back(row);
  std::vector<std::vector<size_t>> classes;
  for (auto& [label, members] : by_class) {
    std::ranges::sort(members, {}, [&](size_t row) { return keys[row]; });
    classes.push_back(std::move(members));
  }
  std::vector<uint64_t> result(labels.size());
  parallel_for(options.threads, classes.size(), [&](size_t index, size_t) {
    const auto& members = classes[index];
    const auto groups =
        groups_of_class(normalised(SelectedRows(rows, members)), members.size(), rows.dimension(), options);
    std::map<size_t, uint64_t> names;  // a group's name: the key of its first member
    for (size_t i = 0; i < members.size(); ++i) {
      result[members[i]] = names.try_emplace(groups[i], keys[members[i]]).first->second;
    }
  });
  return result;
}

}  // namespace pomona
