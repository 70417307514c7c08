// A small collection of photos and a small network, for tests of jobs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/progress.h"
#include "job/run.h"
#include "samples/samples.h"
#include "support.h"

namespace pomona::testing {

// 3 classes x 6 views of rendered fruit below source/, results below out/.
struct Collection {
  Folder folder;
  std::string source = folder / "source";
  std::string out = folder / "out";

  Collection() {
    setenv("POMONA_CACHE", (folder / "cache").c_str(), 1);
    write_samples(*open_storage(source), {.classes = 3, .views = 6, .size = 40, .seed = 1, .threads = 1});
  }

  // Four or more shards of the smallest network input that there is.
  static JobSettings settings() {
    JobSettings settings;
    settings.network.precision = Precision::f32;
    settings.network.size = 32;
    settings.shard_size = 5;
    settings.components = uint64_t{4};
    settings.threads = 2;
    return settings;
  }

  RunSummary run(const JobSettings& settings = Collection::settings(),
                 const std::stop_token& stop = {}) const {
    Console console(true);
    return pomona::run(source, out, settings, console, stop);
  }
};

// The files below a folder and their bytes; not those that hold times.
inline std::map<std::string, std::string> results(const std::string& out) {
  std::map<std::string, std::string> files;
  open_storage(out)->list([&](ObjectInfo&& object) {
    if (object.key != "run.json") files[object.key] = bytes_of(out + "/" + object.key);
  });
  return files;
}

}  // namespace pomona::testing
