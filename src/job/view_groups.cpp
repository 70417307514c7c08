#include "job/view_groups.h"

#include <cctype>
#include <string>

#include "base/hash.h"

namespace pomona {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// How many digits `text` begins with.
size_t digits(std::string_view text) {
  size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// The length of an axis and its underscore at the beginning of a name; 0 where there is none.
size_t axis_length(std::string_view name) {
  if (name.empty() || !is_letter(name[0])) return 0;
  const size_t length = 1 + digits(name.substr(1));
  return length < name.size() && name[length] == '_' ? length + 1 : 0;
}

// "12" or "12_100".
bool is_view(std::string_view text) {
  const size_t first = digits(text);
  if (first == 0) return false;
  if (first == text.size()) return true;
  return text[first] == '_' && first + 1 < text.size() &&
         digits(text.substr(first + 1)) == text.size() - first - 1;
}

}  // namespace

std::optional<uint64_t> turntable_group(std::string_view path) {
  const size_t slash = path.rfind('/');
  const size_t start = slash == std::string_view::npos ? 0 : slash + 1;
  const std::string_view name = path.substr(start, path.rfind('.') - start);
  const size_t axis = axis_length(name);
  if (!is_view(name.substr(axis))) return std::nullopt;
  return path_hash(path.substr(0, start + axis));
}

}  // namespace pomona
