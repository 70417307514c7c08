#include "storage/http.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include <curl/curl.h>

#include "storage/http_transfer.h"

namespace pomona {
namespace {

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

constexpr int kLongestWait = 1000;  // milliseconds

}  // namespace

class HttpLoop::Impl {
 public:
  explicit Impl(size_t concurrency)
      : concurrency_(std::max<size_t>(1, concurrency)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(concurrency_));
    thread_ = std::jthread([this] { run(); });
  }

  ~Impl() {
    stopped_ = true;
    curl_multi_wakeup(multi_.get());
    thread_.join();
    for (auto& [handle, active] : active_) curl_multi_remove_handle(multi_.get(), handle);
  }

  void start(HttpRequest request, Done done, Clock::time_point not_before) {
    auto transfer = std::make_unique<HttpTransfer>(std::move(request), std::move(done));
    {
      const std::lock_guard lock(mutex_);
      waiting_.emplace(not_before, std::move(transfer));
    }
    if (std::this_thread::get_id() != thread_.get_id()) curl_multi_wakeup(multi_.get());
  }

 private:
  struct Active {
    CurlHandle handle;
    std::unique_ptr<HttpTransfer> transfer;
  };

  void run() {
    while (!stopped_) {
      const int wait = start_due();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      if (!finish_ended()) curl_multi_poll(multi_.get(), nullptr, 0, wait, nullptr);
    }
  }

  // Starts what is due and has room; the time until the next is due, in milliseconds.
  int start_due() {
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    while (active_.size() < concurrency_ && !waiting_.empty() && waiting_.begin()->first <= now) {
      begin(std::move(waiting_.begin()->second));
      waiting_.erase(waiting_.begin());
    }
    if (waiting_.empty() || active_.size() >= concurrency_) return kLongestWait;
    const auto due =
        std::chrono::duration_cast<std::chrono::milliseconds>(waiting_.begin()->first - now).count() + 1;
    return static_cast<int>(std::clamp<int64_t>(due, 1, kLongestWait));
  }

  void begin(std::unique_ptr<HttpTransfer> transfer) {
    CurlHandle handle;
    if (idle_.empty()) {
      handle.reset(curl_easy_init());
    } else {
      handle = std::move(idle_.back());
      idle_.pop_back();
    }
    CURL* key = handle.get();
    transfer->prepare(key);
    active_.emplace(key, Active{std::move(handle), std::move(transfer)});
    curl_multi_add_handle(multi_.get(), key);
  }

  bool finish_ended() {
    bool any = false;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      any = true;
      CURL* key = message->easy_handle;
      const CURLcode result = message->data.result;  // `message` does not outlive the next line
      curl_multi_remove_handle(multi_.get(), key);
      auto node = active_.extract(key);
      const std::unique_ptr<HttpTransfer> transfer = std::move(node.mapped().transfer);
      HttpResponse response = transfer->finish(key, result);
      idle_.push_back(std::move(node.mapped().handle));
      transfer->done()(std::move(response));
    }
    return any;
  }

  size_t concurrency_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::multimap<Clock::time_point, std::unique_ptr<HttpTransfer>> waiting_;
  std::unordered_map<CURL*, Active> active_;  // of the thread of the loop, as is idle_
  std::vector<CurlHandle> idle_;
  std::jthread thread_;
};

HttpLoop::HttpLoop(size_t concurrency) : impl_(std::make_unique<Impl>(concurrency)) {}
HttpLoop::~HttpLoop() = default;

void HttpLoop::start(HttpRequest request, Done done, Clock::time_point not_before) {
  impl_->start(std::move(request), std::move(done), not_before);
}

std::optional<std::time_t> parse_http_date(const std::string& text) {
  std::tm time{};
  if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &time) == nullptr) return std::nullopt;
  return timegm(&time);
}

std::string percent_encode(std::string_view text, bool keep_slashes) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~' || (c == '/' && keep_slashes);
    if (plain) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

std::string percent_decode(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

}  // namespace pomona
