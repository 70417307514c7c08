// Many HTTP requests at once, by one thread: libcurl's multi interface.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pomona {

struct HttpRequest {
  std::string method = "GET";
  std::string url;                   // escaped; its query in the order in which SigV4 sorts it
  std::vector<std::string> headers;  // "Name: value"
  std::span<const std::byte> body;   // of PUT and POST; stays where it is until the answer has come
  std::span<std::byte> into;         // where the body of a good answer goes, if it is not to be a string

  std::string sign;  // "aws:amz:REGION:SERVICE"; empty: not signed
  std::string access_key;
  std::string secret_key;

  std::string ca_file;             // empty: the system's
  double connect_seconds = 5;      // to connect
  double stall_seconds = 10;       // without a byte
  double seconds = 30;             // for all of it
  std::function<void()> on_bytes;  // called while a body moves, if set; on the thread of the loop
};

struct HttpResponse {
  long status = 0;      // 0: no answer, or not all of it
  std::string failure;  // then: why, in libcurl's words
  std::string etag;     // without quotes
  std::string region;   // x-amz-bucket-region
  std::string date;     // of the server's clock
  std::string last_modified;
  uint64_t content_length = 0;  // as announced
  uint64_t object_size = 0;     // of the whole object, where a range of it was asked for
  uint64_t received = 0;        // bytes of the body
  std::string body;             // unless it went to `into`
};

class HttpLoop {
 public:
  using Clock = std::chrono::steady_clock;
  // Called on the thread of the loop: it must not block.
  using Done = std::function<void(HttpResponse&&)>;

  // At most so many requests are under way; others wait their turn.
  explicit HttpLoop(size_t concurrency);
  // Ends what is under way; its Done is not called.
  ~HttpLoop();
  HttpLoop(const HttpLoop&) = delete;
  HttpLoop& operator=(const HttpLoop&) = delete;

  void start(HttpRequest request, Done done, Clock::time_point not_before = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One request, on this thread.
HttpResponse perform(const HttpRequest& request);

// "Wed, 25 Nov 2026 09:00:00 GMT"; nothing where it cannot be read.
std::optional<std::time_t> parse_http_date(const std::string& text);

// Every byte but letters, digits and -._~ as %XX; slashes stay where `keep_slashes`.
std::string percent_encode(std::string_view text, bool keep_slashes = false);
// %XX as bytes and + as a blank, as S3 encodes keys in listings.
std::string percent_decode(std::string_view text);

}  // namespace pomona
