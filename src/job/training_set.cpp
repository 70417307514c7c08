#include "job/training_set.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <unordered_map>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "classify/lookalikes.h"
#include "job/augment.h"
#include "job/dataset.h"
#include "job/fit.h"
#include "job/stopped.h"
#include "job/view_groups.h"
#include "stats/projection.h"
#include "table/features.h"

namespace pomona {
namespace {

constexpr uint32_t kNoClass = UINT32_MAX;
constexpr uint32_t kUnknown = kNoClass - 1;

// What the first reading finds out of a shard: one entry a row.
struct ShardLabels {
  std::vector<uint32_t> classes;  // or kNoClass, kUnknown
  std::vector<uint64_t> keys;
  std::vector<uint64_t> views;  // turntable_group, or 0
  size_t first = 0;             // number of its first row of a class, in the training set
};

// ... and out of its further views.
struct ShardViews {
  std::vector<uint32_t> classes;
  std::vector<uint64_t> keys;
  std::vector<uint32_t> numbers;
  size_t first = 0;
};

class Collector {
 public:
  Collector(const Storage& dataset, const std::vector<ShardRecord>& records, const Bundle& bundle,
            const TrainingSetOptions& options)
      : dataset_(dataset),
        records_(records),
        bundle_(bundle),
        options_(options),
        shards_(records.size()),
        further_(records.size()) {}

  TrainingSet collect(Console& console) {
    read_labels();
    number_rows();
    choose_sample();
    read_features(console);
    group_sample();
    return std::move(set_);
  }

 private:
  // `work` for every shard.
  void for_shards(const std::function<void(size_t shard)>& work) const {
    parallel_for(
        options_.threads, records_.size(), [&](size_t shard, size_t) { work(shard); }, options_.stop);
    throw_if_stopped(options_.stop, "train", dataset_, "before the classifier was trained");
  }

  void read_labels() {
    for_shards([&](size_t shard) {
      const LabelTable table =
          decode_labels(read_feature_bytes(dataset_, records_[shard]),
                        dataset_.uri() + "/" + dataset::features_part(records_[shard].shard));
      for (size_t row = 0; row < table.paths.size(); ++row) {
        shards_[shard].classes.push_back(class_of(table.labels[row]));
        shards_[shard].keys.push_back(path_hash(table.paths[row]));
        shards_[shard].views.push_back(turntable_group(table.paths[row]).value_or(0));
      }
      if (options_.views == 0) return;
      const AugmentedTable views = views_of(shard);
      for (const ViewRow& row : views.rows) {
        further_[shard].classes.push_back(class_of(row.label));
        further_[shard].keys.push_back(path_hash(row.path));
        further_[shard].numbers.push_back(static_cast<uint32_t>(row.view));
      }
    });
  }

  AugmentedTable views_of(size_t shard) const {
    auto table = read_augmented(dataset_, records_[shard], options_.views);
    if (!table) {
      throw Error(ErrorCode::mismatch, "train", dataset_.uri(),
                  "the further views of its photos are missing or older than their features",
                  "make them: `pomona run SOURCE OUT --augment " + std::to_string(options_.views) + "`");
    }
    return std::move(*table);
  }

  uint32_t class_of(const std::string& label) const {
    if (!options_.unknown.empty() && label == options_.unknown) return kUnknown;
    const auto found = std::ranges::lower_bound(bundle_.classes, label);
    if (found == bundle_.classes.end() || *found != label) return kNoClass;
    return static_cast<uint32_t>(found - bundle_.classes.begin());
  }

  void number_rows() {
    for (ShardLabels& shard : shards_) {
      shard.first = set_.labels.size();
      for (size_t row = 0; row < shard.classes.size(); ++row) {
        if (shard.classes[row] == kUnknown) unknown_keys_.push_back(shard.keys[row]);
        if (shard.classes[row] >= kUnknown) continue;
        set_.labels.push_back(shard.classes[row]);
        set_.keys.push_back(shard.keys[row]);
        views_.push_back(shard.views[row]);
      }
    }
    photos_ = set_.labels.size();
    for (ShardViews& shard : further_) {
      shard.first = set_.labels.size();
      for (size_t row = 0; row < shard.classes.size(); ++row) {
        if (shard.classes[row] >= kUnknown) continue;
        set_.labels.push_back(shard.classes[row]);
        set_.keys.push_back(shard.keys[row]);
        set_.views.resize(set_.labels.size() - 1, 0);
        set_.views.push_back(shard.numbers[row]);
      }
    }
    set_.views.resize(set_.labels.size(), 0);
    if (bundle_.classes.size() < 2) {
      throw Error(ErrorCode::no_data, "train", dataset_.uri(),
                  "its photos have " + counted(bundle_.classes.size(), "label") + "; a classifier needs two",
                  "put the photos into one folder a class, or give --labels FILE");
    }
  }

  // Keys below the result are in the sample: those that select_strength takes.
  uint64_t sample_limit(std::vector<uint64_t> keys) const {
    if (keys.size() <= options_.sample_rows) return UINT64_MAX;
    const auto limit = keys.begin() + static_cast<std::ptrdiff_t>(options_.sample_rows);
    std::ranges::nth_element(keys, limit);
    return *limit;
  }

  void choose_sample() {
    const std::vector<uint64_t> keys(set_.keys.begin(),
                                     set_.keys.begin() + static_cast<std::ptrdiff_t>(photos_));
    const uint64_t limit = sample_limit(keys);
    unknown_limit_ = sample_limit(unknown_keys_);
    std::vector<size_t> sampled;
    for (size_t row = 0; row < photos_; ++row) {
      if (limit == UINT64_MAX || keys[row] < limit) sampled.push_back(row);
    }
    const std::string folder = scratch_folder(dataset_);
    set_.reduced =
        std::make_unique<StoredRows>(set_.labels.size(), bundle_.pca.k(), options_.memory_bytes, folder);
    set_.features = std::make_unique<SampledRows>(set_.labels.size(), bundle_.pca.dimension,
                                                  std::move(sampled), options_.memory_bytes, folder);
  }

  void read_features(Console& console) {
    const Projection projection(&bundle_.scaler, bundle_.pca);
    Progress progress(console, "train  ", photos_);
    std::vector<std::vector<float>> unknown(records_.size());
    for_shards([&](size_t shard) {
      const FeatureTable table = pomona::read_features(dataset_, records_[shard]);
      const std::vector<float> known = take_rows(table, shards_[shard], unknown[shard]);
      const size_t rows = known.size() / projection.dimension();
      std::vector<float> reduced(rows * projection.k());
      projection.apply(known, reduced);
      set_.reduced->write(shards_[shard].first, reduced);
      reduce_views(shard, projection);
      progress.advance(rows, 0);
    });
    for (const auto& part : unknown) set_.unknown.insert(set_.unknown.end(), part.begin(), part.end());
    progress.finish();
  }

  void reduce_views(size_t shard, const Projection& projection) {
    if (options_.views == 0) return;
    const AugmentedTable table = views_of(shard);
    std::vector<float> known;
    for (size_t row = 0; row < table.rows.size(); ++row) {
      if (further_[shard].classes[row] >= kUnknown) continue;
      const auto features = std::span(table.features).subspan(row * table.dimension, table.dimension);
      known.insert(known.end(), features.begin(), features.end());
    }
    std::vector<float> reduced(known.size() / projection.dimension() * projection.k());
    projection.apply(known, reduced);
    set_.reduced->write(further_[shard].first, reduced);
  }

  // The features of a shard's rows of a class; sampled ones go into the sample, unknown ones to `unknown`.
  std::vector<float> take_rows(const FeatureTable& table, const ShardLabels& shard,
                               std::vector<float>& unknown) {
    std::vector<float> known;
    size_t number = shard.first;
    const auto& sampled = set_.features->indices();
    auto position = static_cast<size_t>(std::ranges::lower_bound(sampled, number) - sampled.begin());
    for (size_t row = 0; row < table.rows.size(); ++row) {
      const auto features = std::span(table.features).subspan(row * table.dimension, table.dimension);
      if (shard.classes[row] == kUnknown && shard.keys[row] < unknown_limit_) {
        unknown.insert(unknown.end(), features.begin(), features.end());
      }
      if (shard.classes[row] >= kUnknown) continue;
      known.insert(known.end(), features.begin(), features.end());
      if (position < sampled.size() && sampled[position] == number) {
        set_.features->write(position++, features);
      }
      ++number;
    }
    return known;
  }

  // By name where that says enough, else by likeness.
  void group_sample() {
    const auto& sampled = set_.features->indices();
    std::vector<uint32_t> labels;
    std::vector<uint64_t> keys;
    for (const size_t row : sampled) {
      labels.push_back(set_.labels[row]);
      keys.push_back(set_.keys[row]);
    }
    const std::vector<bool> named = named_classes();
    set_.groups = set_.keys;
    set_.named_groups = std::ranges::find(named, false) == named.end();
    std::vector<uint64_t> alike;
    if (!set_.named_groups) {
      alike =
          lookalike_groups(SelectedRows(*set_.reduced, sampled), labels, keys, {.threads = options_.threads});
    }
    for (size_t i = 0; i < sampled.size(); ++i) {
      set_.groups[sampled[i]] = named[labels[i]] ? views_[sampled[i]] : alike[i];
    }
    // Views stay with their photo.
    if (options_.views == 0) return;
    std::unordered_map<uint64_t, uint64_t> group_of;
    for (const size_t row : sampled) group_of[set_.keys[row]] = set_.groups[row];
    for (size_t row = photos_; row < set_.keys.size(); ++row) {
      if (const auto found = group_of.find(set_.keys[row]); found != group_of.end()) {
        set_.groups[row] = found->second;
      }
    }
  }

  // Whether all photos of a class have turntable names, of at least two axes: one alone could not be held
  // back.
  std::vector<bool> named_classes() const {
    std::vector<bool> named(bundle_.classes.size(), true);
    std::vector<bool> several(bundle_.classes.size(), false);
    std::vector<uint64_t> first(bundle_.classes.size(), 0);
    for (size_t row = 0; row < views_.size(); ++row) {
      const uint32_t label = set_.labels[row];
      if (views_[row] == 0) named[label] = false;
      if (first[label] == 0) first[label] = views_[row];
      if (views_[row] != first[label]) several[label] = true;
    }
    for (size_t label = 0; label < named.size(); ++label) named[label] = named[label] && several[label];
    return named;
  }

  const Storage& dataset_;
  const std::vector<ShardRecord>& records_;
  const Bundle& bundle_;
  const TrainingSetOptions& options_;
  std::vector<ShardLabels> shards_;
  std::vector<ShardViews> further_;
  size_t photos_ = 0;
  std::vector<uint64_t> views_;
  std::vector<uint64_t> unknown_keys_;
  uint64_t unknown_limit_ = UINT64_MAX;
  TrainingSet set_;
};

}  // namespace

TrainingSet collect_training_set(const Storage& dataset, const std::vector<ShardRecord>& records,
                                 const Bundle& bundle, const TrainingSetOptions& options, Console& console) {
  return Collector(dataset, records, bundle, options).collect(console);
}

}  // namespace pomona
