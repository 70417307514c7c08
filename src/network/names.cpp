#include "network/names.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace pomona::network {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// "Type_123": a type's name begins with a capital and has no underscore.
bool is_automatic(const std::string& name) {
  const size_t bar = name.find('_');
  return bar != std::string::npos && bar + 1 < name.size() &&
         std::isupper(static_cast<unsigned char>(name[0])) != 0 &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(bar) + 1, name.end(), is_digit);
}

}  // namespace

void settle_names(ov::Model& model) {
  size_t count = 0;
  for (const auto& node : model.get_ordered_ops()) {
    if (!is_automatic(node->get_friendly_name())) continue;
    const bool has_name = node->get_output_size() > 0 && !node->output(0).get_names().empty();
    node->set_friendly_name(has_name ? node->output(0).get_any_name()
                                     : std::string(node->get_type_name()) + "#" + std::to_string(count));
    ++count;
  }
}

}  // namespace pomona::network
