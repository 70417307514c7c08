#include "job/order.h"

#include <algorithm>
#include <bit>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

void check_text(const std::string& path) {
  if (is_utf8(path)) return;
  throw Error(ErrorCode::usage, "run", to_utf8(path),
              "this path is not UTF-8, and cannot travel to a cluster",
              "rename the folder, or use the embedded engine");
}

Json s3_json(const S3Options& s3) {
  return {{"endpoint", s3.endpoint},
          {"region", s3.region},
          {"profile", s3.profile},
          {"role", s3.role},
          {"external_id", s3.external_id},
          {"sts_endpoint", s3.sts_endpoint},
          {"ca_file", s3.ca_file},
          {"path_style", s3.path_style ? Json(*s3.path_style) : Json()},
          {"anonymous", s3.anonymous},
          {"concurrency", s3.concurrency},
          {"read_ahead_bytes", s3.read_ahead_bytes},
          {"timeout", s3.timeout},
          {"give_up", s3.give_up}};
}

S3Options s3_of(const Json& json) {
  S3Options s3;
  const auto read = [&](const char* name, auto& member) { json.at(name).get_to(member); };
  read("endpoint", s3.endpoint);
  read("region", s3.region);
  read("profile", s3.profile);
  read("role", s3.role);
  read("external_id", s3.external_id);
  read("sts_endpoint", s3.sts_endpoint);
  read("ca_file", s3.ca_file);
  if (const Json& style = json.at("path_style"); !style.is_null()) s3.path_style = style.get<bool>();
  read("anonymous", s3.anonymous);
  read("concurrency", s3.concurrency);
  read("read_ahead_bytes", s3.read_ahead_bytes);
  read("timeout", s3.timeout);
  read("give_up", s3.give_up);
  return s3;
}

}  // namespace

std::string StageOrder::text() const {
  check_text(source);
  check_text(out);
  return Json{{"pomona", kVersion},
              {"stage", stage},
              {"source", source},
              {"out", out},
              {"shards", shards},
              {"span", span},
              {"tasks", tasks},
              {"threads", threads},
              {"s3", s3_json(s3)},
              {"dataset_sha256", dataset_sha256},
              {"settings_sha256", settings_sha256},
              {"precision", precision},
              {"max_bytes", max_bytes},
              {"max_pixels", max_pixels},
              {"scaled_size", scaled_size},
              {"previous", previous},
              {"views", views},
              {"background", background},
              {"unknown", unknown},
              {"exact", exact},
              {"bundle_sha256", bundle_sha256}}
      .dump();
}

StageOrder StageOrder::parse(const std::string& text) {
  const Json json = Json::parse(text);
  const std::string version = json.at("pomona").get<std::string>();
  if (version != kVersion) {
    throw Error(ErrorCode::mismatch, "task", "",
                "the driver has Pomona " + version + ", this worker has Pomona " + kVersion,
                "install the driver's version on every worker, or ship one environment to all of them");
  }
  StageOrder order;
  const auto read = [&](const char* name, auto& member) { json.at(name).get_to(member); };
  read("stage", order.stage);
  read("source", order.source);
  read("out", order.out);
  read("shards", order.shards);
  read("span", order.span);
  read("tasks", order.tasks);
  read("threads", order.threads);
  order.s3 = s3_of(json.at("s3"));
  read("dataset_sha256", order.dataset_sha256);
  read("settings_sha256", order.settings_sha256);
  read("precision", order.precision);
  read("max_bytes", order.max_bytes);
  read("max_pixels", order.max_pixels);
  read("scaled_size", order.scaled_size);
  read("previous", order.previous);
  read("views", order.views);
  read("background", order.background);
  read("unknown", order.unknown);
  read("exact", order.exact);
  read("bundle_sha256", order.bundle_sha256);
  return order;
}

std::pair<uint64_t, uint64_t> StageOrder::shards_of(uint64_t position) const {
  const uint64_t first = tasks.at(position) * span;
  return {first, std::min(first + span, shards)};
}

uint64_t task_span(uint64_t shards, uint64_t tasks_wanted, uint64_t most) {
  const uint64_t span = std::bit_floor(std::max<uint64_t>(1, shards / std::max<uint64_t>(1, tasks_wanted)));
  return std::min(span, std::bit_floor(most));
}

}  // namespace pomona
