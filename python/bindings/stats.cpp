#include <optional>

#include <nanobind/stl/variant.h>

#include "arrays.h"
#include "bindings.h"
#include "bundle/parameters.h"
#include "stats/merge_tree.h"
#include "stats/moments.h"
#include "stats/pca.h"
#include "stats/pca_transform.h"
#include "stats/projection.h"
#include "stats/scaler.h"
#include "stats/variances.h"

namespace pomona::python {
namespace {

namespace nb = nanobind;

std::vector<double> copy(std::span<const double> values) { return {values.begin(), values.end()}; }

template <typename Class, typename T>
void update(Class& self, const Matrix<T>& rows) {
  if (rows.shape(1) != self.dimension()) throw nb::value_error("the rows have another dimension");
  const nb::gil_scoped_release release;
  self.update(span_of(rows));
}

void bind_moments(nb::module_& module) {
  nb::class_<Moments>(module, "Moments")
      .def(nb::init<size_t>(), nb::arg("dimension"))
      .def("update", &update<Moments, float>)
      .def("update", &update<Moments, double>)
      .def("merge", &Moments::merge, nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro("dimension", &Moments::dimension)
      .def_prop_ro("count", &Moments::count)
      .def_prop_ro(
          "mean", [](const Moments& self) { return to_numpy(copy(self.mean())); }, nb::rv_policy::move)
      .def_prop_ro(
          "packed_m2", [](const Moments& self) { return to_numpy(copy(self.packed_m2())); },
          nb::rv_policy::move)
      .def("serialize",
           [](const Moments& self) {
             const auto bytes = self.serialize();
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def_static("deserialize", [](const nb::bytes& bytes) {
        return Moments::deserialize({static_cast<const std::byte*>(bytes.data()), bytes.size()});
      });
  nb::class_<Variances>(module, "Variances")
      .def(nb::init<size_t>(), nb::arg("dimension"))
      .def("update", &update<Variances, float>)
      .def("update", &update<Variances, double>)
      .def("merge", &Variances::merge)
      .def_prop_ro("dimension", &Variances::dimension)
      .def_prop_ro("count", &Variances::count)
      .def_prop_ro(
          "mean", [](const Variances& self) { return to_numpy(copy(self.mean())); }, nb::rv_policy::move)
      .def_prop_ro(
          "squares", [](const Variances& self) { return to_numpy(copy(self.squares())); },
          nb::rv_policy::move)
      .def_static("from_sums", [](uint64_t count, const Vector<double>& mean, const Vector<double>& squares) {
        return Variances::from(count, span_of(mean), span_of(squares));
      });
}

template <typename T, void (*Function)(const StandardScaler&, std::span<const T>, std::span<T>)>
nb::ndarray<nb::numpy, T> scaled(const StandardScaler& self, const Matrix<T>& rows) {
  return computed<T>(rows.shape(0), rows.shape(1),
                     [&](std::span<T> out) { Function(self, span_of(rows), out); });
}

void bind_scaler(nb::module_& module) {
  nb::class_<StandardScaler>(module, "Scaler")
      .def_prop_ro(
          "mean", [](const StandardScaler& self) { return to_numpy(self.mean); }, nb::rv_policy::move)
      .def_prop_ro(
          "var", [](const StandardScaler& self) { return to_numpy(self.variance); }, nb::rv_policy::move)
      .def_prop_ro(
          "scale", [](const StandardScaler& self) { return to_numpy(self.scale); }, nb::rv_policy::move)
      .def("transform", &scaled<float, scale>)
      .def("transform", &scaled<double, scale>)
      .def("inverse_transform", &scaled<float, unscale>)
      .def("inverse_transform", &scaled<double, unscale>);
  module.def("fit_scaler", [](const Variances& variances) { return fit_scaler(variances); });
  module.def("fit_scaler", [](const Moments& moments) { return fit_scaler(moments); });
}

void bind_pca(nb::module_& module) {
  nb::class_<Pca>(module, "Pca")
      .def_ro("count", &Pca::count)
      .def_ro("dimension", &Pca::dimension)
      .def_ro("whiten", &Pca::whiten)
      .def_ro("noise_variance", &Pca::noise_variance)
      .def_prop_ro("k", &Pca::k)
      .def_prop_ro(
          "mean", [](const Pca& self) { return to_numpy(self.mean); }, nb::rv_policy::move)
      .def_prop_ro(
          "components", [](const Pca& self) { return to_numpy(self.components, {self.k(), self.dimension}); },
          nb::rv_policy::move)
      .def_prop_ro(
          "explained_variance", [](const Pca& self) { return to_numpy(self.explained_variance); },
          nb::rv_policy::move)
      .def_prop_ro(
          "explained_variance_ratio", [](const Pca& self) { return to_numpy(self.explained_variance_ratio); },
          nb::rv_policy::move)
      .def_prop_ro(
          "singular_values", [](const Pca& self) { return to_numpy(self.singular_values()); },
          nb::rv_policy::move)
      .def("serialize",
           [](const Pca& self) {
             const std::vector<double> zeros(self.dimension);
             const std::vector<double> ones(self.dimension, 1.0);
             const std::string bytes = encode_safetensors(to_tensors({zeros, ones, ones}, self));
             return nb::bytes(bytes.data(), bytes.size());
           })
      .def_static("deserialize",
                  [](const nb::bytes& bytes) {
                    StandardScaler none;
                    Pca pca;
                    from_tensors(decode_safetensors({bytes.c_str(), bytes.size()}, "pca"), "pca", none, pca);
                    return pca;
                  })
      .def("transform",
           [](const Pca& self, const Matrix<double>& rows) {
             return computed<double>(rows.shape(0), self.k(),
                                     [&](std::span<double> out) { transform(self, span_of(rows), out); });
           })
      .def("inverse_transform", [](const Pca& self, const Matrix<double>& rows) {
        return computed<double>(rows.shape(0), self.dimension,
                                [&](std::span<double> out) { inverse_transform(self, span_of(rows), out); });
      });
  module.def(
      "fit_pca",
      [](const Moments& moments, const StandardScaler* scaler, const Components& components, bool whiten) {
        return fit_pca(moments, scaler, components, whiten);
      },
      nb::arg("moments"), nb::arg("scaler").none(), nb::arg("components"), nb::arg("whiten"),
      nb::call_guard<nb::gil_scoped_release>());
}

void bind_projection(nb::module_& module) {
  nb::class_<Projection>(module, "Projection")
      .def(nb::init<const StandardScaler*, const Pca&>(), nb::arg("scaler").none(), nb::arg("pca"))
      .def("apply", [](const Projection& self, const Matrix<float>& rows) {
        return computed<float>(rows.shape(0), self.k(),
                               [&](std::span<float> out) { self.apply(span_of(rows), out); });
      });
}

}  // namespace

void bind_stats(nb::module_& module) {
  bind_moments(module);
  bind_scaler(module);
  bind_pca(module);
  bind_projection(module);
}

}  // namespace pomona::python
