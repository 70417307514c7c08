#include "base/error.h"
#include "bindings.h"

namespace pomona::python {

// pomona.Error is a RuntimeError: its text is the C++ error's, its `code` the name of the ErrorCode.
void bind_errors(nanobind::module_& module) {
  static const nanobind::object type = nanobind::exception<Error>(module, "Error", PyExc_RuntimeError);
  nanobind::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Error& error) {
      nanobind::object value = type(error.what());
      value.attr("code") = name(error.code());
      PyErr_SetObject(type.ptr(), value.ptr());
    }
  });
}

}  // namespace pomona::python
