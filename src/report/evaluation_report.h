// The report of an evaluation: what `pomona evaluate -o page.html` writes.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bundle/bundle.h"
#include "job/evaluate.h"
#include "job/judgement.h"
#include "job/stored_rows.h"
#include "report/report.h"
#include "stats/projection.h"

namespace pomona {

// Give it to evaluate() as its observer, then write the page. Holds about 200 bytes a photo, and the reduced
// vectors: beyond 256 MB they stand in a temporary file.
class EvaluationReport final : public EvaluationObserver {
 public:
  // Both places as the user wrote them; `bundle` must outlive this.
  EvaluationReport(const Bundle& bundle, std::string bundle_uri, std::string source_uri);

  void listed(const std::vector<ObjectInfo>& objects, double seconds) override;
  void judged(size_t index, const Judgement& judgement, std::span<const float> features,
              const StepTimes& times) override;

  // The page as object `key` of `folder`. `settings.retry` is the command that the page names for another
  // try.
  ReportSummary write(Storage& folder, const std::string& key, const ReportSettings& settings,
                      Console& console) const;

 private:
  nlohmann::json run_json() const;

  const Bundle& bundle_;
  std::string bundle_uri_;
  std::string source_uri_;
  Projection projection_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double listing_seconds_ = 0;
  std::vector<ObjectInfo> objects_;
  std::vector<Judgement> judgements_;
  std::unique_ptr<StoredRows> reduced_;
  std::mutex mutex_;
  StepTimes times_;
};

}  // namespace pomona
