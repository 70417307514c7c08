// The k nearest photos by cosine as a classifier: no training but keeping the vectors, and answers that can
// be looked up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "classify/nearest.h"
#include "classify/rows.h"

namespace pomona {

// What a bundle keeps. The logit of class c is
//
//   log(sum over the nearest that are of class c of exp(cosine / 0.05), and a tenth of what the farthest of
//   the nearest counts)
//
// so that a near photo counts more than a far one, and a class without any among the nearest is unlikely, not
// impossible. Every photo counts the same, whatever its class. Temperature and novelty build on these logits
// as they do on the regression's.
struct NeighbourModel {
  size_t dimension = 0;
  size_t classes = 0;
  size_t neighbours = 0;         // k
  std::vector<float> rows;       // the vectors learnt from, n x dimension
  std::vector<uint32_t> labels;  // n
};

// More rows are thinned to so many, those with the smallest keys. A row costs 4 bytes a number in memory
// (more while it is loaded), 8 in a bundle.
inline constexpr size_t kMaxNeighbourRows = 100'000;

// Keeps the rows in the order of their keys and views (a photo's key is that of its views, too), so that the
// model does not depend on where they stood. `views` may be empty. Throws Error: no_data where there are no
// rows, mismatch for labels that do not fit.
NeighbourModel keep_neighbours(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                               std::span<const uint64_t> keys, std::span<const uint32_t> views, size_t k,
                               size_t max_rows = kMaxNeighbourRows);

// The logits of one photo from its neighbours, the nearest first, of whom the first `k` count.
void neighbour_logits(std::span<const Neighbour> nearest, std::span<const uint32_t> labels, size_t k,
                      std::span<float> logits);

// The model made ready to answer. A row's logits have the same bits whatever stands beside it.
class NeighbourClassifier {
 public:
  // Throws Error: corrupt where the model's vectors have the wrong sizes.
  explicit NeighbourClassifier(const NeighbourModel& model);

  size_t dimension() const { return nearest_.dimension(); }
  size_t classes() const { return classes_; }

  // n rows of `dimension` -> n of `classes`.
  void logits(std::span<const float> rows, std::span<float> out) const;

 private:
  NearestRows nearest_;
  std::vector<uint32_t> labels_;
  size_t classes_;
  size_t k_;
};

}  // namespace pomona
