// Text for people: numbers, nearest names, and paths that are not UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

// 1234567 -> "1,234,567".
std::string with_commas(uint64_t number);
// (1, "photo") -> "1 photo"; (2000, "photo") -> "2,000 photos".
std::string counted(uint64_t number, std::string_view noun);
// Bytes -> "4.7 KB", in steps of 1,000.
std::string human_bytes(uint64_t bytes);
// "50MB", "1.5 GiB", "1000" -> bytes; nothing where it is no size.
std::optional<uint64_t> parse_bytes(std::string_view text);
// Seconds -> "0.8 s", "3 min 20 s", "2 h 5 min".
std::string human_seconds(double seconds);

// Ascending numbers -> "0-3, 7, 9-12"; of more than `most` ranges, those and "...".
std::string number_ranges(std::span<const uint64_t> numbers, size_t most);

// The candidate nearest to `word` by edit distance, if it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

bool is_utf8(std::string_view text);
// Each byte that is not part of valid UTF-8 becomes \xHH: tables and reports hold text, file systems hold
// bytes.
std::string to_utf8(std::string_view bytes);

}  // namespace pomona
