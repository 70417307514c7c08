// Which photos are views of one turned fruit, where their file names say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pomona {

// Fruits-360 turns each fruit about several axes and names the photos by axis and view: `12_100.jpg`,
// `r_12_100.jpg`, `r0_120.jpg` (view 12, or 120, of the first, third or another axis; the 100 is the size in
// pixels), and `pomona samples` does so too: `x_0120.jpg`. So the name is an axis (one letter and perhaps a
// number) or none, one or two numbers, and an extension. All views of one axis, in one folder, are one group:
// neighbouring views are all but the same photo. Two axes of a fruit show its other sides, and stand apart.
//
// The key of the photo's group: of its folder and axis. Nothing where the name is of another form.
std::optional<uint64_t> turntable_group(std::string_view path);

}  // namespace pomona
