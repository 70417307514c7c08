#include "classify/nearest.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace pomona {
namespace {

// Queries that are answered together: their products with all rows are held.
constexpr size_t kBlockQueries = 24;

size_t whole_rows(std::span<const float> rows, size_t dimension) {
  if (dimension == 0 || rows.size() % dimension != 0) {
    throw Error(ErrorCode::mismatch, "nearest", "",
                with_commas(rows.size()) + " numbers do not make whole rows of " + with_commas(dimension));
  }
  if (rows.empty()) throw Error(ErrorCode::no_data, "nearest", "", "there are no photos to compare with");
  return rows.size() / dimension;
}

double length(std::span<const float> row) {
  double squares = 0;
  for (const float value : row) squares += static_cast<double>(value) * static_cast<double>(value);
  return squares > 0 ? std::sqrt(squares) : 1.0;
}

std::vector<double> lengths_of(std::span<const float> rows, size_t dimension) {
  std::vector<double> lengths;
  for (size_t at = 0; at < rows.size(); at += dimension)
    lengths.push_back(length(rows.subspan(at, dimension)));
  return lengths;
}

std::vector<Neighbour> largest(std::span<const float> products, double query_length, size_t k) {
  std::vector<Neighbour> all;
  all.reserve(products.size());
  for (size_t row = 0; row < products.size(); ++row) {
    all.push_back({row, static_cast<float>(static_cast<double>(products[row]) / query_length)});
  }
  const auto nearer = [](const Neighbour& a, const Neighbour& b) {
    return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
  };
  const auto wanted = all.begin() + static_cast<std::ptrdiff_t>(std::min(k, all.size()));
  std::partial_sort(all.begin(), wanted, all.end(), nearer);
  all.erase(wanted, all.end());
  return all;
}

}  // namespace

NearestRows::NearestRows(std::span<const float> rows, size_t dimension)
    : products_(dimension, whole_rows(rows, dimension),
                [&rows, dimension, lengths = lengths_of(rows, dimension)](size_t row, size_t i) {
                  return static_cast<double>(rows[row * dimension + i]) / lengths[row];
                }) {}

std::vector<std::vector<Neighbour>> NearestRows::find(std::span<const float> queries, size_t k) const {
  const size_t d = dimension();
  const size_t n = queries.size() / d;
  std::vector<std::vector<Neighbour>> found;
  std::vector<float> products;
  for (size_t first = 0; first < n; first += kBlockQueries) {
    const size_t block = std::min(kBlockQueries, n - first);
    products.resize(block * count());
    products_.apply(queries.subspan(first * d, block * d), products);
    for (size_t q = 0; q < block; ++q) {
      found.push_back(largest(std::span(products).subspan(q * count(), count()),
                              length(queries.subspan((first + q) * d, d)), k));
    }
  }
  return found;
}

std::vector<double> vote(const std::vector<std::vector<Neighbour>>& neighbours,
                         std::span<const uint32_t> labels, size_t classes) {
  std::vector<double> shares(neighbours.size() * classes);
  for (size_t q = 0; q < neighbours.size(); ++q) {
    const double weight = 1 / static_cast<double>(std::max<size_t>(neighbours[q].size(), 1));
    for (const Neighbour& neighbour : neighbours[q]) shares[q * classes + labels[neighbour.row]] += weight;
  }
  return shares;
}

}  // namespace pomona
