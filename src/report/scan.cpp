#include "report/scan.h"

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "base/threads.h"
#include "job/dataset.h"

namespace pomona::report {
namespace {

constexpr size_t kPartsPerThread = 2;

ReducedTable read_part(const Storage& dataset, uint64_t shard, const nlohmann::json& part) {
  const std::string key = dataset::reduced_part(shard);
  const std::string bytes = dataset.read(key);
  const std::string object = dataset.uri() + "/" + key;
  if (sha256_hex(std::string_view(bytes)) != part.value("sha256", "")) {
    throw Error(ErrorCode::corrupt, "report", object, "it is not the file that run.json names",
                "make it again: `pomona reduce " + dataset.uri() + "`");
  }
  return decode_reduced(bytes, object);
}

}  // namespace

void scan_reduced(const Storage& dataset, const nlohmann::json& run, size_t threads,
                  const std::function<void(const ReducedTable& table)>& visit) {
  const nlohmann::json& parts = run.at("reduced");
  const size_t group = std::max<size_t>(1, threads) * kPartsPerThread;
  std::vector<ReducedTable> tables(group);
  for (size_t first = 0; first < parts.size(); first += group) {
    const size_t count = std::min(group, parts.size() - first);
    parallel_for(threads, count,
                 [&](size_t i, size_t) { tables[i] = read_part(dataset, first + i, parts[first + i]); });
    for (size_t i = 0; i < count; ++i) visit(tables[i]);
  }
}

}  // namespace pomona::report
