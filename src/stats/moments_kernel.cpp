#include "stats/moments_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "stats/moments_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file again for each instruction set
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace pomona::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A vector of float64 from numbers of either precision, and back.
template <class D>
hn::Vec<D> LoadWide(D tag, const double* from) {
  return hn::LoadU(tag, from);
}
template <class D>
hn::Vec<D> LoadWide(D tag, const float* from) {
  return hn::PromoteTo(tag, hn::LoadU(hn::Rebind<float, D>(), from));
}
template <class D>
void StoreNarrow(D tag, hn::Vec<D> value, double* to) {
  hn::StoreU(value, tag, to);
}
template <class D>
void StoreNarrow(D, hn::Vec<D> value, float* to) {
  const hn::Rebind<float, D> half;
  hn::StoreU(hn::DemoteTo(half, value), half, to);
}

// Calls body(tag, i) for whole vectors of features, then for the features that are left, one by one.
template <class Body>
HWY_INLINE void ForEach(size_t d, const Body& body) {
  const hn::ScalableTag<double> tag;
  const size_t lanes = hn::Lanes(tag);
  size_t i = 0;
  for (; i + lanes <= d; i += lanes) body(tag, i);
  for (; i < d; ++i) body(hn::CappedTag<double, 1>(), i);
}

template <typename T>
void AddRows(const T* rows, size_t n, size_t d, double* sums) {
  for (size_t r = 0; r < n; ++r) {
    ForEach(d, [&](auto tag, size_t i) HWY_ATTR {
      StoreNarrow(tag, hn::Add(hn::LoadU(tag, sums + i), LoadWide(tag, rows + r * d + i)), sums + i);
    });
  }
}

template <typename T>
void CentreRows(const T* rows, size_t n, size_t d, const double* mean, double* squares, T* centred) {
  for (size_t r = 0; r < n; ++r) {
    ForEach(d, [&](auto tag, size_t i) HWY_ATTR {
      const auto deviation = hn::Sub(LoadWide(tag, rows + r * d + i), hn::LoadU(tag, mean + i));
      StoreNarrow(tag, hn::Add(hn::LoadU(tag, squares + i), hn::Mul(deviation, deviation)), squares + i);
      StoreNarrow(tag, deviation, centred + r * d + i);
    });
  }
}

template <typename T>
void AddProducts(const T* products, const double* shift, double scaled_shift, size_t n, double* m2) {
  ForEach(n, [&](auto tag, size_t j) HWY_ATTR {
    const auto between = hn::Mul(hn::Set(tag, scaled_shift), hn::LoadU(tag, shift + j));
    StoreNarrow(tag, hn::Add(hn::LoadU(tag, m2 + j), hn::Add(LoadWide(tag, products + j), between)), m2 + j);
  });
}

// What HWY_EXPORT can name.
void AddRows32(const float* rows, size_t n, size_t d, double* sums) { AddRows(rows, n, d, sums); }
void AddRows64(const double* rows, size_t n, size_t d, double* sums) { AddRows(rows, n, d, sums); }
void CentreRows32(const float* rows, size_t n, size_t d, const double* mean, double* squares,
                  float* centred) {
  CentreRows(rows, n, d, mean, squares, centred);
}
void CentreRows64(const double* rows, size_t n, size_t d, const double* mean, double* squares,
                  double* centred) {
  CentreRows(rows, n, d, mean, squares, centred);
}
void AddProducts32(const float* products, const double* shift, double scaled_shift, size_t n, double* m2) {
  AddProducts(products, shift, scaled_shift, n, m2);
}
void AddProducts64(const double* products, const double* shift, double scaled_shift, size_t n, double* m2) {
  AddProducts(products, shift, scaled_shift, n, m2);
}

}  // namespace pomona::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace pomona {

HWY_EXPORT(AddRows32);
HWY_EXPORT(AddRows64);
HWY_EXPORT(CentreRows32);
HWY_EXPORT(CentreRows64);
HWY_EXPORT(AddProducts32);
HWY_EXPORT(AddProducts64);

void add_rows(const float* rows, size_t n, size_t d, double* sums) {
  HWY_DYNAMIC_DISPATCH(AddRows32)(rows, n, d, sums);
}
void add_rows(const double* rows, size_t n, size_t d, double* sums) {
  HWY_DYNAMIC_DISPATCH(AddRows64)(rows, n, d, sums);
}
void centre_rows(const float* rows, size_t n, size_t d, const double* mean, double* squares, float* centred) {
  HWY_DYNAMIC_DISPATCH(CentreRows32)(rows, n, d, mean, squares, centred);
}
void centre_rows(const double* rows, size_t n, size_t d, const double* mean, double* squares,
                 double* centred) {
  HWY_DYNAMIC_DISPATCH(CentreRows64)(rows, n, d, mean, squares, centred);
}
void add_products(const float* products, const double* shift, double scaled_shift, size_t n, double* m2) {
  HWY_DYNAMIC_DISPATCH(AddProducts32)(products, shift, scaled_shift, n, m2);
}
void add_products(const double* products, const double* shift, double scaled_shift, size_t n, double* m2) {
  HWY_DYNAMIC_DISPATCH(AddProducts64)(products, shift, scaled_shift, n, m2);
}

}  // namespace pomona
#endif
