#include "image/jpeg_source.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <jerror.h>

#include "image/codec.h"

namespace pomona {
namespace {

using namespace std::string_view_literals;

// Each scan of a progressive file costs a walk over the whole picture, however few bytes it has. Encoders
// write about ten, and hardly more than 60 are possible with sense.
constexpr int kMaxScans = 100;

constexpr std::array<JOCTET, 2> kEndOfImage = {0xFF, JPEG_EOI};

JpegDecompression& of(j_decompress_ptr info) { return *static_cast<JpegDecompression*>(info->client_data); }
JpegDecompression& of(j_common_ptr info) { return *static_cast<JpegDecompression*>(info->client_data); }

void no_operation(j_decompress_ptr) {}

// All bytes were there from the start: being asked for more means that the file is cut off. An end marker
// lets libjpeg come to its end in order.
boolean fill_input_buffer(j_decompress_ptr info) {
  of(info).ran_out = true;
  info->src->next_input_byte = kEndOfImage.data();
  info->src->bytes_in_buffer = kEndOfImage.size();
  return TRUE;
}

void skip_input_data(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  if (static_cast<size_t>(count) > info->src->bytes_in_buffer) {
    fill_input_buffer(info);
    return;
  }
  info->src->next_input_byte += count;
  info->src->bytes_in_buffer -= static_cast<size_t>(count);
}

[[noreturn]] void error_exit(j_common_ptr info) { std::longjmp(of(info).on_error, 1); }
void output_message(j_common_ptr) {}

// Some encoders pad the data of a scan with zeros; before the first scan no pixel can be hurt.
bool is_padding(const JpegDecompression& jpeg, int count) {
  if (jpeg.info.input_scan_number == 0) return true;
  const auto* end = reinterpret_cast<const std::byte*>(jpeg.info.src->next_input_byte);
  const std::byte* begin = jpeg.file.data();
  if (end < begin || end > begin + jpeg.file.size()) return false;
  const auto available = std::min<size_t>(static_cast<size_t>(count), static_cast<size_t>(end - begin));
  return std::all_of(end - available, end, [](std::byte b) { return b == std::byte{0}; });
}

// Which of libjpeg's warnings mean damaged pixels. docs/decisions/jpeg-warnings.md gives the reasons.
bool means_damage(const JpegDecompression& jpeg) {
  switch (jpeg.errors.msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_BOGUS_ICC:
      return false;
    case JWRN_EXTRANEOUS_DATA:
      return !is_padding(jpeg, jpeg.errors.msg_parm.i[0]);
    default:
      return true;
  }
}

void emit_message(j_common_ptr info, int level) {
  if (level >= 0) return;  // a trace, not a warning
  JpegDecompression& jpeg = of(info);
  // What comes after the end of the bytes is the end's fault.
  if (!jpeg.ran_out && jpeg.damage[0] == '\0' && means_damage(jpeg))
    jpeg.errors.format_message(info, jpeg.damage.data());
}

void check_scans(j_common_ptr info) {
  auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
  if (decompress->input_scan_number > kMaxScans) {
    of(info).too_many_scans = true;
    error_exit(info);
  }
}

// Reads EXIF and XMP where they lie in the file.
boolean read_app1(j_decompress_ptr info) {
  jpeg_source_mgr& source = *info->src;
  if (source.bytes_in_buffer < 2) return fill_input_buffer(info);
  const size_t length = (size_t{source.next_input_byte[0]} << 8) | source.next_input_byte[1];
  if (length < 2) {
    info->err->msg_code = JERR_BAD_LENGTH;
    error_exit(reinterpret_cast<j_common_ptr>(info));
  }
  const size_t here = std::min(length, source.bytes_in_buffer);
  const auto payload = std::as_bytes(std::span(source.next_input_byte + 2, here - 2));
  const std::string_view text(reinterpret_cast<const char*>(payload.data()), payload.size());
  constexpr std::string_view kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
  JpegDecompression& jpeg = of(info);
  if (text.starts_with("Exif\0\0"sv)) {
    if (!jpeg.exif) jpeg.exif = exif_orientation(payload);
  } else if (text.starts_with(kXmp)) {
    jpeg.xmp = xmp_orientation(text.substr(kXmp.size()));
  }
  skip_input_data(info, static_cast<long>(length));
  return TRUE;
}

bool is_unsupported(int code) {
  switch (code) {
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_COMPONENT_COUNT:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_EMPTY_IMAGE:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_SOF_UNSUPPORTED:
      return true;
    default:
      return false;
  }
}

}  // namespace

void JpegDecompression::create(std::span<const std::byte> bytes) {
  file = bytes;
  info.err = jpeg_std_error(&errors);
  errors.error_exit = error_exit;
  errors.emit_message = emit_message;
  errors.output_message = output_message;
  info.client_data = this;  // jpeg_create_decompress keeps it
  jpeg_create_decompress(&info);
  source.next_input_byte = reinterpret_cast<const JOCTET*>(bytes.data());
  source.bytes_in_buffer = bytes.size();
  source.init_source = no_operation;
  source.fill_input_buffer = fill_input_buffer;
  source.skip_input_data = skip_input_data;
  source.resync_to_restart = jpeg_resync_to_restart;
  source.term_source = no_operation;
  info.src = &source;
  progress.progress_monitor = check_scans;
  info.progress = &progress;
  jpeg_set_marker_processor(&info, JPEG_APP0 + 1, read_app1);
}

Reject jpeg_reject(JpegDecompression& jpeg) {
  std::string text = jpeg.damage.data();
  if (jpeg.too_many_scans) {
    text = "more than " + std::to_string(kMaxScans) + " scans";
  } else if (text.empty() && jpeg.ran_out) {
    return reject(Reason::truncated, "The JPEG file ends before its picture does.");
  } else if (text.empty()) {
    std::array<char, JMSG_LENGTH_MAX> error{};
    jpeg.errors.format_message(reinterpret_cast<j_common_ptr>(&jpeg.info), error.data());
    text = error.data();
    if (is_unsupported(jpeg.errors.msg_code)) {
      return reject(Reason::unsupported_kind, "A JPEG of a kind that is not read: " + text + ".");
    }
  }
  return reject(Reason::corrupt, "The JPEG data is damaged: " + text + ".");
}

}  // namespace pomona
