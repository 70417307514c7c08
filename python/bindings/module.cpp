#include "bindings.h"
#include "pomona/version.h"

NB_MODULE(_core, module) {
  module.attr("__version__") = pomona::kVersion;
  pomona::python::bind_errors(module);
  pomona::python::bind_network(module);
  pomona::python::bind_image(module);
  pomona::python::bind_photos(module);
  pomona::python::bind_stats(module);
  pomona::python::bind_classify(module);
  pomona::python::bind_engine(module);
}
