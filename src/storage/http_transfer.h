// One request in a libcurl handle.
#pragma once

#include <array>
#include <memory>

#include <curl/curl.h>

#include "storage/http.h"

namespace pomona {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct HeadersDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;

// What libcurl calls back into: it stays where it is while the handle runs.
class HttpTransfer {
 public:
  HttpTransfer(HttpRequest request, HttpLoop::Done done)
      : request_(std::move(request)), done_(std::move(done)) {}
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  // Sets the handle up for this request.
  void prepare(CURL* handle);
  // The answer, once libcurl says `result`.
  HttpResponse finish(CURL* handle, CURLcode result);
  const HttpLoop::Done& done() const { return done_; }

 private:
  static size_t on_header(char* data, size_t, size_t bytes, void* self);
  static size_t on_body(char* data, size_t, size_t bytes, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up);
  void prepare_body(CURL* handle);
  void header(std::string_view line);
  bool take(std::span<const std::byte> bytes);

  HttpRequest request_;
  HttpLoop::Done done_;
  HttpResponse response_;
  long status_ = 0;
  curl_off_t moved_ = 0;
  std::unique_ptr<curl_slist, HeadersDeleter> headers_;
  std::array<char, CURL_ERROR_SIZE> failure_{};
};

}  // namespace pomona
