#include "job/fit.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "job/dataset.h"
#include "job/moments_shelf.h"
#include "job/stopped.h"
#include "stats/merge_tree.h"

namespace pomona {
namespace {

// Why there is nothing to fit on.
Error no_rows(const Storage& dataset, const std::vector<ShardRecord>& records) {
  std::map<std::string, uint64_t> reasons;
  uint64_t photos = 0;
  for (const ShardRecord& record : records) {
    photos += record.photos;
    for (const auto& [reason, count] : record.reasons) reasons[reason] += count;
  }
  std::string counts;
  for (const auto& [reason, count] : reasons) {
    counts += (counts.empty() ? "" : ", ") + reason + " " + with_commas(count);
  }
  return {ErrorCode::no_data, "fit", dataset.uri(),
          "all " + with_commas(photos) + " photos were rejected (" + counts + ")",
          "rejects/*.parquet says what is wrong with each; where only the reading failed, `pomona retry` "
          "tries again"};
}

// Up to so many photos the products are summed in float64 throughout: directions of nearly equal variance are
// then as sharp as scikit-learn's, for a second or two. Beyond, float32 within blocks is twice as fast
// (docs/decisions/moments-and-projection.md).
constexpr uint64_t kExactRows = 131'072;

Moments moments_of(const FeatureTable& table, bool exact) {
  Moments moments(table.dimension);
  if (exact) {
    moments.update_exactly(table.features);
  } else {
    moments.update(table.features);
  }
  return moments;
}

Error nothing_known(const Storage& dataset, const std::string& unknown) {
  return {ErrorCode::no_data, "fit", dataset.uri(), "every photo has the label '" + unknown + "'",
          "add photos of what is to be learnt, or name another label with --unknown"};
}

void leave_out(const std::string& label, FeatureTable& table) {
  size_t kept = 0;
  const auto row_of = [&](size_t row) {
    return table.features.begin() + static_cast<std::ptrdiff_t>(row * table.dimension);
  };
  for (size_t row = 0; row < table.rows.size(); ++row) {
    if (!label.empty() && table.rows[row].label == label) continue;
    if (kept != row) {
      std::copy(row_of(row), row_of(row + 1), row_of(kept));
      table.rows[kept] = std::move(table.rows[row]);
    }
    ++kept;
  }
  table.rows.resize(kept);
  table.features.resize(kept * table.dimension);
}

}  // namespace

std::string read_feature_bytes(const Storage& dataset, const ShardRecord& record) {
  const std::string key = dataset::features_part(record.shard);
  std::string bytes = dataset.read(key);
  if (sha256_hex(std::string_view(bytes)) != record.features.sha256) {
    throw Error(ErrorCode::corrupt, "dataset", dataset.uri() + "/" + key,
                "its bytes are not those that the commit record says",
                "remove " + dataset::record(record.shard) +
                    " and give the command `run` again: the shard is done anew");
  }
  return bytes;
}

FeatureTable read_features(const Storage& dataset, const ShardRecord& record) {
  return decode_features(read_feature_bytes(dataset, record),
                         dataset.uri() + "/" + dataset::features_part(record.shard));
}

bool sums_exactly(uint64_t rows) { return rows <= kExactRows; }

std::optional<Moments> shard_moments(const Storage& dataset, const ShardRecord& record,
                                     const std::string& unknown, bool exact, LabelCounts& labels) {
  if (record.rows == 0) return std::nullopt;
  FeatureTable table = read_features(dataset, record);
  leave_out(unknown, table);
  labels.add(table.rows);
  if (table.rows.empty()) return std::nullopt;
  return moments_of(table, exact);
}

void require_rows(const Storage& dataset, const std::vector<ShardRecord>& records) {
  if (std::ranges::all_of(records, [](const ShardRecord& record) { return record.rows == 0; })) {
    throw no_rows(dataset, records);
  }
}

FitResult fit_moments(const Storage& dataset, const std::optional<Moments>& moments,
                      std::map<std::string, uint64_t> labels, const FitSettings& settings) {
  if (!moments) throw nothing_known(dataset, settings.unknown);
  FitResult result;
  result.labels = std::move(labels);
  result.scaler = fit_scaler(*moments);
  result.pca = fit_pca(*moments, &result.scaler, settings.components, settings.whiten);
  return result;
}

FitResult fit(const Storage& dataset, const std::vector<ShardRecord>& records, const FitSettings& settings,
              Console& console, const std::stop_token& stop) {
  require_rows(dataset, records);
  uint64_t rows = 0;
  for (const ShardRecord& record : records) rows += record.rows;
  Progress progress(console, "fit    ", rows);
  MomentsShelf shelf(dataset);
  MergeTree tree(records.size(), &shelf);
  LabelCounts labels;
  parallel_for(
      settings.threads, records.size(),
      [&](size_t shard, size_t) {
        tree.add(shard, shard_moments(dataset, records[shard], settings.unknown, sums_exactly(rows), labels));
        progress.advance(records[shard].rows, 0);
      },
      stop);
  console.clear_status();
  throw_if_stopped(stop, "fit", dataset, "before all features were read");
  FitResult result = fit_moments(dataset, tree.take(), labels.take(), settings);
  progress.finish();
  return result;
}

std::string features_sha256(const std::vector<ShardRecord>& records) {
  Sha256 hash;
  for (const ShardRecord& record : records) hash.update(record.features.sha256);
  return hash.hex();
}

}  // namespace pomona
