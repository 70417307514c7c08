#include "job/dataset.h"

#include <algorithm>
#include <regex>

namespace pomona::dataset {
namespace {

std::string five_digits(uint64_t number) {
  const std::string text = std::to_string(number);
  return std::string(5 - std::min<size_t>(5, text.size()), '0') + text;
}

std::string part(const std::string& folder, uint64_t number) {
  return folder + "/part-" + five_digits(number) + ".parquet";
}

}  // namespace

std::string plan_part(uint64_t number) { return part("plan", number); }
std::string record(uint64_t shard) { return "shards/" + five_digits(shard) + ".json"; }
std::string listing_part(uint64_t shard) { return "shards/" + five_digits(shard) + ".parquet"; }
std::string features_part(uint64_t shard) { return part("features", shard); }
std::string rejects_part(uint64_t shard) { return part("rejects", shard); }
std::string reduced_part(uint64_t shard) { return part("reduced", shard); }
std::string moments_part(uint64_t task) { return "moments/part-" + five_digits(task) + ".bin"; }
std::string augmented_part(uint64_t shard) { return part("augmented", shard); }
std::string augmented_record(uint64_t shard) { return "augmented/" + five_digits(shard) + ".json"; }
std::string predictions_part(uint64_t shard) { return part("predictions", shard); }

bool is_ours(std::string_view key) {
  static const std::regex name(
      R"((previous/\d{5,}/)?)"
      R"(((plan|features|rejects|reduced|predictions|held-back|augmented)/part-\d{5,}\.parquet|)"
      R"(plan/settings\.json|shards/\d{5,}\.(json|parquet)|augmented/\d{5,}\.json|)"
      R"(moments/part-\d{5,}\.bin|)"
      R"(bundle/(bundle\.json|network\.xml|network\.bin|parameters\.safetensors)))");
  return std::regex_match(key.begin(), key.end(), name);
}

std::string previous(uint64_t shards, const std::string& key) {
  return kPrevious + five_digits(shards) + "/" + key;
}

}  // namespace pomona::dataset
