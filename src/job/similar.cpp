#include "job/similar.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "job/dataset.h"
#include "job/manifest.h"
#include "job/stopped.h"
#include "table/features.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

bool nearer(const SimilarPhoto& a, const SimilarPhoto& b) {
  return a.cosine != b.cosine ? a.cosine > b.cosine : a.path < b.path;
}

// The best of one query, as a heap whose top is the worst of them.
class Best {
 public:
  explicit Best(size_t wanted) : wanted_(wanted) {}

  // Paths and labels are only copied where the photo is among the best so far.
  void offer(double cosine, const std::string& path, const std::string& label) {
    if (photos_.size() == wanted_) {
      const SimilarPhoto& worst = photos_.front();
      if (cosine < worst.cosine || (cosine == worst.cosine && path >= worst.path)) return;
      std::ranges::pop_heap(photos_, nearer);
      photos_.pop_back();
    }
    photos_.push_back({path, label, cosine});
    std::ranges::push_heap(photos_, nearer);
  }
  void merge(const Best& other) {
    for (const SimilarPhoto& photo : other.photos_) offer(photo.cosine, photo.path, photo.label);
  }
  std::vector<SimilarPhoto> take() {
    std::ranges::sort(photos_, nearer);
    return std::move(photos_);
  }

 private:
  size_t wanted_;
  std::vector<SimilarPhoto> photos_;
};

// a . b in float64, in eight sums that are added in a fixed order: the compiler may use vectors for them, and
// the bits are the same with and without.
double product(std::span<const float> a, std::span<const float> b) {
  constexpr size_t kLanes = 8;
  std::array<double, kLanes> sums{};
  size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
    }
  }
  for (; i < a.size(); ++i) sums[i % kLanes] += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

class Search {
 public:
  Search(const Storage& dataset, std::span<const float> queries, size_t k, const SimilarOptions& options)
      : dataset_(dataset), queries_(queries), k_(k), count_(queries.size() / k) {
    best_.assign(std::max<size_t>(options.threads, 1), std::vector<Best>(count_, Best(options.top)));
    for (size_t q = 0; q < count_; ++q) squares_.push_back(product(query(q), query(q)));
  }

  void look_through(uint64_t shard, const Json& record, size_t worker) {
    const ReducedTable table = read(shard, record);
    if (table.paths.empty()) return;
    if (table.k != k_) {
      throw Error(
          ErrorCode::mismatch, "similar", dataset_.uri(),
          "its reduced vectors have " + with_commas(table.k) + " numbers, the photo's " + with_commas(k_),
          "give the bundle of this dataset");
    }
    for (size_t row = 0; row < table.paths.size(); ++row) {
      const auto vector = std::span(table.reduced).subspan(row * k_, k_);
      const double square = product(vector, vector);
      for (size_t q = 0; q < count_; ++q) {
        const double lengths = std::sqrt(squares_[q] * square);
        const double cosine = lengths > 0 ? product(query(q), vector) / lengths : 0;
        best_[worker][q].offer(std::clamp(cosine, -1.0, 1.0), table.paths[row], table.labels[row]);
      }
    }
  }

  std::vector<std::vector<SimilarPhoto>> take() {
    std::vector<std::vector<SimilarPhoto>> found;
    for (size_t q = 0; q < count_; ++q) {
      for (size_t worker = 1; worker < best_.size(); ++worker) best_[0][q].merge(best_[worker][q]);
      found.push_back(best_[0][q].take());
    }
    return found;
  }

 private:
  std::span<const float> query(size_t q) const { return queries_.subspan(q * k_, k_); }

  ReducedTable read(uint64_t shard, const Json& record) const {
    const std::string key = dataset::reduced_part(shard);
    const std::string object = dataset_.uri() + "/" + key;
    const std::string bytes = dataset_.read(key);
    if (sha256_hex(std::string_view(bytes)) != record.value("sha256", "")) {
      throw Error(ErrorCode::corrupt, "similar", object, "its bytes are not those that run.json says",
                  "write it anew: `pomona reduce " + dataset_.uri() + "`");
    }
    return decode_reduced(bytes, object);
  }

  const Storage& dataset_;
  std::span<const float> queries_;
  size_t k_;
  size_t count_;
  std::vector<double> squares_;
  std::vector<std::vector<Best>> best_;  // by thread, then by query
};

Json finished_run(const Storage& dataset) {
  auto run = read_run(dataset);
  if (!run || !run->value("reduced", Json()).is_array()) {
    throw Error(ErrorCode::no_data, "similar", dataset.uri(), "it holds no finished run",
                "end it first: `pomona run SOURCE OUT`");
  }
  return std::move(*run);
}

bool same_projection(const Bundle& a, const Bundle& b) {
  return a.scaler.mean == b.scaler.mean && a.scaler.scale == b.scaler.scale && a.pca.mean == b.pca.mean &&
         a.pca.components == b.pca.components && a.pca.whiten == b.pca.whiten;
}

}  // namespace

void require_same_model(const Storage& dataset, const Bundle& bundle) {
  const Json run = finished_run(dataset);
  if (run.value("features_sha256", "") == bundle.provenance.features_sha256 &&
      same_projection(bundle, load_bundle(dataset, dataset::kBundle))) {
    return;
  }
  throw Error(ErrorCode::mismatch, "similar", dataset.uri(),
              "its reduced vectors are not this bundle's: photos or settings differ",
              "give the bundle of this dataset: " + dataset.uri() + "/bundle");
}

std::vector<std::vector<SimilarPhoto>> find_similar(const Storage& dataset, std::span<const float> queries,
                                                    size_t k, const SimilarOptions& options,
                                                    const std::stop_token& stop) {
  if (k == 0 || queries.size() % k != 0) {
    throw Error(ErrorCode::mismatch, "similar", dataset.uri(),
                with_commas(queries.size()) + " numbers are not whole vectors of " + with_commas(k));
  }
  const Json run = finished_run(dataset);
  const Json& parts = run.at("reduced");
  Search search(dataset, queries, k, options);
  parallel_for(
      options.threads, parts.size(),
      [&](size_t shard, size_t worker) { search.look_through(shard, parts[shard], worker); }, stop);
  throw_if_stopped(stop, "similar", dataset, "before all photos were compared");
  return search.take();
}

}  // namespace pomona
