// Which rows are held back together: the folds of cross-validation.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace pomona {

struct FoldPlan {
  // A class that is one group alone cannot be held back without losing it: its rows are learnt from in every
  // fold, and never judged.
  static constexpr uint32_t kAlwaysLearn = std::numeric_limits<uint32_t>::max();

  uint32_t folds = 0;
  std::vector<uint32_t> fold;  // of each row
  uint64_t held_back = 0;      // rows that belong to a fold
  uint64_t groups = 0;         // their groups, of one class each
};

// Rows of one class and one group share a fold: views of one turned fruit on both sides would make any model
// look good. Groups are dealt out class by class, largest first, each to the fold that has the fewest rows of
// the class; where nothing is known of groups, give each row a key of its own (the hash of its path) and the
// folds come out stratified. The plan depends on labels and keys alone, not on the order of the rows. Throws
// Error: usage for fewer than 2 folds, mismatch where labels and groups differ in number.
FoldPlan plan_folds(std::span<const uint32_t> labels, std::span<const uint64_t> groups, uint32_t folds);

}  // namespace pomona
