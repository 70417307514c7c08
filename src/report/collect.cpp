#include "report/collect.h"

#include "base/error.h"
#include "report/scan.h"

namespace pomona::report {
namespace {

void check_shape(const ReducedTable& table, size_t k, const Storage& dataset) {
  if (table.paths.empty() || table.k == k) return;
  throw Error(ErrorCode::corrupt, "report", dataset.uri(),
              "a reduced part has " + std::to_string(table.k) + " components where run.json says " +
                  std::to_string(k),
              "make them again: `pomona reduce " + dataset.uri() + "`");
}

}  // namespace

Collection collect(const Storage& dataset, const nlohmann::json& run, const ReportSettings& settings,
                   const std::set<std::string>& names) {
  const auto rows = run.at("rows").get<uint64_t>();
  const auto k = run.at("components").get<size_t>();
  const EvenSample drawn(rows, settings.max_points);
  const EvenSample sampled(rows, settings.thumbnails);
  Collection result{.classes = Classes(run, k), .points = {}, .sample = {}, .named = {}};
  result.points.positions.resize(shipped_components(drawn.size(), k));

  uint64_t row = 0;
  scan_reduced(dataset, run, settings.threads, [&](const ReducedTable& table) {
    check_shape(table, k, dataset);
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
  scan_reduced(dataset, run, settings.threads, [&](const ReducedTable& table) {
    for (size_t i = 0; i < table.paths.size(); ++i, ++row) {
      const std::string& path = table.paths[i];
      const uint32_t label = result.classes.index(table.labels[i]);
      const int64_t point = drawn.chosen(row) ? static_cast<int64_t>(drawn.rank(row)) : -1;
      result.classes.rank(label, table.reduced.data() + i * k, row, point, path);
      if (sampled.chosen(row)) result.sample.push_back({path, label, point, -1});
      if (names.contains(path)) result.named.push_back({path, label, point, -1});
    }
  });
  return result;
}

}  // namespace pomona::report
