// The reduced vectors of a finished run, in the order of its shards.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "storage/storage.h"
#include "table/features.h"

namespace pomona::report {

// Reads every part that run.json names, `threads` of them at a time, and hands them over one by one: what is
// added up in `visit` has the same bits whatever the number of threads. Throws Error(corrupt) where a part is
// not the one that run.json names.
void scan_reduced(const Storage& dataset, const nlohmann::json& run, size_t threads,
                  const std::function<void(const ReducedTable& table)>& visit);

// Chooses `wanted` of `total` things evenly: thing i is chosen where chosen() says so, and is then number
// rank().
class EvenSample {
 public:
  EvenSample(uint64_t total, uint64_t wanted) : total_(total), wanted_(wanted < total ? wanted : total) {}
  bool chosen(uint64_t i) const { return rank(i + 1) > rank(i); }
  uint64_t rank(uint64_t i) const { return total_ == 0 ? 0 : i * wanted_ / total_; }
  uint64_t size() const { return wanted_; }

 private:
  uint64_t total_;
  uint64_t wanted_;
};

}  // namespace pomona::report
