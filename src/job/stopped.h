// What a job says when the user stops it.
#pragma once

#include <stop_token>
#include <string>

#include "base/error.h"
#include "storage/storage.h"

namespace pomona {

// `when`: "after 3 of 8 shards".
inline Error stopped(const std::string& stage, const Storage& dataset, const std::string& when) {
  return {ErrorCode::interrupted, stage, dataset.uri(), "stopped " + when,
          "nothing is lost: give the same command again"};
}

inline void throw_if_stopped(const std::stop_token& stop, const std::string& stage, const Storage& dataset,
                             const std::string& when) {
  if (stop.stop_requested()) throw stopped(stage, dataset, when);
}

}  // namespace pomona
