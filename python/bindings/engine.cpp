// The program with an engine that lives in Python, and the worker's side of its tasks.
#include "job/engine.h"

#include <csignal>
#include <optional>
#include <stop_token>

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "bindings.h"
#include "cli/program.h"
#include "job/tasks.h"

namespace nb = nanobind;

namespace pomona::python {
namespace {

ErrorCode code_of(const std::string& text) {
  for (int code = 0; code < static_cast<int>(ErrorCode::internal); ++code) {
    if (name(static_cast<ErrorCode>(code)) == text) return static_cast<ErrorCode>(code);
  }
  return ErrorCode::internal;
}

// What Python raised, as an Error. A pomona.spark.failures.Failure has a code, an operation, and the rest of
// the words.
[[noreturn]] void rethrow(const nb::python_error& error) {
  const nb::handle value = error.value();
  if (nb::hasattr(value, "code") && nb::hasattr(value, "operation")) {
    throw Error(code_of(nb::cast<std::string>(value.attr("code"))),
                nb::cast<std::string>(value.attr("operation")), {},
                nb::cast<std::string>(value.attr("words")));
  }
  throw Error(ErrorCode::internal, "engine", nb::cast<std::string>(nb::str(error.type().attr("__name__"))),
              nb::cast<std::string>(nb::str(value)));
}

template <typename T, typename... Arguments>
T call(const nb::object& object, const char* method, Arguments&&... arguments) {
  const nb::gil_scoped_acquire acquire;
  try {
    const nb::object result = object.attr(method)(std::forward<Arguments>(arguments)...);
    if constexpr (!std::is_void_v<T>) return nb::cast<T>(result);
  } catch (const nb::python_error& error) {
    rethrow(error);
  }
}

// An object with the methods below; see python/pomona/spark/engine.py.
class PythonEngine final : public Engine {
 public:
  // Needs the GIL.
  explicit PythonEngine(nb::object object) : object_(std::move(object)) {}
  PythonEngine(const PythonEngine&) = delete;
  PythonEngine& operator=(const PythonEngine&) = delete;
  ~PythonEngine() override {
    const nb::gil_scoped_acquire acquire;
    object_.reset();
  }

  std::string description() const override { return call<std::string>(object_, "description"); }
  size_t tasks_at_a_time() const override { return call<size_t>(object_, "tasks_at_a_time"); }
  size_t threads_per_task() const override { return call<size_t>(object_, "threads_per_task"); }
  void check_memory(uint64_t bytes_per_task, Console& console) const override {
    const auto words = call<std::string>(object_, "check_memory", bytes_per_task);
    if (!words.empty()) console.info(words);
  }

  void map(const Stage& stage, const std::function<void(std::string_view)>& take) override {
    std::vector<std::string> answers;
    {
      const nb::gil_scoped_acquire acquire;
      const nb::object advance = nb::cpp_function(
          [&stage](uint64_t photos, uint64_t rejects) { stage.progress.advance(photos, rejects); });
      answers =
          call<std::vector<std::string>>(object_, "map", stage.title, stage.order, stage.tasks, advance);
    }
    for (const std::string& answer : answers) take(answer);
  }

 private:
  nb::object object_;
};

int run_program(const std::vector<std::string>& arguments, const std::stop_source& stop,
                const nb::object& open_engine) {
  const nb::gil_scoped_release release;
  return cli::run_program(
      arguments, stop.get_token(),
      [&](const std::string& master, const std::vector<std::string>& conf) -> std::unique_ptr<Engine> {
        const nb::gil_scoped_acquire acquire;
        try {
          return std::make_unique<PythonEngine>(open_engine(master, conf));
        } catch (const nb::python_error& error) {
          rethrow(error);
        }
      });
}

}  // namespace

void bind_engine(nb::module_& module) {
  nb::class_<std::stop_source>(module, "StopSource")
      .def(nb::init<>())
      .def("request_stop", [](std::stop_source& self) { self.request_stop(); })
      .def_prop_ro("stop_requested", [](const std::stop_source& self) { return self.stop_requested(); });
  module.def("run_program", &run_program, nb::arg("arguments"), nb::arg("stop"), nb::arg("open_engine"));

  nb::class_<TaskRunner>(module, "TaskRunner")
      .def(nb::init<const std::string&>(), nb::arg("order"), nb::call_guard<nb::gil_scoped_release>())
      .def("run", &TaskRunner::run, nb::arg("position"), nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace pomona::python
