#include "image_targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  pomona::fuzz::decode_as(pomona::Format::jpeg, std::as_bytes(std::span(data, size)));
  return 0;
}
