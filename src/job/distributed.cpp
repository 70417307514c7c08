#include "job/distributed.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <numeric>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "job/dataset.h"
#include "job/moments_shelf.h"
#include "stats/merge_tree.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr int kRounds = 3;  // of a stage, before shards that do not stay committed are an error

// A task's moments are 6.6 MB at 1,280 features, whatever it covers: so many of them at most.
constexpr uint64_t kMostMomentTasks = 256;
constexpr uint64_t kMostShardsInTask = 64;  // more would be lost with a machine

std::string absolute(const std::string& uri) {
  const auto folder = open_storage(uri)->local_folder();
  return folder ? std::filesystem::absolute(*folder).lexically_normal().string() : uri;
}

std::vector<uint64_t> all_tasks(uint64_t shards, uint64_t span) {
  std::vector<uint64_t> tasks((shards + span - 1) / span);
  std::iota(tasks.begin(), tasks.end(), uint64_t{0});
  return tasks;
}

uint64_t rows_of(const std::vector<ShardRecord>& records) {
  uint64_t rows = 0;
  for (const ShardRecord& record : records) rows += record.rows;
  return rows;
}

Error not_committed(const char* stage, const Storage& dataset, uint64_t shards) {
  return {ErrorCode::storage, stage, dataset.uri(), counted(shards, "shard") + " did not stay committed",
          "does another program write there? give the same command again"};
}

void add_labels(const Json& answer, std::map<std::string, uint64_t>& labels) {
  for (const auto& [label, count] : answer.at("labels").items()) labels[label] += count.get<uint64_t>();
}

}  // namespace

uint64_t task_memory(uint64_t threads, uint64_t shard_size, uint64_t dimension) {
  constexpr uint64_t kLibraries =
      300'000'000;  // Python, Arrow, OpenVINO, the network: 251 MB were seen, rounded up
  constexpr uint64_t kPhoto = 50'000'000;  // a file and 12 megapixels of it
  return kLibraries + threads * kPhoto + 3 * shard_size * dimension * sizeof(float);
}

DistributedJob::DistributedJob(Engine& engine, const std::string& source, const std::string& out,
                               S3Options s3, Storage& dataset, Console& console)
    : engine_(engine),
      source_(source.empty() ? "" : absolute(source)),
      out_(absolute(out)),
      s3_(std::move(s3)),
      dataset_(dataset),
      console_(console) {}

StageOrder DistributedJob::stage_order(const std::string& stage, uint64_t shards, StageOrder order) const {
  order.stage = stage;
  order.source = source_;
  order.out = out_;
  order.s3 = s3_;
  order.shards = shards;
  order.threads = engine_.threads_per_task();
  order.dataset_sha256 = sha256_hex(std::string_view(dataset_.read(dataset::kSettings)));
  // Four tasks a place even out tasks of unequal length.
  order.span = task_span(shards, 4 * engine_.tasks_at_a_time(), kMostShardsInTask);
  order.tasks = all_tasks(shards, order.span);
  return order;
}

void DistributedJob::give_out(StageOrder& order, const std::vector<uint64_t>& open) const {
  order.span = task_span(open.size(), 4 * engine_.tasks_at_a_time(), kMostShardsInTask);
  order.tasks.clear();
  for (const uint64_t shard : open) {
    if (order.tasks.empty() || order.tasks.back() != shard / order.span) {
      order.tasks.push_back(shard / order.span);
    }
  }
}

void DistributedJob::extract_once(const Plan& plan, StageOrder order, const std::vector<uint64_t>& open,
                                  ExtractResult& result) {
  order = stage_order("extract", plan.shards.size(), std::move(order));
  give_out(order, open);
  uint64_t photos = 0;
  for (const uint64_t shard : open) photos += plan.shards[shard].photos;
  const uint64_t rejects =
      std::accumulate(result.records.begin(), result.records.end(), uint64_t{0},
                      [](uint64_t sum, const ShardRecord& record) { return sum + record.rejects; });
  console_.info("tasks    " + counted(order.tasks.size(), "task") + " of " + counted(order.span, "shard") +
                " (about " + with_commas(photos / order.tasks.size()) + " photos each), " +
                with_commas(engine_.tasks_at_a_time()) + " at a time, " + counted(order.threads, "thread") +
                " in each");
  Progress progress(console_, "extract", plan.photos);
  progress.start_at(plan.photos - photos, rejects);
  uint64_t kept = 0;
  engine_.map({"extract: " + counted(open.size(), "shard") + ", " + counted(photos, "photo"), order.text(),
               order.tasks.size(), progress},
              [&](std::string_view text) {
                const Json answer = Json::parse(text);
                result.extracted += answer.at("extracted").get<uint64_t>();
                kept += answer.at("committed").get<uint64_t>();
                const auto times = answer.at("times").get<std::vector<int64_t>>();
                result.times +=
                    {std::chrono::nanoseconds(times.at(0)), std::chrono::nanoseconds(times.at(1)),
                     std::chrono::nanoseconds(times.at(2)), std::chrono::nanoseconds(times.at(3))};
              });
  progress.finish();
  if (kept > 0) {
    console_.info("extract  " + counted(kept, "photo") +
                  " of tasks that were given again had been committed; they were not inferred again");
  }
}

ExtractResult DistributedJob::extract(const Plan& plan, const StageOrder& order,
                                      const std::function<void()>& prepare) {
  ExtractResult result;
  result.records.resize(plan.shards.size());
  std::vector<uint64_t> open = open_shards(dataset_, plan, order.settings_sha256, true, result.records);
  tell_kept_shards(plan.shards.size(), open, console_);
  if (!open.empty()) prepare();
  // The records in the dataset decide, not the answers of the tasks.
  for (int round = 0; !open.empty(); ++round) {
    if (round == kRounds) throw not_committed("extract", dataset_, open.size());
    extract_once(plan, order, open, result);
    open = open_shards(dataset_, plan, order.settings_sha256, false, result.records);
  }
  return result;
}

FitResult DistributedJob::fit(const std::vector<ShardRecord>& records, const FitSettings& settings) {
  require_rows(dataset_, records);
  const uint64_t rows = rows_of(records);
  StageOrder order = stage_order("fit", records.size());
  const uint64_t tasks = std::min(kMostMomentTasks, std::bit_ceil(2 * engine_.tasks_at_a_time()));
  order.span = task_span(records.size(), tasks, records.size());
  order.tasks = all_tasks(records.size(), order.span);
  order.unknown = settings.unknown;
  order.exact = sums_exactly(rows);
  dataset_.remove_below(dataset::kMoments, dataset::is_ours);
  Progress progress(console_, "fit    ", rows);
  std::vector<Json> answers(order.tasks.size());
  engine_.map({"fit: moments of " + counted(rows, "photo"), order.text(), order.tasks.size(), progress},
              [&](std::string_view text) {
                Json answer = Json::parse(text);
                const auto position = answer.at("position").get<size_t>();
                answers.at(position) = std::move(answer);
              });
  MomentsShelf shelf(dataset_);
  MergeTree tree(order.tasks.size(), &shelf);
  std::map<std::string, uint64_t> labels;
  for (size_t task = 0; task < answers.size(); ++task) {
    add_labels(answers[task], labels);
    std::optional<Moments> moments;
    if (const Json& told = answers[task].at("moments"); !told.is_null()) {
      const auto sha256 = told.get<std::string>();
      const std::string key = dataset::moments_part(task);
      const std::string bytes = dataset_.read(key);
      if (sha256_hex(std::string_view(bytes)) != sha256) {
        throw Error(ErrorCode::corrupt, "fit", dataset_.uri() + "/" + key,
                    "its bytes are not those that the worker wrote", "give the same command again");
      }
      moments = Moments::deserialize(std::as_bytes(std::span(bytes)));
    }
    tree.add(task, std::move(moments));
  }
  FitResult result = fit_moments(dataset_, tree.take(), std::move(labels), settings);
  dataset_.remove_below(dataset::kMoments, dataset::is_ours);
  progress.finish();
  return result;
}

ReduceResult DistributedJob::map_parts(const std::string& stage, const std::vector<ShardRecord>& records) {
  StageOrder order = stage_order(stage, records.size());
  order.bundle_sha256 =
      sha256_hex(std::string_view(dataset_.read(std::string(dataset::kBundle) + "bundle.json")));
  Progress progress(console_, stage == "reduce" ? "reduce " : stage, rows_of(records));
  ReduceResult result;
  result.parts.resize(records.size());
  engine_.map({stage + ": " + counted(records.size(), "shard"), order.text(), order.tasks.size(), progress},
              [&](std::string_view text) {
                const Json answer = Json::parse(text);
                uint64_t shard = order.shards_of(answer.at("position").get<uint64_t>()).first;
                for (const Json& part : answer.at("parts")) {
                  result.parts.at(shard++) = {part.at(0).get<uint64_t>(), part.at(1).get<std::string>()};
                }
                if (answer.contains("labels")) add_labels(answer, result.labels);
              });
  progress.finish();
  return result;
}

ReduceResult DistributedJob::reduce(const std::vector<ShardRecord>& records) {
  return map_parts("reduce", records);
}

void DistributedJob::augment(const std::vector<ShardRecord>& records, const StageOrder& of_photos,
                             const AugmentSettings& settings) {
  StageOrder order = stage_order("augment", records.size(), of_photos);
  order.views = settings.views;
  order.background = settings.background;
  order.unknown = settings.unknown;
  Progress progress(console_, "augment", rows_of(records));
  for (int round = 0;; ++round) {
    std::vector<uint64_t> open;
    for (const ShardRecord& record : shards_to_augment(dataset_, records, settings)) {
      open.push_back(record.shard);
    }
    if (open.empty()) break;
    if (round == kRounds) throw not_committed("augment", dataset_, open.size());
    give_out(order, open);
    const std::string title = "augment: " + counted(open.size(), "shard") + ", " +
                              counted(settings.views, "view") + " of each photo";
    engine_.map({title, order.text(), order.tasks.size(), progress}, [](std::string_view) {});
  }
  progress.finish();
}

std::vector<PartRecord> DistributedJob::predict(const std::vector<ShardRecord>& records) {
  return map_parts("predict", records).parts;
}

}  // namespace pomona
