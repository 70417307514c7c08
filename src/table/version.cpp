#include "table/version.h"

#include <arrow/config.h>

namespace pomona {

std::string arrow_version() { return arrow::GetBuildInfo().version_string; }

}  // namespace pomona
