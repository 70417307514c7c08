#include "report/collect.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/error.h"
#include "report/scan.h"

namespace pomona::report {
namespace {

void check_shape(const ReducedTable& table, size_t k, const std::string& dataset) {
  if (table.paths.empty() || table.k == k) return;
  throw Error(ErrorCode::corrupt, "report", dataset,
              "a reduced part has " + std::to_string(table.k) + " components where run.json says " +
                  std::to_string(k),
              "make them again: `pomona reduce " + dataset + "`");
}

}  // namespace

Collection collect(const Subject& subject, const ReportSettings& settings,
                   const std::vector<std::string>& names) {
  const auto rows = subject.run.at("rows").get<uint64_t>();
  const auto k = subject.run.at("components").get<size_t>();
  const EvenSample drawn(rows, settings.max_points);
  const EvenSample sampled(rows, settings.thumbnails);
  Collection result{.classes = Classes(subject.run, k), .points = {}, .sample = {}, .named = {}};
  result.points.positions.resize(shipped_components(drawn.size(), k));

  uint64_t row = 0;
  subject.scan([&](const ReducedTable& table) {
    check_shape(table, k, subject.dataset);
    for (size_t i = 0; i < table.paths.size(); ++i, ++row) {
      const float* vector = table.reduced.data() + i * k;
      const uint32_t label = result.classes.index(table.labels[i]);
      result.classes.add(label, vector);
      if (!drawn.chosen(row)) continue;
      for (size_t c = 0; c < result.points.positions.size(); ++c)
        result.points.positions[c].push_back(vector[c]);
      result.points.labels.push_back(static_cast<uint16_t>(label));
      result.points.paths.append(table.paths[i]);
    }
  });
  result.points.paths.finish();
  result.classes.finish_means();

  row = 0;
  std::map<std::string_view, size_t> wanted;
  for (size_t i = 0; i < names.size(); ++i) wanted.emplace(names[i], i);
  std::vector<std::pair<size_t, Photo>> named;
  subject.scan([&](const ReducedTable& table) {
    for (size_t i = 0; i < table.paths.size(); ++i, ++row) {
      const std::string& path = table.paths[i];
      const uint32_t label = result.classes.index(table.labels[i]);
      const int64_t point = drawn.chosen(row) ? static_cast<int64_t>(drawn.rank(row)) : -1;
      result.classes.rank(label, table.reduced.data() + i * k, row, point, path);
      if (sampled.chosen(row)) result.sample.push_back({path, label, point, -1});
      const auto asked = wanted.find(path);
      if (asked != wanted.end()) named.push_back({asked->second, {path, label, point, -1}});
    }
  });
  std::ranges::stable_sort(named, {}, &std::pair<size_t, Photo>::first);
  for (auto& [order, photo] : named) result.named.push_back(std::move(photo));
  return result;
}

}  // namespace pomona::report
