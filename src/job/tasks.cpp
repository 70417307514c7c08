#include "job/tasks.h"

#include <atomic>
#include <bit>
#include <numeric>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/threads.h"
#include "bundle/bundle.h"
#include "bundle/feature_answers.h"
#include "job/augment.h"
#include "job/dataset.h"
#include "job/extract.h"
#include "job/fit.h"
#include "job/moments_shelf.h"
#include "job/order.h"
#include "job/reduce.h"
#include "job/set_aside.h"
#include "job/train.h"
#include "packed/open_source.h"
#include "stats/merge_tree.h"

namespace pomona {

using Json = nlohmann::json;

// One stage's way of doing a task.
struct TaskRunner::Work {
  Work(StageOrder the_order, std::unique_ptr<Storage> the_dataset)
      : order(std::move(the_order)), dataset(std::move(the_dataset)) {}
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;

  // Fills the answer of a task with the shards `first` to `last`, without the last.
  virtual void run(uint64_t first, uint64_t last, Json& answer) = 0;

  // The committed record of a shard.
  ShardRecord record(uint64_t shard) const {
    auto found = read_record(*dataset, shard);
    if (found) return std::move(*found);
    throw Error(ErrorCode::no_data, order.stage, dataset->uri() + "/" + dataset::record(shard),
                "the shard's commit record is gone", "give the command `run` again: the shard is done anew");
  }

  StageOrder order;
  std::unique_ptr<Storage> dataset;
};

namespace {

constexpr size_t kProbes = 16;  // photos that are looked for before the first one is read

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

DecodeSettings decode_settings(const StageOrder& order) {
  DecodeSettings decode;
  decode.max_bytes = order.max_bytes;
  decode.max_pixels = order.max_pixels;
  decode.scaled_size = order.scaled_size;
  return decode;
}

Network network_of(const StageOrder& order, const Storage& dataset) {
  return read_network(dataset, dataset::kBundle, parse_precision(order.precision));
}

std::vector<uint64_t> numbers(uint64_t first, uint64_t last) {
  std::vector<uint64_t> shards(last - first);
  std::iota(shards.begin(), shards.end(), first);
  return shards;
}

// A stage that reads and infers photos.
class PhotoWork : public TaskRunner::Work {
 public:
  PhotoWork(StageOrder the_order, std::unique_ptr<Storage> the_dataset)
      : Work(std::move(the_order), std::move(the_dataset)),
        source_(open_source(order.source, order.s3)),
        extractor_(decode_settings(order), network_of(order, *dataset), order.threads) {}

 protected:
  // The plan of the shards, whose photos are there to be read.
  Plan plan_of(const std::vector<uint64_t>& shards) {
    Plan plan = read_plan(*dataset, order.shards, shards);
    plan.previous = order.previous;
    check_source(plan, shards);
    return plan;
  }

  std::unique_ptr<Storage> source_;
  FeatureExtractor extractor_;

 private:
  // Once a process: photos that are not here would all become rejects, or have no views, where it is the
  // machine that is at fault.
  void check_source(const Plan& plan, const std::vector<uint64_t>& shards) {
    if (checked_) return;
    size_t probed = 0;
    for (const uint64_t shard : shards) {
      for (const PlanRow& photo : read_shard_plan(*dataset, plan, shard)) {
        const auto found = source_->stat(photo.key);
        checked_ = found && found->size == photo.size && found->version == photo.version;
        if (checked_) return;
        if (++probed == kProbes) break;
      }
    }
    if (probed < kProbes) return;  // few photos, which may well be gone
    throw Error(ErrorCode::not_found, order.stage, source_->uri(),
                "this worker sees none of the photos that the driver listed",
                "mount the folder at the same path on every worker, or name one that all see: a network file "
                "system, s3://");
  }

  bool checked_ = false;
};

class ExtractWork final : public PhotoWork {
 public:
  using PhotoWork::PhotoWork;

  void run(uint64_t first, uint64_t last, Json& answer) override {
    const std::vector<uint64_t> shards = numbers(first, last);
    const Plan plan = plan_of(shards);
    uint64_t committed = 0;
    for (const uint64_t shard : shards) {
      const auto record = read_record(*dataset, shard);
      if (record && is_current(*dataset, plan, order.settings_sha256, shard, *record)) {
        committed += record->photos;
      }
    }
    Console quiet(true);
    const ExtractResult result = extract(*source_, *dataset, plan, order.settings_sha256, order.max_bytes,
                                         extractor_, order.threads, quiet, {}, shards);
    uint64_t rejects = 0;
    for (const uint64_t shard : shards) rejects += result.records[shard].rejects;
    answer["photos"] = plan.photos;
    answer["rejects"] = rejects;
    answer["bytes"] = plan.bytes;
    answer["committed"] = committed;  // by another attempt, before this one began
    answer["extracted"] = result.extracted;
    answer["seconds"] = seconds(result.times.infer);
    answer["times"] = {result.times.read.count(), result.times.decode.count(), result.times.resize.count(),
                       result.times.infer.count()};
  }
};

// Moments travel through the dataset's storage, not through the engine: they are 6.6 MB of numbers.
class FitWork final : public TaskRunner::Work {
 public:
  using Work::Work;

  void run(uint64_t first, uint64_t last, Json& answer) override {
    MomentsShelf shelf(*dataset);
    MergeTree tree(std::bit_ceil(last - first), &shelf);
    LabelCounts labels;
    std::atomic<uint64_t> rows = 0;
    parallel_for(order.threads, last - first, [&](size_t leaf, size_t) {
      const ShardRecord shard = record(first + leaf);
      tree.add(leaf, shard_moments(*dataset, shard, order.unknown, order.exact, labels));
      rows += shard.rows;
    });
    answer["photos"] = rows.load();
    answer["labels"] = labels.take();
    answer["moments"] = nullptr;
    if (const auto moments = tree.take()) {
      const std::vector<std::byte> bytes = moments->serialize();
      dataset->write(dataset::moments_part(first / order.span), bytes);
      answer["moments"] = sha256_hex(bytes);
    }
  }
};

Bundle bundle_of(const StageOrder& order, const Storage& dataset) {
  const std::string key = std::string(dataset::kBundle) + "bundle.json";
  if (sha256_hex(std::string_view(dataset.read(key))) != order.bundle_sha256) {
    throw Error(ErrorCode::mismatch, order.stage, dataset.uri() + "/" + key,
                "this worker reads another bundle than the driver wrote",
                "a file system that shows old contents cannot hold OUT");
  }
  return load_bundle(dataset, dataset::kBundle);
}

class ReduceWork final : public TaskRunner::Work {
 public:
  ReduceWork(StageOrder the_order, std::unique_ptr<Storage> the_dataset)
      : Work(std::move(the_order), std::move(the_dataset)), projection_(projection(order, *dataset)) {}

  void run(uint64_t first, uint64_t last, Json& answer) override {
    std::vector<PartRecord> parts(last - first);
    LabelCounts labels;
    std::atomic<uint64_t> rows = 0;
    parallel_for(order.threads, parts.size(), [&](size_t index, size_t) {
      const ShardRecord shard = record(first + index);
      parts[index] = reduce_shard(*dataset, shard, projection_, labels);
      rows += shard.rows;
    });
    answer["photos"] = rows.load();
    answer["labels"] = labels.take();
    for (const PartRecord& part : parts) answer["parts"].push_back({part.bytes, part.sha256});
  }

 private:
  static Projection projection(const StageOrder& order, const Storage& dataset) {
    const Bundle bundle = bundle_of(order, dataset);
    return {&bundle.scaler, bundle.pca};
  }

  Projection projection_;
};

class AugmentWork final : public PhotoWork {
 public:
  using PhotoWork::PhotoWork;

  void run(uint64_t first, uint64_t last, Json& answer) override {
    const std::vector<uint64_t> shards = numbers(first, last);
    const Plan plan = plan_of(shards);
    std::vector<ShardRecord> records;
    uint64_t rows = 0;
    for (const uint64_t shard : shards) {
      records.push_back(record(shard));
      rows += records.back().rows;
    }
    Console quiet(true);
    augment(*source_, *dataset, plan, records,
            {order.views, order.background, order.unknown, order.max_bytes, order.threads}, extractor_, quiet,
            {});
    answer["photos"] = rows;
  }
};

class PredictWork final : public TaskRunner::Work {
 public:
  PredictWork(StageOrder the_order, std::unique_ptr<Storage> the_dataset)
      : Work(std::move(the_order), std::move(the_dataset)),
        bundle_(bundle_of(order, *dataset)),
        answers_(bundle_) {}

  void run(uint64_t first, uint64_t last, Json& answer) override {
    std::vector<PartRecord> parts(last - first);
    std::atomic<uint64_t> rows = 0;
    parallel_for(order.threads, parts.size(), [&](size_t index, size_t) {
      const ShardRecord shard = record(first + index);
      parts[index] = predict_shard(*dataset, shard, bundle_, answers_);
      rows += shard.rows;
    });
    answer["photos"] = rows.load();
    for (const PartRecord& part : parts) answer["parts"].push_back({part.bytes, part.sha256});
  }

 private:
  Bundle bundle_;
  FeatureAnswers answers_;
};

std::unique_ptr<TaskRunner::Work> make_work(const std::string& text) {
  StageOrder order = StageOrder::parse(text);
  auto dataset = open_storage(order.out, order.s3);
  if (!dataset->stat(dataset::kSettings) ||
      sha256_hex(std::string_view(dataset->read(dataset::kSettings))) != order.dataset_sha256) {
    throw Error(
        ErrorCode::not_found, order.stage, order.out,
        "this worker does not see the dataset that the driver writes",
        "name an OUT that the driver and every worker see under the same name: a network file system, "
        "s3://");
  }
  if (order.stage == "extract") return std::make_unique<ExtractWork>(std::move(order), std::move(dataset));
  if (order.stage == "fit") return std::make_unique<FitWork>(std::move(order), std::move(dataset));
  if (order.stage == "augment") return std::make_unique<AugmentWork>(std::move(order), std::move(dataset));
  if (order.stage == "reduce") return std::make_unique<ReduceWork>(std::move(order), std::move(dataset));
  return std::make_unique<PredictWork>(std::move(order), std::move(dataset));
}

}  // namespace

TaskRunner::TaskRunner(const std::string& order) : work_(make_work(order)) {}
TaskRunner::~TaskRunner() = default;

std::string TaskRunner::run(uint64_t position) {
  const auto [first, last] = work_->order.shards_of(position);
  Json answer = {{"position", position}, {"rejects", 0}, {"bytes", 0}, {"seconds", 0.0}};
  work_->run(first, last, answer);
  return answer.dump();
}

}  // namespace pomona
