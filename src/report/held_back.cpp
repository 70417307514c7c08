#include "report/held_back.h"

#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "job/dataset.h"
#include "report/judged.h"
#include "table/predictions.h"

namespace pomona::report {
namespace {

std::vector<PredictionRow> read_part(const Storage& dataset, const std::string& key,
                                     const nlohmann::json& part) {
  const std::string object = dataset.uri() + "/" + key;
  const std::string bytes = dataset.read(key);
  if (sha256_hex(std::string_view(bytes)) != part.value("sha256", "")) {
    throw Error(ErrorCode::corrupt, "report", object, "it is not the file that run.json names",
                "make it again: `pomona train " + dataset.uri() + "`");
  }
  return decode_predictions(bytes, object);
}

// Of photos of the unknown label, part by part.
std::vector<PredictionRow> unknown_photos(const Storage& dataset, const nlohmann::json& run,
                                          const std::string& label) {
  std::vector<PredictionRow> found;
  if (label.empty() || !run.value("labels", nlohmann::json::object()).contains(label)) return found;
  const nlohmann::json parts = run.value("predictions", nlohmann::json::array());
  for (size_t shard = 0; shard < parts.size(); ++shard) {
    for (PredictionRow& row : read_part(dataset, dataset::predictions_part(shard), parts[shard])) {
      if (row.label == label) found.push_back(std::move(row));
    }
  }
  return found;
}

}  // namespace

std::optional<ClassifierReport> held_back_report(const Storage& dataset, const nlohmann::json& run,
                                                 const Bundle& bundle) {
  const nlohmann::json part = run.value("held_back", nlohmann::json());
  if (!bundle.classifier || part.is_null()) return std::nullopt;
  const auto known = read_part(dataset, dataset::kHeldBack, part);
  if (known.empty()) return std::nullopt;
  return judge(known, unknown_photos(dataset, run, bundle.classifier->unknown), bundle.classes,
               bundle.classifier->model.thresholds, "cross-validated");
}

}  // namespace pomona::report
