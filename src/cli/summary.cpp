#include "cli/summary.h"

#include <iostream>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/figures.h"

namespace pomona::cli {
namespace {

std::string reasons_text(const RunSummary& summary) {
  std::string text;
  for (const auto& [reason, count] : summary.reasons)
    text += (text.empty() ? "" : ", ") + reason + " " + with_commas(count);
  return text;
}

nlohmann::json to_json(const RunSummary& summary, const std::string& report) {
  nlohmann::json json = {
      {"photos", summary.photos},
      {"rows", summary.rows},
      {"rejects", summary.rejects},
      {"reasons", summary.reasons},
      {"extracted", summary.extracted},
      {"components", summary.components},
      {"explained_variance_ratio", summary.explained_variance_ratio},
      {"classes", summary.classes},
      {"classifier", summary.classifier ? describe(*summary.classifier) : nlohmann::json()},
      {"seconds", summary.seconds},
      {"images_per_second", summary.images_per_second()},
      {"dataset", to_utf8(summary.dataset)},
      {"bundle", to_utf8(summary.bundle)}};
  if (!report.empty()) json["report"] = to_utf8(report);
  return json;
}

void print_classifier(const RunSummary& summary) {
  const CrossValidation& figures = *summary.classifier;
  std::cout << "  classifier  " << with_commas(summary.classes) << " classes; " << percent(figures.accuracy)
            << " right on photos held back (" << with_commas(figures.photos) << " in "
            << counted(figures.groups, "group") << ")\n";
  if (figures.unknown) {
    std::cout << "  not a fruit " << percent(figures.unknown->true_rejection) << " of "
              << with_commas(figures.unknown->photos) << " unknown photos found, "
              << percent(figures.false_rejection) << " of the known ones turned away\n";
  }
}

void print_lines(const RunSummary& summary, const std::string& report) {
  std::cout << counted(summary.photos, "photo") << " = " << counted(summary.rows, "row") << " + "
            << counted(summary.rejects, "reject") << "\n";
  if (summary.rejects > 0) {
    std::cout << "  rejects     " << reasons_text(summary)
              << "\n              each with its path: " << summary.dataset << "/rejects/*.parquet\n";
  }
  if (summary.components > 0) {
    std::cout << "  components  " << with_commas(summary.components) << ", which keep "
              << percent(summary.explained_variance_ratio) << " of the variance\n";
  }
  if (summary.classifier) print_classifier(summary);
  std::cout << "  time        " << human_seconds(summary.seconds);
  if (summary.extracted > 0) {
    std::cout << ", " << with_commas(static_cast<uint64_t>(summary.images_per_second()))
              << " photos per second";
  } else {
    std::cout << "; every photo was already there";
  }
  std::cout << "\n  dataset     " << summary.dataset << "\n";
  if (summary.components > 0) std::cout << "  bundle      " << summary.bundle << "\n";
  if (!report.empty()) std::cout << "  report      " << report << "\n";
}

}  // namespace

void print_summary(const RunSummary& summary, bool json, Context& context, const std::string& report) {
  if (json) {
    std::cout << to_json(summary, report).dump() << std::endl;
  } else {
    print_lines(summary, report);
  }
  if (summary.too_many_rejects) {
    std::cerr << "[run] " << summary.dataset << ": " << counted(summary.rejects, "reject")
              << (summary.rejects == 1 ? " is" : " are") << " more than --max-rejects allows\n";
    context.status = kStatusTooManyRejects;
  }
}

}  // namespace pomona::cli
