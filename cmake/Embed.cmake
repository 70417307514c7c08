# The tables of activation ranges (src/network/ranges/*.json) as a header, so that the library needs no files for them.
file(GLOB tables CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/network/ranges/*.json)
set(entries "")
list(LENGTH tables count)
foreach(table ${tables})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  cmake_path(GET table STEM name)
  file(READ ${table} text)
  string(APPEND entries "    {\"${name}\", R\"json(${text})json\"},\n")
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/network/builtin_ranges.h @ONLY CONTENT
"// Made by cmake/Embed.cmake from src/network/ranges.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace pomona {
inline constexpr std::array<std::pair<std::string_view, std::string_view>, @count@> kBuiltinRanges = {{
@entries@}};
}  // namespace pomona
")
