#include "report/points.h"

#include <algorithm>
#include <cmath>

#include <zlib.h>

#include "base/error.h"

namespace pomona::report {
namespace {

// Raw deflate: no header, no checksum.
std::string deflate_raw(const std::string& text) {
  z_stream stream = {};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw Error(ErrorCode::internal, "report", "paths", "zlib cannot start");
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  // zlib's interface is older than const; it does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw Error(ErrorCode::internal, "report", "paths", "zlib does not end");
  return out;
}

}  // namespace

size_t shipped_components(uint64_t points, size_t k) {
  const uint64_t affordable = kPositionBytes / (sizeof(uint16_t) * std::max<uint64_t>(1, points));
  return std::min({k, kMostComponents, std::max<size_t>(2, affordable)});
}

void PathBlocks::append(const std::string& path) {
  if (open_paths_ > 0) open_ += '\0';
  open_ += path;
  if (++open_paths_ == kPathsPerBlock) close_block();
}

void PathBlocks::finish() {
  if (open_paths_ > 0) close_block();
}

void PathBlocks::close_block() {
  bytes_ += deflate_raw(open_);
  offsets_.push_back(bytes_.size());
  open_.clear();
  open_paths_ = 0;
}

Quantised quantise(const std::vector<float>& values) {
  Quantised result;
  if (values.empty()) return result;
  const auto [min, max] = std::minmax_element(values.begin(), values.end());
  result.min = *min;
  result.max = *max;
  const double scale = *max > *min ? 65535.0 / (static_cast<double>(*max) - *min) : 0;
  result.steps.reserve(values.size());
  for (const float value : values) {
    result.steps.push_back(
        static_cast<uint16_t>(std::lround((static_cast<double>(value) - result.min) * scale)));
  }
  return result;
}

}  // namespace pomona::report
