// A photo that could not be used. Rejects are data: they are counted, written and reported, never thrown.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace pomona {

// Where in the chain a photo was lost.
enum class Stage { read, decode, infer };

// Why: a closed list, documented in docs/guides/rejects.md. Names are part of the rejects format.
enum class Reason {
  // read
  not_a_file,         // a device, a pipe, a socket, or a link that leads nowhere
  permission_denied,  // the system refuses to open it
  vanished,           // listed, but gone when it was read
  changed,            // listed, but different when it was read
  read_error,         // the disk or the store failed
  empty,              // 0 bytes
  too_many_bytes,     // more than --max-bytes
  // decode
  not_an_image,        // no image format that we know of
  unsupported_format,  // an image format that Pomona does not read; the detail names it
  unsupported_kind,    // JPEG, PNG or WebP, but of a kind that Pomona does not read
  too_many_pixels,     // more than --max-pixels, by its header
  truncated,           // the file ends before the picture does
  corrupt,             // the file contradicts itself
  // infer
  not_finite,  // the network answered with a NaN or an infinity
};

inline constexpr std::array kStageNames = {"read", "decode", "infer"};
inline constexpr std::array kReasonNames = {"not-a-file",       "permission-denied", "vanished",
                                            "changed",          "read-error",        "empty",
                                            "too-many-bytes",   "not-an-image",      "unsupported-format",
                                            "unsupported-kind", "too-many-pixels",   "truncated",
                                            "corrupt",          "not-finite"};

constexpr std::string_view name(Stage stage) { return kStageNames.at(static_cast<size_t>(stage)); }
constexpr std::string_view name(Reason reason) { return kReasonNames.at(static_cast<size_t>(reason)); }

struct Reject {
  Stage stage;
  Reason reason;
  std::string detail;  // one sentence for a person, without the path
};

// A step on one photo: nothing where it worked.
using MaybeReject = std::optional<Reject>;

// Whether the reason lies outside the photo's bytes, so that another try may succeed: `pomona retry`.
constexpr bool can_pass(Reason reason) {
  return reason == Reason::permission_denied || reason == Reason::vanished || reason == Reason::changed ||
         reason == Reason::read_error;
}

// The way back from a name; nothing where it is none.
std::optional<Stage> stage_named(std::string_view text);
std::optional<Reason> reason_named(std::string_view text);

}  // namespace pomona
