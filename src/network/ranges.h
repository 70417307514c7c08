// Activation ranges for INT8: a small JSON file, written by calibration and kept in our source for the
// built-in networks.
//   {"format": "pomona-ranges", "version": 1, "ranges": {"2.project": [-39.02, 40.10], ...}}
#pragma once

#include <optional>
#include <string>

#include "network/network.h"

namespace pomona {

// Names in order, numbers as the shortest text that reads back as the same float: the same ranges give the
// same bytes.
std::string ranges_to_json(const Ranges& ranges);

// `origin` names the text in errors. Throws Error (corrupt) where it is no table of ranges: another format or
// version, a range that is not two finite numbers, the first below the second.
Ranges ranges_from_json(const std::string& text, const std::string& origin);

namespace network {
// The ranges that Pomona brings for a built-in network.
std::optional<Ranges> builtin_ranges(const std::string& name);
}  // namespace network

}  // namespace pomona
