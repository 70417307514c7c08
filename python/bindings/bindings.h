// Each layer binds itself in a file of its own.
#pragma once

#include <nanobind/nanobind.h>

namespace pomona::python {
void bind_errors(nanobind::module_& module);
void bind_network(nanobind::module_& module);
void bind_image(nanobind::module_& module);
void bind_photos(nanobind::module_& module);
void bind_stats(nanobind::module_& module);
void bind_classify(nanobind::module_& module);
void bind_engine(nanobind::module_& module);
}  // namespace pomona::python
