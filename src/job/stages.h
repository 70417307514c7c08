// The stages behind run(), on one open dataset.
#pragma once

#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/hash.h"
#include "bundle/bundle.h"
#include "job/distributed.h"
#include "job/engine.h"
#include "job/extract.h"
#include "job/fit.h"
#include "job/plan.h"
#include "job/reduce.h"
#include "job/run.h"
#include "job/settings.h"
#include "storage/storage.h"

namespace pomona {

// Throws Error(usage) where the results would go into the folder of the photos: before anything is written
// there.
void refuse_same_folder(const std::string& source, const std::string& out);
// Throws Error(usage) where a folder that is no dataset has files or folders of a dataset's names: whose they
// are, is not known.
void refuse_foreign_files(const Storage& dataset);
// Throws Error(not_found) where `out` holds no dataset: before a folder is made for one.
void require_dataset(const std::string& out, const S3Options& s3 = {});

// Throws Error(mismatch) where a dataset was made with other settings, naming them; `fitting` says whether
// those of the fit count.
void refuse_other_settings(const nlohmann::json& made_with, const JobSettings& settings,
                           const Network& network, bool fitting, const std::string& out);

inline double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The sum of one count over all shards.
template <typename T>
T total(const std::vector<ShardRecord>& records, T ShardRecord::* member) {
  return std::accumulate(records.begin(), records.end(), T{},
                         [&](T sum, const ShardRecord& record) { return sum + record.*member; });
}

class Stages {
 public:
  // Opens the dataset and locks it.
  Stages(const std::string& out, const JobSettings& settings, Console& console, std::stop_token stop,
         Engine* engine = nullptr);

  // Plan and extract. Refuses a dataset of other settings, naming them; `fitting` says whether those of the
  // fit count.
  void extract(const std::string& source_uri, bool fitting);
  // The same for the photos that the dataset has, with its own network and JobSettings::retry.
  void extract_again(const std::string& source_uri);
  // The network and the records of a dataset that was extracted before.
  void resume_extracted();
  // Whether there is a bundle, fitted with just these settings.
  bool fitted() const;
  // Whether run.json says that just these features were fitted and reduced with just these settings, and the
  // parts stand.
  bool reduced() const;
  // ... and whether it says so of the classifier and its predictions.
  bool trained() const;
  // Further views of the labelled photos (JobSettings::augment), where they are not there yet.
  void augment();
  void fit();
  // The bundle of a dataset that was fitted before.
  void resume_fitted();
  void reduce();
  // The parts of a dataset that was reduced before.
  void resume_reduced();
  // The classifier into the bundle, and the predictions; `required` says whether photos that none can be
  // trained on are an error. Without training (JobSettings::train), an older classifier goes.
  void train(bool required);
  // The answers of the bundle's classifier, where there is one.
  void predict();
  // Writes run.json: all is done.
  void finish();
  // The network's files into a dataset that is not fitted.
  void keep_network();

  RunSummary summary() const;

 private:
  void check_settings(bool fitting);
  void read_own_network(const char* stage);
  // With the network that is there.
  void extract_photos(const std::string& source_uri);
  // What tasks that read photos need to know.
  StageOrder photo_order(const DecodeSettings& decode) const;
  void extract_by_engine(const JobSettings& settings);
  DistributedJob distributed();
  // Lists the source, and clears away what an older plan left.
  Plan plan(const Storage& source, const JobSettings& settings);
  // Sets aside what older plans left, for its rows; and lets it go once this plan is committed.
  void keep_older_shards(Plan& plan);
  void drop_older_shards();
  std::string settings_sha256() const { return sha256_hex(made_with_.at("extract").dump()); }
  FitResult fitted_moments(const FitSettings& fitting);
  void warn_of_labels(size_t labels);
  bool parts_stand(const nlohmann::json& run, const char* name, std::string (*key)(uint64_t)) const;
  nlohmann::json run_manifest() const;
  void invalidate();

  const JobSettings& settings_;
  Console& console_;
  std::unique_ptr<Storage> dataset_;
  std::shared_ptr<void> lock_;
  size_t threads_;
  Engine* engine_;  // none: this process does it all
  std::stop_token stop_;
  std::chrono::steady_clock::time_point start_;
  std::string source_uri_;
  bool finished_ = false;     // this call wrote run.json
  nlohmann::json made_with_;  // plan/settings.json
  std::optional<Network> network_;
  std::optional<Bundle> bundle_;
  uint64_t views_ = 0;  // further views of each photo that the classifier learns from
  Plan plan_;           // of a dataset whose source was listed by this call
  ExtractResult extracted_;
  std::vector<PartRecord> reduced_;
  std::vector<PartRecord> predictions_;
  std::map<std::string, uint64_t> labels_;  // photos by label
  std::map<std::string, double> seconds_;   // by stage
};

}  // namespace pomona
