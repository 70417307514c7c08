#include "storage/http_transfer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace pomona {
namespace {

long milliseconds(double seconds) { return std::max(1L, static_cast<long>(seconds * 1000)); }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

template <typename Number>
Number number(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

constexpr uint64_t kLargeBody = 1'000'000;  // bytes: above it, movement is watched

}  // namespace

void HttpTransfer::prepare(CURL* handle) {
  curl_easy_reset(handle);  // keeps its connections
  curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
  curl_easy_setopt(handle, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);  // a key may hold "/../"
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request_.connect_seconds));
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds(request_.seconds));
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(request_.stall_seconds)));
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, failure_.data());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, this);
  if (!request_.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, request_.ca_file.c_str());
  if (!request_.sign.empty()) {
    curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, request_.sign.c_str());
    curl_easy_setopt(handle, CURLOPT_USERNAME, request_.access_key.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, request_.secret_key.c_str());
  }
  if (request_.on_bytes && std::max(request_.body.size(), request_.into.size()) > kLargeBody) {
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, this);
  }
  prepare_body(handle);
  curl_slist* list = nullptr;
  for (const std::string& line : request_.headers) list = curl_slist_append(list, line.c_str());
  headers_.reset(list);
  if (list != nullptr) curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
}

void HttpTransfer::prepare_body(CURL* handle) {
  if (request_.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else if (request_.method == "PUT" || request_.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
                     request_.body.empty() ? "" : reinterpret_cast<const char*>(request_.body.data()));
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  } else if (request_.method != "GET") {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
}

HttpResponse HttpTransfer::finish(CURL* handle, CURLcode result) {
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
  if (result == CURLE_OK) {
    response_.status = status_;
  } else {
    response_.failure = failure_[0] != '\0' ? failure_.data() : curl_easy_strerror(result);
  }
  return std::move(response_);
}

size_t HttpTransfer::on_header(char* data, size_t, size_t bytes, void* self) {
  static_cast<HttpTransfer*>(self)->header({data, bytes});
  return bytes;
}

void HttpTransfer::header(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    const size_t blank = line.find(' ');
    status_ = blank == std::string_view::npos ? 0 : number<long>(line.substr(blank + 1));
    return;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (same_word(name, "ETag")) {
    if (value.size() >= 2 && value.starts_with('"')) value = value.substr(1, value.size() - 2);
    response_.etag = value;
  } else if (same_word(name, "Content-Length")) {
    response_.content_length = number<uint64_t>(value);
  } else if (same_word(name, "Content-Range")) {
    response_.object_size = number<uint64_t>(value.substr(std::min(value.size(), value.find('/') + 1)));
  } else if (same_word(name, "x-amz-bucket-region")) {
    response_.region = value;
  } else if (same_word(name, "Date")) {
    response_.date = value;
  } else if (same_word(name, "Last-Modified")) {
    response_.last_modified = value;
  }
}

size_t HttpTransfer::on_body(char* data, size_t, size_t bytes, void* self) {
  return static_cast<HttpTransfer*>(self)->take(std::as_bytes(std::span(data, bytes))) ? bytes : 0;
}

bool HttpTransfer::take(std::span<const std::byte> bytes) {
  const uint64_t before = response_.received;
  response_.received += bytes.size();
  if (request_.into.data() == nullptr || status_ >= 300) {
    response_.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return true;
  }
  if (response_.received > request_.into.size()) return false;  // more than was announced
  std::memcpy(request_.into.data() + before, bytes.data(), bytes.size());
  return true;
}

int HttpTransfer::on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
  auto* transfer = static_cast<HttpTransfer*>(self);
  if (down + up != transfer->moved_) {
    transfer->moved_ = down + up;
    transfer->request_.on_bytes();
  }
  return 0;
}

HttpResponse perform(const HttpRequest& request) {
  const CurlHandle handle(curl_easy_init());
  HttpTransfer transfer(request, {});
  transfer.prepare(handle.get());
  return transfer.finish(handle.get(), curl_easy_perform(handle.get()));
}

}  // namespace pomona
