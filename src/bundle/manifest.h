// bundle.json: canonical JSON that carries its own hash, so that no byte of it can change unseen.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace pomona {

// Adds "sha256" over the canonical text of the rest, and returns the text to store.
std::string seal_manifest(nlohmann::json manifest);
// Parses and verifies. Throws Error(corrupt) naming `object`.
nlohmann::json open_manifest(const std::string& text, const std::string& object);

}  // namespace pomona
