// What the report knows of each class: its mean, the photos nearest to it and farthest from it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/points.h"

namespace pomona::report {

inline constexpr size_t kTypical = 5;  // and as many strange ones

// A photo that the page names.
struct Photo {
  std::string path;
  uint32_t label = 0;  // class index
  int64_t point = -1;  // in the map; -1: not drawn
  int tile = -1;       // in the sprite sheet; -1: no picture
};

struct RankedPhoto {
  double distance = 0;  // to the class mean, squared
  uint64_t row = 0;
  Photo photo;
};

struct ClassInfo {
  std::string name;  // empty: photos without a label
  uint64_t count = 0;
  std::vector<double> mean;          // k numbers, over all rows of the class
  std::vector<RankedPhoto> typical;  // nearest first
  std::vector<RankedPhoto> strange;  // farthest first
};

// The classes that run.json counts, by name; photos without a label are a class with an empty name.
class Classes {
 public:
  Classes(const nlohmann::json& run, size_t k);

  size_t size() const { return all_.size(); }
  uint32_t index(
      std::string_view name) const;  // throws Error(corrupt) for a name that run.json does not count
  bool contains(std::string_view name) const { return index_.contains(name); }
  std::vector<ClassInfo>& all() { return all_; }
  const std::vector<ClassInfo>& all() const { return all_; }

  // First pass: every row of a class; then finish_means().
  void add(uint32_t label, const float* reduced);
  void finish_means();
  // Second pass: keeps the photo if it is among the nearest or the farthest of its class.
  void rank(uint32_t label, const float* reduced, uint64_t row, int64_t point, const std::string& path);

 private:
  size_t k_;
  std::vector<ClassInfo> all_;
  std::map<std::string, uint32_t, std::less<>> index_;
};

}  // namespace pomona::report
