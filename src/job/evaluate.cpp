#include "job/evaluate.h"

#include <algorithm>
#include <mutex>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "bundle/feature_answers.h"
#include "bundle/feature_extractor.h"
#include "job/judgement.h"
#include "job/labels.h"

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
  Judge(const Bundle& bundle, const Storage& source, const EvaluateOptions& options)
      : bundle_(bundle),
        source_(source),
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

  Judgement judge(const ObjectInfo& object, size_t index) {
    Worker& worker = workers_[index];
    Judgement result;
    result.label = labels_.of(object.key);
    result.kind = kind_of(result.label, result.label_index);
    MaybeReject reject = source_.read_listed(object, bundle_.decode.max_bytes, worker.file);
    if (!reject) {
      ImageHeader header;
      StepTimes times;
      reject = worker.extractor.extract(worker.file.span(), worker.features, header, times);
    }
    if (reject) {
      result.reject = reject->reason;
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
  const Storage& source_;
  Labels labels_;
  std::string unknown_;
  FeatureAnswers answers_;
  FeatureExtractor extractor_;
  std::vector<Worker> workers_;
};

}  // namespace

EvaluationResult evaluate(const Bundle& bundle, const Storage& source, const EvaluateOptions& options,
                          Console& console, const std::stop_token& stop) {
  const std::vector<ObjectInfo> objects = listing(source);
  Judge judge(bundle, source, options);
  Progress progress(console, "evaluate", objects.size());
  std::vector<Judgement> judgements(objects.size());
  parallel_for(
      options.threads, objects.size(),
      [&](size_t index, size_t worker) {
        judgements[index] = judge.judge(objects[index], worker);
        judgements[index].path = to_utf8(objects[index].key);
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
