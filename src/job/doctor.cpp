#include "job/doctor.h"

#include <cmath>
#include <ctime>
#include <exception>
#include <filesystem>
#include <functional>
#include <optional>

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "network/cpu.h"
#include "packed/open_source.h"
#include "pomona/version.h"
#include "storage/s3_place.h"
#include "storage/storage.h"

namespace pomona {
namespace {

using State = Check::State;

constexpr uint64_t kLittleRoom = 1'000'000'000;  // bytes
constexpr double kClockOff = 60;                 // seconds that give a warning
constexpr double kClockWrong = 900;              // seconds at which S3 refuses
constexpr const char* kProbe = ".pomona-doctor";

// An Error's own two lines: what happened, and what to do.
Check failed(const std::string& what, const std::string& message) {
  const size_t line = message.find("\n  ");
  return {State::failed, what, message.substr(0, line),
          line == std::string::npos ? "see the message" : message.substr(line + 3)};
}

// Adds what `look` found, or how it failed; whether it found something.
bool look(std::vector<Check>& checks, const std::string& what, const std::function<Check()>& find) {
  try {
    checks.push_back(find());
  } catch (const std::exception& error) {
    checks.push_back(failed(what, error.what()));
  }
  return checks.back().state != State::failed;
}

Check room(const std::string& what, const std::string& folder) {
  struct statvfs disk{};
  std::filesystem::path existing = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(existing) && existing.has_relative_path())
    existing = existing.parent_path();
  if (::statvfs(existing.c_str(), &disk) != 0) throw system_error("doctor", folder, errno);
  const uint64_t free = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
  Check check{State::good, what, human_bytes(free) + " free in " + existing.string(), {}};
  if (free < kLittleRoom) {
    check.state = State::warning;
    check.remedy = "free some space: a million photos take about 6 GB of features";
  }
  return check;
}

Check precision(const CpuFeatures& cpu, Precision wanted) {
  Check check{State::good, "precision", std::string(name(wanted)), {}};
  if (wanted == Precision::bf16 && !cpu.has("BF16")) {
    check.state = State::warning;
    check.text += ", which this CPU does in software";
    check.remedy = "use --precision int8 or f32: both are faster here";
  } else if (wanted == Precision::int8 && !cpu.has("INT8")) {
    check.state = State::warning;
    check.text += ", for which this CPU has no instructions";
    check.remedy = "expect little gain over --precision f32 on this machine";
  } else {
    check.text += ", by the CPU's own instructions";
  }
  return check;
}

void machine(std::vector<Check>& checks, const JobSettings& settings) {
  checks.push_back({State::good, "pomona", kVersion, {}});
  look(checks, "cpu", [&] {
    const CpuFeatures cpu = cpu_features();
    std::string capabilities;
    for (const std::string& capability : cpu.capabilities)
      capabilities += (capabilities.empty() ? "" : " ") + capability;
    checks.push_back({State::good, "openvino", cpu.openvino_version, {}});
    checks.push_back(precision(cpu, settings.network.precision));
    return Check{State::good, "cpu", cpu.name + ": " + capabilities, {}};
  });
  checks.push_back(
      {State::good,
       "threads",
       std::to_string(threads_of(settings)) + " of " + std::to_string(available_threads()) + " cores",
       {}});
  look(checks, "temporary", [] { return room("temporary", temporary_folder()); });
}

// S3 alone: who asks, where the bucket is, and whether the clocks agree.
// Whether there is a place to look at further.
bool place(std::vector<Check>& checks, const std::string& prefix, const Storage& storage) {
  if (!is_s3(storage)) return true;
  return look(checks, prefix + " store", [&] {
    const S3Place found = s3_place(storage);
    checks.push_back({State::good, prefix + " caller", found.principal, {}});
    checks.push_back({State::good, prefix + " region", found.region + " at " + found.endpoint, {}});
    Check check{State::good, prefix + " clock", "agrees with the store's", {}};
    if (!found.clock_ahead) {
      check.text = "the store does not say its time";
    } else if (std::abs(*found.clock_ahead) >= kClockOff) {
      check.state = std::abs(*found.clock_ahead) >= kClockWrong ? State::failed : State::warning;
      check.text = human_seconds(std::abs(*found.clock_ahead)) +
                   (*found.clock_ahead > 0 ? " ahead of" : " behind") + " the store's";
      check.remedy =
          "set this machine's clock (timedatectl set-ntp true): S3 refuses requests that are off by 15 "
          "minutes";
    }
    return check;
  });
}

// Ends a listing after its first object that is not empty.
struct Enough : std::exception {
  explicit Enough(ObjectInfo found) : object(std::move(found)) {}
  ObjectInfo object;
};

void source_checks(std::vector<Check>& checks, const std::string& uri, const JobSettings& settings) {
  std::unique_ptr<Storage> source;
  if (!look(checks, "source", [&] {
        source = open_storage(uri, settings.s3);
        return Check{State::good, "source", uri, {}};
      })) {
    return;
  }
  if (!place(checks, "source", *source)) return;
  std::optional<ObjectInfo> first;
  const bool listed = look(checks, "source list", [&] {
    source = open_source(uri, settings.s3);  // packed, perhaps
    try {
      source->list([&](ObjectInfo&& object) {
        if (object.size > 0) throw Enough(std::move(object));
        first = std::move(object);
      });
    } catch (const Enough& enough) {
      first = enough.object;
    }
    if (!first) {
      return Check{State::failed, "source list", "there is no photo: no file that is not hidden",
                   "name the place that holds the photos"};
    }
    return Check{State::good, "source list", "can be listed", {}};
  });
  if (!listed) return;
  look(checks, "source read", [&] {
    Buffer bytes;
    if (const auto reject = source->read_listed(*first, settings.decode.max_bytes, bytes)) {
      return Check{State::failed, "source read", to_utf8(first->key) + ": " + reject->detail,
                   "let this user read it; one unreadable photo is a reject, all of them are an error"};
    }
    return Check{State::good, "source read", to_utf8(first->key) + ", " + human_bytes(bytes.size()), {}};
  });
}

void out_checks(std::vector<Check>& checks, const std::string& uri, const JobSettings& settings) {
  std::unique_ptr<Storage> out;
  if (!look(checks, "out", [&] {
        out = open_storage(uri, settings.s3);
        return Check{State::good, "out", uri, {}};
      })) {
    return;
  }
  if (!place(checks, "out", *out)) return;
  const auto folder = out->local_folder();
  const bool is_new = folder && !std::filesystem::exists(*folder);
  const std::string probe = std::string(kProbe) + "-" + std::to_string(::getpid());
  const bool written = look(checks, "out write", [&] {
    out->write(probe, "pomona doctor was here; this file may be removed\n");
    return Check{State::good, "out write", "can be written", {}};
  });
  if (written) {
    look(checks, "out remove", [&] {
      out->remove(probe);
      return Check{State::good, "out remove", "can be removed", {}};
    });
  }
  std::error_code ignored;
  if (is_new) std::filesystem::remove(*folder, ignored);  // only if it is empty: left as it was found
  if (folder) look(checks, "out room", [&] { return room("out room", *folder); });
}

}  // namespace

const char* name(Check::State state) {
  return state == State::good ? "good" : state == State::warning ? "warning" : "failed";
}

std::vector<Check> examine(const std::string& source, const std::string& out, const JobSettings& settings) {
  std::vector<Check> checks;
  machine(checks, settings);
  if (!source.empty()) source_checks(checks, source, settings);
  if (!out.empty()) out_checks(checks, out, settings);
  return checks;
}

}  // namespace pomona
