#include "classify/decision.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>

#include "base/error.h"
#include "classify/novelty.h"

namespace pomona {
namespace {

std::string percent(double share) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%.1f %%", 100 * share));
  return text.data();
}

std::string rounded(double score) {
  std::array<char, 32> text{};
  static_cast<void>(std::snprintf(text.data(), text.size(), "%.2f", score));
  return text.data();
}

}  // namespace

const char* name(Verdict verdict) {
  static constexpr std::array names = {"known", "uncertain", "not-a-fruit"};
  return names.at(static_cast<size_t>(verdict));
}

double probability_threshold(std::span<const double> held_back_probabilities, double false_rejection) {
  std::vector<double> doubts;
  for (const double probability : held_back_probabilities) doubts.push_back(-probability);
  return -rejection_threshold(doubts, false_rejection);
}

Answer decide(std::span<const double> probabilities, double novelty, const Thresholds& thresholds,
              size_t top) {
  if (probabilities.empty())
    throw Error(ErrorCode::internal, "classify", "", "there are no classes to decide between");
  std::vector<uint32_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), 0U);
  const size_t ranked = std::clamp<size_t>(top, 1, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(ranked), order.end(),
                    [&](uint32_t a, uint32_t b) {
                      return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b]
                                                                  : a < b;
                    });
  Answer answer{{}, Verdict::known, novelty, {}};
  for (size_t i = 0; i < ranked; ++i) answer.ranking.push_back({order[i], probabilities[order[i]]});
  const double best = answer.ranking.front().probability;
  if (novelty > thresholds.novelty) {
    answer.verdict = Verdict::not_a_fruit;
    answer.reason = "it is unlike what was learnt: its novelty is " + rounded(novelty) + ", and " +
                    percent(1 - thresholds.false_rejection) + " of known photos stay below " +
                    rounded(thresholds.novelty);
  } else if (best < thresholds.probability) {
    answer.verdict = Verdict::uncertain;
    answer.reason = "its best class has a probability of " + percent(best) + ", and " +
                    percent(1 - thresholds.false_rejection) + " of known photos reach " +
                    percent(thresholds.probability);
  } else {
    answer.reason =
        "its best class has a probability of " + percent(best) + ", and it looks like what was learnt";
  }
  return answer;
}

}  // namespace pomona
