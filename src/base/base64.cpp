#include "base/base64.h"

#include <algorithm>

#include <openssl/evp.h>

namespace pomona {
namespace {

constexpr size_t kStep = 3 << 20;  // a multiple of 3: no padding but at the end

}  // namespace

void append_base64(std::string& text, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kStep));
    const size_t at = text.size();
    text.resize(at + (part.size() + 2) / 3 * 4 + 1);  // OpenSSL ends it with a NUL
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + at),
                        reinterpret_cast<const unsigned char*>(part.data()), static_cast<int>(part.size()));
    text.resize(at + static_cast<size_t>(length));
    bytes = bytes.subspan(part.size());
  }
}

}  // namespace pomona
