// What a report is of, in the form that its sections read: a finished run, or an evaluation.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "image/decode.h"
#include "report/classifier.h"
#include "report/rejects.h"
#include "report/report.h"
#include "stats/pca.h"
#include "storage/storage.h"
#include "table/features.h"

namespace pomona::report {

using RowVisitor = std::function<void(const ReducedTable& table)>;

struct Subject {
  std::string kind;  // run or evaluation
  // run.json, or the same keys of an evaluation: photos, rows, rejects, labels, components, settings,
  // seconds.
  nlohmann::json run;
  std::string dataset;
  std::string retry;  // the command that tries the rejects again
  Pca pca;
  RejectList rejects;
  std::optional<ClassifierReport> classifier;
  // Hands over all reduced vectors, in the same order each time.
  std::function<void(const RowVisitor& visit)> scan;
  // Where the photos are; null where nobody knows.
  std::unique_ptr<Storage> source;
  DecodeSettings limits;
  // Each path as the source lists it; nothing where it does not.
  std::function<std::vector<std::optional<ObjectInfo>>(std::span<const std::string> paths)> locate;
};

// The page about a subject, and what is in it.
std::string make_page(const Subject& subject, const ReportSettings& settings, Console& console,
                      ReportSummary& summary);

// As a POSIX shell reads it back.
std::string shell_quoted(const std::string& argument);

}  // namespace pomona::report
