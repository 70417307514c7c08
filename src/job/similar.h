// The photos of a dataset that are most like others: exact search through its reduced vectors.
#pragma once

#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "bundle/bundle.h"
#include "storage/storage.h"

namespace pomona {

struct SimilarPhoto {
  std::string path;   // in the dataset's source
  std::string label;  // empty: none
  double cosine = 0;  // of the angle between the two reduced vectors: 1 for the same direction, at most that
};

struct SimilarOptions {
  size_t top = 10;  // photos to find for each query
  size_t threads = 1;
};

// Throws Error: no_data where `dataset` holds no finished run; mismatch where its reduced vectors are not
// this bundle's, because photos, components or scaling differ.
void require_same_model(const Storage& dataset, const Bundle& bundle);

// For each of the queries, vectors of k numbers as the bundle reduces photos, the `top` photos of the largest
// cosine, the nearest first, ties by path. Every vector is looked at; products are summed in float64 in one
// order, so that a photo and itself give exactly 1, and the result is the same for any number of threads and
// shards. Reads reduced/part-* one by one: memory is one part a thread, and top x queries results. Throws
// Error: corrupt for a part that is not what run.json says; mismatch for queries that do not fit;
// interrupted.
std::vector<std::vector<SimilarPhoto>> find_similar(const Storage& dataset, std::span<const float> queries,
                                                    size_t k, const SimilarOptions& options,
                                                    const std::stop_token& stop = {});

}  // namespace pomona
