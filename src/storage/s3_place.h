// Facts about an S3 place, for those who look before they work.
#pragma once

#include <optional>
#include <string>

#include "storage/storage.h"

namespace pomona {

struct S3Place {
  std::string endpoint;
  std::string region;
  std::string principal;              // who asks
  std::optional<double> clock_ahead;  // seconds by which this machine's clock is ahead of the store's
};

bool is_s3(const Storage& storage);
// Asks the store. Throws Error where it does not answer, does not know the caller, or has no such bucket.
S3Place s3_place(const Storage& storage);

}  // namespace pomona
