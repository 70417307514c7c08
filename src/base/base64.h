// Bytes as text (RFC 4648).
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace pomona {

// Appends the bytes in base64, padded with '='.
void append_base64(std::string& text, std::span<const std::byte> bytes);

}  // namespace pomona
