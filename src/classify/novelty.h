// How unlike what was learnt a photo is: by the PCA's residual, by residual and logits together, by
// Mahalanobis distance.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "classify/rows.h"
#include "stats/affine.h"
#include "stats/pca.h"
#include "stats/scaler.h"

namespace pomona {

// The squared length of what the components leave of a scaled feature vector: what has no place in the photos
// that the PCA was fitted on. One photo alone or many, the same bits.
class ResidualNovelty {
 public:
  // `scaler` may be missing, as in Projection.
  ResidualNovelty(const StandardScaler* scaler, const Pca& pca);

  // n feature vectors and their n reduced vectors (from Projection) -> n scores. Throws Error: mismatch.
  void score(std::span<const float> features, std::span<const float> reduced, std::span<double> scores) const;

 private:
  std::vector<double> mean_;
  std::vector<double> scale_;
  std::vector<double> lengths_;  // k: what a reduced number counts, squared; 1 unless the PCA whitens
};

// Virtual-logit matching (Wang et al., "ViM: Out-Of-Distribution with Virtual-logit Matching", 2022): the
// length of the residual, weighted to be as large as a largest logit, against the logits. A photo is new
// where much of it has no place among the components and no class claims it.
//
// The weight: mean of the largest logits over mean length of the residuals, both of held-back photos
// (residuals.size() rows of logits). NaN residuals are left out. Throws Error: no_data where no photo is
// left.
double vim_weight(std::span<const double> residuals, std::span<const float> logits);
// weight * sqrt(residual) - log(sum(exp(logits))); the logits as the model gives them, not divided by a
// temperature.
double vim_score(double residual, std::span<const float> logits, double weight);

// Class means and the inverse of the covariance that all classes share: what a bundle keeps.
struct MahalanobisModel {
  size_t dimension = 0;
  size_t classes = 0;
  std::vector<float> whitening;  // dimension x dimension: W with |W (x - mean)|^2 the squared distance
  std::vector<float> means;      // classes x dimension
};

inline constexpr double kDefaultShrinkage = 0.1;

// The covariance within classes is drawn towards a multiple of the identity by `shrinkage` (0 to 1), so that
// it can be inverted however few rows there are. Classes without rows get no mean and are left out. Reads the
// rows twice, in blocks. Throws Error: no_data where there are no rows, mismatch for labels that do not fit.
MahalanobisModel fit_mahalanobis(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                                 double shrinkage = kDefaultShrinkage);

class MahalanobisNovelty {
 public:
  // Throws Error: corrupt where the model's vectors have the wrong sizes.
  explicit MahalanobisNovelty(const MahalanobisModel& model);

  // n reduced vectors -> the squared distance of each to the nearest class mean.
  void score(std::span<const float> rows, std::span<double> scores) const;

 private:
  size_t dimension_;
  AffineMap whiten_;
  std::vector<float> means_;  // whitened
};

// The score that `false_rejection` (such as 0.05) of the held-back scores exceed: the quantile by linear
// interpolation, as NumPy's. Throws Error: no_data where there are none, usage for a rate that is no share.
double rejection_threshold(std::span<const double> held_back_scores, double false_rejection);

// The share of held-back photos to reject so that, with 99.9 % confidence, at most `false_rejection` of the
// photos to come will be: the largest share whose Wilson upper bound, from `groups` independent groups, is
// `false_rejection`. Photos of one group are alike and count as one; it is new groups that new photos come
// from. 0 where the groups are too few.
double certified_rejection(double false_rejection, uint64_t groups);

// Scores of rows by scalers and PCAs that were fitted without them: those of rows that a PCA was fitted on
// are too low. `fold` is FoldPlan::fold; `components` is the final PCA's k. A row that is always learnt from
// gets no score (NaN). Throws what fit_pca throws where a fold leaves too few rows.
std::vector<double> held_back_residuals(const Rows& features, std::span<const uint32_t> fold, uint32_t folds,
                                        size_t components, bool scaled, size_t threads);

}  // namespace pomona
