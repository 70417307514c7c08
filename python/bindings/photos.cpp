// Feature extraction and bundles over photos that Python hands in.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "arrays.h"
#include "base/threads.h"
#include "bindings.h"
#include "bundle/bundle.h"
#include "bundle/photo_engine.h"
#include "network/ranges.h"
#include "stats/projection.h"
#include "storage/storage.h"

namespace nb = nanobind;

namespace pomona::python {
namespace {

size_t threads_or_all(size_t threads) { return threads > 0 ? threads : available_threads(); }

// Python hands in str paths and bytes; the bytes are not copied, and live as long as the list does.
std::vector<PhotoInput> inputs_of(const nb::list& photos) {
  std::vector<PhotoInput> inputs;
  for (const nb::handle photo : photos) {
    if (nb::isinstance<nb::bytes>(photo)) {
      const auto bytes = nb::borrow<nb::bytes>(photo);
      inputs.emplace_back(std::as_bytes(std::span(static_cast<const char*>(bytes.data()), bytes.size())));
    } else {
      inputs.emplace_back(nb::cast<std::string>(photo));
    }
  }
  return inputs;
}

nb::list rejects_of(const std::vector<MaybeReject>& rejects) {
  nb::list list;
  for (const MaybeReject& reject : rejects) {
    if (reject) {
      list.append(nb::make_tuple(std::string(name(reject->stage)), std::string(name(reject->reason)),
                                 reject->detail));
    } else {
      list.append(nb::none());
    }
  }
  return list;
}

class Extractor {
 public:
  Extractor(const DecodeSettings& decode, const Network& network, size_t threads)
      : network_(network), engine_(decode, network, threads_or_all(threads)) {}

  PhotoFeatures features(const nb::list& photos) {
    const std::vector<PhotoInput> inputs = inputs_of(photos);
    const nb::gil_scoped_release release;
    return engine_.extract(inputs);
  }
  nb::tuple extract(const nb::list& photos) {
    PhotoFeatures result = features(photos);
    const size_t rows = result.rejects.size();
    return nb::make_tuple(to_numpy(std::move(result.features), {rows, dimension()}),
                          rejects_of(result.rejects));
  }
  const Network& network() const { return network_; }
  size_t dimension() const { return engine_.dimension(); }

 private:
  Network network_;
  PhotoEngine engine_;
};

class LoadedBundle {
 public:
  LoadedBundle(Bundle bundle, size_t threads)
      : bundle_(std::move(bundle)),
        extractor_(bundle_.decode, bundle_.network, threads),
        projection_(&bundle_.scaler, bundle_.pca) {}

  nb::tuple reduce(const nb::list& photos) {
    const PhotoFeatures result = extractor_.features(photos);
    const size_t rows = result.rejects.size();
    auto reduced = computed<float>(rows, projection_.k(),
                                   [&](std::span<float> out) { projection_.apply(result.features, out); });
    return nb::make_tuple(std::move(reduced), rejects_of(result.rejects));
  }
  const Bundle& bundle() const { return bundle_; }

 private:
  Bundle bundle_;
  Extractor extractor_;
  Projection projection_;
};

std::unique_ptr<Extractor> make_extractor(const std::string& network, const std::string& precision, int size,
                                          const std::string& output_layer, std::vector<float> mean,
                                          std::vector<float> scale,
                                          const std::optional<std::string>& ranges_json, uint64_t max_bytes,
                                          uint64_t max_pixels, bool scaled_decode, size_t threads) {
  NetworkSettings settings{.network = network,
                           .output_layer = output_layer,
                           .mean = std::move(mean),
                           .scale = std::move(scale),
                           .size = size,
                           .precision = parse_precision(precision),
                           .ranges = std::nullopt};
  if (ranges_json) settings.ranges = ranges_from_json(*ranges_json, "ranges");
  const nb::gil_scoped_release release;
  const Network loaded = Network::load(settings);
  const DecodeSettings decode{
      .max_bytes = max_bytes, .max_pixels = max_pixels, .scaled_size = scaled_decode ? loaded.size() : 0};
  return std::make_unique<Extractor>(decode, loaded, threads);
}

}  // namespace

void bind_photos(nb::module_& module) {
  nb::class_<Extractor>(module, "Extractor")
      .def("extract", &Extractor::extract)
      .def_prop_ro("dimension", &Extractor::dimension)
      .def_prop_ro("size", [](const Extractor& self) { return self.network().size(); })
      .def_prop_ro("output_layer", [](const Extractor& self) { return self.network().output_layer(); });
  module.def("make_extractor", &make_extractor);

  nb::class_<LoadedBundle>(module, "LoadedBundle")
      .def("reduce", &LoadedBundle::reduce)
      .def_prop_ro("network", [](const LoadedBundle& self) { return self.bundle().network.network_name(); })
      .def_prop_ro(
          "precision",
          [](const LoadedBundle& self) { return std::string(name(self.bundle().network.precision())); })
      .def_prop_ro("size", [](const LoadedBundle& self) { return self.bundle().network.size(); })
      .def_prop_ro("dimension", [](const LoadedBundle& self) { return self.bundle().network.dimension(); })
      .def_prop_ro("n_components", [](const LoadedBundle& self) { return self.bundle().pca.k(); })
      .def_prop_ro(
          "explained_variance_ratio",
          [](const LoadedBundle& self) { return to_numpy(self.bundle().pca.explained_variance_ratio); },
          nb::rv_policy::move)
      .def_prop_ro("classes", [](const LoadedBundle& self) { return self.bundle().classes; });
  nb::class_<S3Options>(module, "S3Options")
      .def(nb::init<>())
      .def_rw("endpoint", &S3Options::endpoint)
      .def_rw("region", &S3Options::region)
      .def_rw("profile", &S3Options::profile)
      .def_rw("role", &S3Options::role)
      .def_rw("external_id", &S3Options::external_id)
      .def_rw("sts_endpoint", &S3Options::sts_endpoint)
      .def_rw("ca_file", &S3Options::ca_file)
      .def_rw("path_style", &S3Options::path_style, nb::arg().none())
      .def_rw("anonymous", &S3Options::anonymous);
  module.def("load_bundle", [](const std::string& path, size_t threads, const S3Options& s3) {
    const nb::gil_scoped_release release;
    return std::make_unique<LoadedBundle>(load_bundle(*open_storage(path, s3), ""), threads);
  });
}

}  // namespace pomona::python
