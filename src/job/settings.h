// What a job is told: everything that shapes the result, and how to work.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "classify/train.h"
#include "image/decode.h"
#include "network/network.h"
#include "stats/pca.h"
#include "storage/s3_options.h"

namespace pomona {

inline constexpr uint64_t kDefaultShardSize = 1024;  // photos

// At most so many rejects, or such a fraction of the photos.
using RejectLimit = std::variant<uint64_t, double>;

struct JobSettings {
  // These shape the result. A dataset remembers them and refuses others.
  NetworkSettings network;
  DecodeSettings decode;          // scaled_size is set from the network's size
  bool scaled_decode = true;      // JPEG at 1/2, 1/4 or 1/8 where that leaves twice the network's size
  std::string labels = "folder";  // "folder": the parent folder's name; "none"; or a CSV file of path,label
  uint64_t shard_size = kDefaultShardSize;
  uint64_t limit = 0;  // photos; 0: all
  Components components = 0.95;
  bool whiten = false;
  std::string unknown = "not-fruit";  // photos of this label are not learnt from; empty: there is none

  // These shape the classifier alone: another value trains again, from what is stored.
  bool train = false;               // a classifier too, where the photos have labels
  uint64_t augment = 0;             // further views of each labelled photo to learn from
  bool augment_background = false;  // ... those of photos cut out before white, before something else
  double false_rejection = 0.05;
  ClassWeights class_weights = ClassWeights::balanced;
  ClassifierKind classifier = ClassifierKind::softmax;

  // These do not.
  S3Options s3;        // how S3 is reached, where SOURCE or OUT is there
  size_t threads = 0;  // 0: as many as this process may use
  std::optional<RejectLimit> max_rejects;
  bool overwrite = false;
  bool retry = false;  // a dataset's own photos again: those rejected for a reason that can pass
};

// The settings that shape the features, and those that shape the model, by the names of their flags.
nlohmann::json extract_settings(const JobSettings& settings, const Network& network);
nlohmann::json fit_settings(const JobSettings& settings);
// The way back: --components and --whiten as a dataset remembers them.
void take_fit_settings(const nlohmann::json& fit, JobSettings& settings);
nlohmann::json train_settings(const JobSettings& settings);

// One line for each name whose values differ: "--size: 224 there, 128 now".
std::vector<std::string> differences(const nlohmann::json& there, const nlohmann::json& now);

size_t threads_of(const JobSettings& settings);

}  // namespace pomona
