#include "network/network.h"

#include <algorithm>
#include <filesystem>

#include <nanobind/ndarray.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "bindings.h"
#include "network/calibrate.h"
#include "network/error.h"
#include "network/ranges.h"

namespace nb = nanobind;
using namespace nb::literals;

namespace pomona::python {
namespace {

using Photo = nb::ndarray<const uint8_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;
using Features = nb::ndarray<nb::numpy, float, nb::ndim<1>>;

// A network and one session of it: photo after photo, one at a time.
class OneNetwork {
 public:
  explicit OneNetwork(const NetworkSettings& settings)
      : network_(Network::load(settings)), compiled_(network_, 1), session_(compiled_.session()) {}

  Features infer(const Photo& photo) {
    const auto size = static_cast<size_t>(network_.size());
    if (photo.shape(0) != size || photo.shape(1) != size || photo.shape(2) != 3)
      throw network::fault(ErrorCode::usage, "infer", "the photo is not of shape [size, size, 3]");
    auto values = std::make_unique<float[]>(static_cast<size_t>(network_.dimension()));
    {
      const nb::gil_scoped_release released;
      std::copy_n(photo.data(), photo.size(), session_.input().data());
      const auto features = session_.infer();
      std::copy(features.begin(), features.end(), values.get());
    }
    const nb::capsule owner(values.get(),
                            [](void* pointer) noexcept { delete[] static_cast<float*>(pointer); });
    return {values.release(), {static_cast<size_t>(network_.dimension())}, owner};
  }

  const Network& network() const { return network_; }

 private:
  Network network_;
  CompiledNetwork compiled_;
  CompiledNetwork::Session session_;
};

std::unique_ptr<OneNetwork> make(std::string network, std::string output_layer, std::vector<float> mean,
                                 std::vector<float> scale, int size, const std::string& precision,
                                 std::optional<Ranges> ranges) {
  const nb::gil_scoped_release released;
  return std::make_unique<OneNetwork>(NetworkSettings{std::move(network), std::move(output_layer),
                                                      std::move(mean), std::move(scale), size,
                                                      parse_precision(precision), std::move(ranges)});
}

// photos: size -> u8 [n, size, size, 3].
Calibration calibrate_array(const std::string& network, int size,
                            const nb::ndarray<const uint8_t, nb::ndim<4>, nb::c_contig>& photos) {
  CalibrationSettings settings;
  settings.network.network = network;
  settings.network.size = size;
  const nb::gil_scoped_release released;
  const size_t bytes = photos.shape(1) * photos.shape(2) * photos.shape(3);
  return calibrate(settings, photos.shape(0), [&](size_t index, std::span<uint8_t> pixels) {
    if (pixels.size() != bytes) return false;
    std::copy_n(photos.data() + index * bytes, bytes, pixels.data());
    return true;
  });
}

}  // namespace

void bind_network(nb::module_& module) {
  nb::class_<OneNetwork>(module, "Network", "A compiled network; not thread-safe.")
      .def(nb::new_(&make), "network"_a = kDefaultNetwork, "output_layer"_a = "",
           "mean"_a = std::vector<float>{}, "scale"_a = std::vector<float>{}, "size"_a = 0,
           "precision"_a = "int8", "ranges"_a = nb::none())
      .def("infer", &OneNetwork::infer, "photo"_a,
           "Photo [size, size, 3], u8, RGB -> features [dimension], f32.")
      .def_prop_ro("size", [](const OneNetwork& self) { return self.network().size(); })
      .def_prop_ro("dimension", [](const OneNetwork& self) { return self.network().dimension(); })
      .def_prop_ro("output_layer", [](const OneNetwork& self) { return self.network().output_layer(); })
      .def_prop_ro("remark", [](const OneNetwork& self) { return self.network().remark(); })
      .def_prop_ro("sha256", [](const OneNetwork& self) { return self.network().sha256(); })
      .def_prop_ro("mean", [](const OneNetwork& self) { return self.network().mean(); })
      .def_prop_ro("scale", [](const OneNetwork& self) { return self.network().scale(); })
      .def_prop_ro("ranges", [](const OneNetwork& self) { return self.network().ranges(); });
  nb::class_<LayerReport>(module, "LayerReport")
      .def_ro("name", &LayerReport::name)
      .def_ro("range", &LayerReport::range)
      .def_ro("own_db", &LayerReport::own_db)
      .def_ro("total_db", &LayerReport::total_db);
  nb::class_<Calibration>(module, "Calibration")
      .def_ro("ranges", &Calibration::ranges)
      .def_ro("layers", &Calibration::layers)
      .def_ro("measured", &Calibration::measured)
      .def_ro("held_back", &Calibration::held_back)
      .def_ro("cosine_mean", &Calibration::cosine_mean)
      .def_ro("cosine_min", &Calibration::cosine_min);
  module.def("calibrate", &calibrate_array, "network"_a, "size"_a, "photos"_a,
             "Photos [n, size, size, 3], u8, RGB -> Calibration.");
  module.def("ranges_to_json", &ranges_to_json, "ranges"_a);
  module.def("ranges_from_json", &ranges_from_json, "text"_a, "origin"_a);
  module.def("builtin_networks", &builtin_networks);
}

}  // namespace pomona::python
