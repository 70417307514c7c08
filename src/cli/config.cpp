#include "cli/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>

#include <toml++/toml.h>

#include "base/error.h"
#include "base/text.h"

namespace pomona::cli {
namespace {

// The last one that is named, as of every flag.
std::optional<std::string> config_file(const std::vector<std::string>& arguments) {
  std::optional<std::string> file;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--") break;
    if (arguments[i].starts_with("--config=")) file = arguments[i].substr(9);
    if (arguments[i] == "--config" && i + 1 < arguments.size()) file = arguments[i + 1];
  }
  return file;
}

toml::table parse(const std::string& file) {
  if (std::error_code error; std::filesystem::is_directory(file, error)) {
    throw Error(ErrorCode::usage, "config", file, "it is a folder", "name a TOML file");
  }
  try {
    return toml::parse_file(file);
  } catch (const toml::parse_error& error) {
    std::ostringstream where;
    where << error.source().begin;
    throw Error(ErrorCode::usage, "config", file, std::string(error.description()) + " (" + where.str() + ")",
                "correct the file, or leave --config out");
  }
}

std::string text_of(const toml::node& node, const std::string& file, const std::string& name) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  // "=true" also after a flag that takes no value: without it, one that does would take the next word for its
  // own.
  if (const auto on = node.value_exact<bool>()) return *on ? "true" : "false";
  if (const auto* list = node.as_array()) {
    std::string joined;
    for (const toml::node& item : *list) joined += (joined.empty() ? "" : ",") + text_of(item, file, name);
    return joined;
  }
  if (!node.is_number()) {
    throw Error(ErrorCode::usage, "config", file,
                "'" + name + "' is neither text, a number, a list nor true or false");
  }
  if (const auto whole = node.value_exact<int64_t>()) return std::to_string(*whole);
  std::array<char, 32> text{};  // the shortest that reads back as the same number
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), node.value_or(0.0));
  return {text.data(), end};
}

}  // namespace

std::vector<std::string> with_config(std::vector<std::string> arguments,
                                     const std::vector<std::string>& flags,
                                     const std::vector<std::string>& others) {
  const auto named = config_file(arguments);
  if (!named) return arguments;
  const std::string& file = *named;
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
  };
  std::vector<std::string> inserted;
  for (const auto& [key, node] : parse(file)) {
    const std::string flag = "--" + std::string(key.str());
    if (!has(flags, flag)) {
      if (has(others, flag)) continue;
      const auto meant = nearest(flag, flags);
      throw Error(
          ErrorCode::usage, "config", file, "no flag has the name '" + std::string(key.str()) + "'",
          meant ? "did you mean '" + meant->substr(2) + "'?" : "see `pomona run --help` for the names");
    }
    inserted.push_back(flag + "=" + text_of(node, file, flag.substr(2)));
  }
  arguments.insert(arguments.begin() + 1, inserted.begin(), inserted.end());
  return arguments;
}

}  // namespace pomona::cli
