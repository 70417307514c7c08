#include "image_targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  pomona::fuzz::exif(std::as_bytes(std::span(data, size)));
  return 0;
}
