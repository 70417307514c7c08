#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.h"
#include "classify/novelty.h"
#include "stats/eigen.h"
#include "stats/moments.h"

namespace pomona {
namespace {

constexpr size_t kBlockRows = 512;

template <typename Visit>
void for_blocks(const Rows& rows, const Visit& visit) {
  std::vector<float> buffer;
  for (size_t first = 0; first < rows.count(); first += kBlockRows) {
    visit(first, rows.read(first, std::min(kBlockRows, rows.count() - first), buffer));
  }
}

struct ClassMeans {
  std::vector<double> means;  // classes x d; 0 where a class has no rows
  std::vector<uint64_t> counts;
};

ClassMeans class_means(const Rows& rows, std::span<const uint32_t> labels, size_t classes) {
  const size_t d = rows.dimension();
  ClassMeans result{std::vector<double>(classes * d), std::vector<uint64_t>(classes)};
  for_blocks(rows, [&](size_t first, std::span<const float> block) {
    for (size_t r = 0; r < block.size() / d; ++r) {
      const uint32_t label = labels[first + r];
      ++result.counts[label];
      for (size_t i = 0; i < d; ++i) result.means[label * d + i] += static_cast<double>(block[r * d + i]);
    }
  });
  for (size_t at = 0; at < classes * d; ++at) {
    result.means[at] /= static_cast<double>(std::max<uint64_t>(result.counts[at / d], 1));
  }
  return result;
}

// The moments of the rows minus their class means.
Moments moments_within(const Rows& rows, std::span<const uint32_t> labels, const std::vector<double>& means) {
  const size_t d = rows.dimension();
  Moments moments(d);
  std::vector<float> centred;
  for_blocks(rows, [&](size_t first, std::span<const float> block) {
    centred.assign(block.begin(), block.end());
    for (size_t at = 0; at < centred.size(); ++at) {
      const double mean = means[labels[first + at / d] * d + at % d];
      centred[at] = static_cast<float>(static_cast<double>(centred[at]) - mean);
    }
    moments.update(centred);
  });
  return moments;
}

// W with W^T W the inverse of the shrunk covariance: eigenvectors divided by standard deviations.
std::vector<float> whitening_of(const Moments& within, double shrinkage) {
  const size_t d = within.dimension();
  const auto n = static_cast<double>(within.count());
  std::vector<double> covariance(d * d);
  for (size_t i = 0; i < d; ++i) {
    for (size_t j = i; j < d; ++j) {
      covariance[i * d + j] = within.packed_m2()[Moments::packed_row(i, d) + j - i] / n;
    }
  }
  SymmetricEigen eigen(std::move(covariance), d);
  const std::vector<double> values = eigen.values();
  const std::vector<double> vectors = std::move(eigen).vectors(d);
  const double average = std::max(std::reduce(values.begin(), values.end()) / static_cast<double>(d),
                                  std::numeric_limits<double>::min());
  std::vector<float> whitening(d * d);
  for (size_t at = 0; at < d * d; ++at) {
    const double variance = (1 - shrinkage) * std::max(values[at / d], 0.0) + shrinkage * average;
    whitening[at] = static_cast<float>(vectors[at] / std::sqrt(variance));
  }
  return whitening;
}

size_t checked_dimension(const MahalanobisModel& model) {
  const size_t d = model.dimension;
  if (d == 0 || model.classes == 0 || model.whitening.size() != d * d ||
      model.means.size() != model.classes * d) {
    throw Error(ErrorCode::corrupt, "novelty", "", "the distances' vectors do not fit each other",
                "train again");
  }
  return d;
}

}  // namespace

MahalanobisModel fit_mahalanobis(const Rows& rows, std::span<const uint32_t> labels, size_t classes,
                                 double shrinkage) {
  if (rows.count() == 0) throw Error(ErrorCode::no_data, "novelty", "", "there are no photos to learn from");
  if (labels.size() != rows.count() || *std::ranges::max_element(labels) >= classes) {
    throw Error(ErrorCode::mismatch, "novelty", "", "the labels do not fit the photos");
  }
  const auto [means, counts] = class_means(rows, labels, classes);
  MahalanobisModel model;
  model.dimension = rows.dimension();
  model.whitening = whitening_of(moments_within(rows, labels, means), shrinkage);
  for (size_t c = 0; c < classes; ++c) {
    if (counts[c] == 0) continue;
    ++model.classes;
    const double* mean = &means[c * rows.dimension()];
    model.means.insert(model.means.end(), mean, mean + rows.dimension());
  }
  return model;
}

MahalanobisNovelty::MahalanobisNovelty(const MahalanobisModel& model)
    : dimension_(checked_dimension(model)),
      whiten_(model.dimension, model.dimension,
              [&](size_t output, size_t input) {
                return static_cast<double>(model.whitening[output * model.dimension + input]);
              }),
      means_(model.means.size()) {
  whiten_.apply(model.means, means_);
}

void MahalanobisNovelty::score(std::span<const float> rows, std::span<double> scores) const {
  std::vector<float> whitened(rows.size());
  whiten_.apply(rows, whitened);
  for (size_t r = 0; r < scores.size(); ++r) {
    double nearest = std::numeric_limits<double>::infinity();
    for (size_t m = 0; m < means_.size(); m += dimension_) {
      double distance = 0;
      for (size_t i = 0; i < dimension_; ++i) {
        const double difference =
            static_cast<double>(whitened[r * dimension_ + i]) - static_cast<double>(means_[m + i]);
        distance += difference * difference;
      }
      nearest = std::min(nearest, distance);
    }
    scores[r] = nearest;
  }
}

}  // namespace pomona
