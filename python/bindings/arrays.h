// NumPy arrays in and out of C++ spans and vectors.
#pragma once

#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace pomona::python {

// A C-contiguous matrix in the caller's memory. Python makes it so: see python/pomona/_estimator.py.
template <typename T>
using Matrix = nanobind::ndarray<const T, nanobind::ndim<2>, nanobind::c_contig, nanobind::device::cpu>;
template <typename T>
using Vector = nanobind::ndarray<const T, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

template <typename Array>
auto span_of(const Array& array) {
  return std::span(array.data(), array.size());
}

// The vector's memory as a NumPy array, without a copy.
template <typename T>
nanobind::ndarray<nanobind::numpy, T> to_numpy(std::vector<T> values, std::initializer_list<size_t> shape) {
  auto* owned = new std::vector<T>(std::move(values));
  const nanobind::capsule owner(owned,
                                [](void* pointer) noexcept { delete static_cast<std::vector<T>*>(pointer); });
  return nanobind::ndarray<nanobind::numpy, T>(owned->data(), shape, owner);
}

template <typename T>
nanobind::ndarray<nanobind::numpy, T> to_numpy(std::vector<T> values) {
  const size_t size = values.size();
  return to_numpy(std::move(values), {size});
}

// A row-by-row result of `compute(span)` without the GIL.
template <typename T, typename Compute>
nanobind::ndarray<nanobind::numpy, T> computed(size_t rows, size_t columns, const Compute& compute) {
  std::vector<T> values(rows * columns);
  {
    const nanobind::gil_scoped_release release;
    compute(std::span<T>(values));
  }
  return to_numpy(std::move(values), {rows, columns});
}

}  // namespace pomona::python
