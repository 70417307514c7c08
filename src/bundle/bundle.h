// The frozen model: everything that turns a photo into a reduced vector, in one folder. Format:
// docs/formats/bundle.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bundle/trained_classifier.h"
#include "image/decode.h"
#include "network/network.h"
#include "stats/pca.h"
#include "stats/scaler.h"
#include "storage/storage.h"

namespace pomona {

inline constexpr int kBundleFormatVersion = 1;

// What the model was fitted on.
struct Provenance {
  uint64_t photos = 0;
  uint64_t rows = 0;
  uint64_t rejects = 0;
  std::string features_sha256;  // over the hashes of the feature parts, in order
};

struct Bundle {
  DecodeSettings decode;
  Network network;
  StandardScaler scaler;
  Pca pca;
  std::vector<std::string> classes;  // the labels of the photos, sorted, but for that of unknown things
  Provenance provenance;
  std::optional<TrainedClassifier> classifier = std::nullopt;  // its classes are `classes`
};

// Writes the bundle's files below `prefix` (which ends at a slash, or is empty); bundle.json is removed first
// and written last, so a bundle is whole or none.
void write_bundle(Storage& storage, const std::string& prefix, const Bundle& bundle);

// Loads and verifies. Throws Error: not_found or corrupt, naming the part that is missing or changed;
// mismatch for a format version that this program does not know.
Bundle load_bundle(const Storage& storage, const std::string& prefix);

// The network's files alone, for a dataset whose model is not fitted yet.
void write_network(Storage& storage, const std::string& prefix, const Network& network);
Network read_network(const Storage& storage, const std::string& prefix, Precision precision);

}  // namespace pomona
