// A tar in memory: ustar, with a pax header where a name needs it. No time, no user, no host.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pomona {

class TarWriter {
 public:
  // Appends a regular file, and says where its first byte stands.
  uint64_t append(std::string_view name, std::span<const std::byte> bytes);
  // The whole tar, with its end; the writer starts anew.
  std::string finish();
  uint64_t size() const { return tar_.size(); }
  // Makes room, so that memory is not moved about while the tar grows.
  void reserve(uint64_t bytes) { tar_.reserve(bytes); }

 private:
  void header(std::string_view name, char type, uint64_t size);
  void pad();

  std::string tar_;
};

// The blocks of zeros that end a tar.
inline constexpr uint64_t kTarEnd = 1024;

// What a file of so many bytes takes in a tar, at most.
uint64_t tar_member_bytes(std::string_view name, uint64_t size);

}  // namespace pomona
