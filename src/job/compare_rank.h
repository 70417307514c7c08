// Which of several networks to take, from what each got right and how fast it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pomona {

struct Contender {
  std::vector<char> right;  // 1 or 0 for each photo held back
  double photos_per_second = 0;
};

// How much of its accuracy a contender lacks to the most accurate one, photo by photo.
struct Loss {
  double share = 0;  // of the photos
  double error = 0;  // standard error of that, over groups
};

struct Ranking {
  size_t best = 0;         // the most accurate; of equals the faster one
  size_t recommended = 0;  // the fastest of those whose loss is no larger than its standard error
  std::vector<Loss> losses;
  std::vector<bool> dominated;  // another one is at least as accurate and at least as fast, and better in one
};

// Throws Error: no_data without contenders or photos, mismatch where a contender has not judged all photos.
Ranking rank(const std::vector<Contender>& contenders, const std::vector<uint64_t>& groups);

}  // namespace pomona
