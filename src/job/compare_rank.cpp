#include "job/compare_rank.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "base/error.h"

namespace pomona {
namespace {

uint64_t count_right(const Contender& contender) {
  return static_cast<uint64_t>(std::accumulate(contender.right.begin(), contender.right.end(), int64_t{0}));
}

bool better(const Contender& a, const Contender& b) {
  const auto pair = [](const Contender& c) { return std::pair(count_right(c), c.photos_per_second); };
  return pair(a) > pair(b);
}

// The standard error of a mean of differences whose groups vary together: the root of the groups' squared
// sums, about the mean, over the number of photos.
Loss loss_of(const Contender& contender, const Contender& best, const std::vector<uint64_t>& groups) {
  const auto n = static_cast<double>(groups.size());
  struct Sum {
    double difference = 0;
    double photos = 0;
  };
  std::unordered_map<uint64_t, Sum> sums;
  double total = 0;
  for (size_t photo = 0; photo < groups.size(); ++photo) {
    const double difference = best.right[photo] - contender.right[photo];
    Sum& sum = sums[groups[photo]];
    sum.difference += difference;
    ++sum.photos;
    total += difference;
  }
  Loss loss{total / n, 0};
  double squares = 0;
  for (const auto& [group, sum] : sums) squares += std::pow(sum.difference - loss.share * sum.photos, 2);
  loss.error = std::sqrt(squares) / n;
  return loss;
}

bool dominates(const Contender& a, const Contender& b) {
  const uint64_t right_a = count_right(a);
  const uint64_t right_b = count_right(b);
  return right_a >= right_b && a.photos_per_second >= b.photos_per_second &&
         (right_a > right_b || a.photos_per_second > b.photos_per_second);
}

}  // namespace

Ranking rank(const std::vector<Contender>& contenders, const std::vector<uint64_t>& groups) {
  if (contenders.empty() || groups.empty())
    throw Error(ErrorCode::no_data, "compare", "", "there is nothing to compare");
  for (const Contender& contender : contenders) {
    if (contender.right.size() != groups.size())
      throw Error(ErrorCode::mismatch, "compare", "", "networks were judged by different photos");
  }
  Ranking ranking;
  for (size_t i = 1; i < contenders.size(); ++i) {
    if (better(contenders[i], contenders[ranking.best])) ranking.best = i;
  }
  ranking.recommended = ranking.best;
  for (size_t i = 0; i < contenders.size(); ++i) {
    const Loss loss = loss_of(contenders[i], contenders[ranking.best], groups);
    if (loss.share <= loss.error &&
        contenders[i].photos_per_second > contenders[ranking.recommended].photos_per_second) {
      ranking.recommended = i;
    }
    ranking.losses.push_back(loss);
    ranking.dominated.push_back(std::ranges::any_of(
        contenders, [&](const Contender& other) { return dominates(other, contenders[i]); }));
  }
  return ranking;
}

}  // namespace pomona
