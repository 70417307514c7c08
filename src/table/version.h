#pragma once

#include <string>

namespace pomona {

// Of the Arrow that reads and writes Parquet.
std::string arrow_version();

}  // namespace pomona
