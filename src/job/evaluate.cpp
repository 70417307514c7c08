#include "job/evaluate.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "bundle/feature_answers.h"
#include "bundle/feature_extractor.h"
#include "job/judgement.h"
#include "job/labels.h"
#include "storage/read_in_order.h"

namespace pomona {
namespace {

std::vector<ObjectInfo> listing(const Storage& source) {
  std::vector<ObjectInfo> objects;
  source.list([&](ObjectInfo&& object) { objects.push_back(std::move(object)); });
  if (objects.empty()) {
    throw Error(ErrorCode::no_data, "evaluate", source.uri(), "there are no files here",
                "name a folder of photos, one folder a class");
  }
  std::ranges::sort(objects, {}, &ObjectInfo::key);
  return objects;
}

// One thread's working memory.
struct Worker {
  FeatureExtractor::Worker extractor;
  Buffer file;
  std::vector<float> features;
  std::vector<double> probabilities;
};

class Judge {
 public:
  // `objects` must outlive this.
  Judge(const Bundle& bundle, const Storage& source, const std::vector<ObjectInfo>& objects,
        const EvaluateOptions& options)
      : bundle_(bundle),
        objects_(objects),
        reads_(
            source, objects.size(), [&objects](size_t i) { return objects[i]; }, bundle.decode.max_bytes),
        labels_(options.labels),
        unknown_(options.unknown),
        answers_(bundle),
        extractor_(bundle.decode, bundle.network, options.threads) {
    for (size_t i = 0; i < options.threads; ++i) {
      workers_.push_back({extractor_.worker(),
                          {},
                          std::vector<float>(extractor_.dimension()),
                          std::vector<double>(answers_.classes())});
    }
  }

  Judgement judge(size_t index, size_t worker_index, StepTimes& times) {
    const ObjectInfo& object = objects_[index];
    Worker& worker = workers_[worker_index];
    Judgement result;
    result.path = to_utf8(object.key);
    result.label = labels_.of(object.key);
    result.kind = kind_of(result.label, result.label_index);
    const auto start = std::chrono::steady_clock::now();
    MaybeReject reject = reads_.read(index, worker.file);
    times.read += std::chrono::steady_clock::now() - start;
    if (!reject) {
      ImageHeader header;
      reject = worker.extractor.extract(worker.file.span(), worker.features, header, times);
    }
    if (reject) {
      result.reject = std::move(*reject);
      return result;
    }
    const Answer answer = std::move(answers_.answer(worker.features, 1, worker.probabilities).front());
    result.predicted = answer.ranking.front().label;
    result.probability = answer.ranking.front().probability;
    result.novelty = answer.novelty;
    result.verdict = answer.verdict;
    if (result.kind == Judgement::Kind::known) {
      result.label_probability = worker.probabilities[result.label_index];
    }
    return result;
  }

  // Of the photo that the worker judged last.
  std::span<const float> features(size_t worker) const { return workers_[worker].features; }

 private:
  Judgement::Kind kind_of(const std::string& label, uint32_t& index) const {
    if (label.empty()) return Judgement::Kind::unlabelled;
    if (label == unknown_) return Judgement::Kind::unknown;
    const auto found = std::ranges::lower_bound(bundle_.classes, label);
    if (found == bundle_.classes.end() || *found != label) return Judgement::Kind::other;
    index = static_cast<uint32_t>(found - bundle_.classes.begin());
    return Judgement::Kind::known;
  }

  const Bundle& bundle_;
  const std::vector<ObjectInfo>& objects_;
  ReadInOrder reads_;
  Labels labels_;
  std::string unknown_;
  FeatureAnswers answers_;
  FeatureExtractor extractor_;
  std::vector<Worker> workers_;
};

}  // namespace

EvaluationResult evaluate(const Bundle& bundle, const Storage& source, const EvaluateOptions& options,
                          Console& console, const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  const std::vector<ObjectInfo> objects = listing(source);
  if (options.observer != nullptr) {
    options.observer->listed(objects,
                             std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  Judge judge(bundle, source, objects, options);
  Progress progress(console, "evaluate", objects.size());
  std::vector<Judgement> judgements(objects.size());
  parallel_for(
      options.threads, objects.size(),
      [&](size_t index, size_t worker) {
        StepTimes times;
        judgements[index] = judge.judge(index, worker, times);
        if (options.observer != nullptr) {
          const auto features = judgements[index].reject ? std::span<const float>() : judge.features(worker);
          options.observer->judged(index, judgements[index], features, times);
        }
        progress.advance(1, judgements[index].reject ? 1 : 0);
      },
      stop);
  if (stop.stop_requested()) {
    throw Error(ErrorCode::interrupted, "evaluate", source.uri(), "stopped before the last photo");
  }
  progress.finish();
  return summarise(judgements, bundle.classes, options.mistakes);
}

}  // namespace pomona
