#include "storage/s3_list.h"

#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/threads.h"
#include "storage/s3_errors.h"

namespace pomona {
namespace {

constexpr size_t kListers = 8;
constexpr size_t kEnough = 64;  // prefixes: from then on, what is below one is listed in one go

class Listing {
 public:
  Listing(S3Client& client, const S3ListRequest& request, const std::function<void(ObjectInfo&&)>& visit)
      : client_(client),
        root_(request.prefix),
        except_(request.except),
        hidden_(request.hidden),
        visit_(visit) {
    add(root_);
  }

  void run() {
    parallel_for(kListers, kListers, [this](size_t, size_t) { work(); });
  }

 private:
  struct Prefix {
    std::string prefix;
    bool divide;  // at the next slash
  };

  void work() {
    try {
      while (const auto prefix = take()) {
        list(*prefix);
        done();
      }
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        failed_ = true;
        announce();
      }
      throw;
    }
  }

  // Waits while others may still find prefixes.
  std::optional<Prefix> take() {
    for (;;) {
      uint32_t seen = 0;
      {
        const std::lock_guard lock(mutex_);
        if (failed_) return std::nullopt;
        if (!open_.empty()) {
          Prefix prefix = std::move(open_.front());
          open_.pop_front();
          ++busy_;
          return prefix;
        }
        if (busy_ == 0) return std::nullopt;
        seen = news_;
      }
      news_.wait(seen);
    }
  }

  void done() {
    const std::lock_guard lock(mutex_);
    --busy_;
    announce();
  }

  void announce() {
    ++news_;
    news_.notify_all();
  }

  void add(std::string prefix) {
    const std::lock_guard lock(mutex_);
    if (!except_.empty() && prefix.starts_with(except_)) return;
    if (!hidden_ && is_hidden(prefix)) return;
    open_.push_back({std::move(prefix), ++known_ < kEnough});
    announce();
  }

  // Whether a name below the root begins with a dot.
  bool is_hidden(std::string_view key) const {
    key.remove_prefix(root_.size());
    return key.starts_with('.') || key.find("/.") != std::string_view::npos;
  }

  void list(const Prefix& prefix) {
    std::string token;
    do {
      const S3Answer answer =
          client_.call({.query = list_query(prefix.prefix, prefix.divide, token), .end = kListEnd});
      auto page = answer.good() ? parse_list_page(answer.http.body) : std::nullopt;
      if (!page) throw failure(answer);
      for (std::string& below : page->prefixes) add(std::move(below));
      visit(page->objects);
      token = std::move(page->next);
    } while (!token.empty());
  }

  void visit(std::vector<ObjectInfo>& objects) {
    const std::lock_guard lock(visit_mutex_);
    for (ObjectInfo& object : objects) {
      if (!hidden_ && (object.key.ends_with('/') || is_hidden(object.key))) continue;
      if (!except_.empty() && object.key.starts_with(except_)) continue;
      visit_(std::move(object));
    }
  }

  Error failure(const S3Answer& answer) {
    if (answer.good()) {
      return {ErrorCode::storage, "list", "s3://" + client_.bucket() + "/" + root_,
              "the answer is no listing", "check that the endpoint is an S3 store"};
    }
    return s3_error(client_, kList, root_, root_.empty() ? "" : root_.substr(0, root_.size() - 1), answer);
  }

  S3Client& client_;
  std::string root_;
  std::string except_;
  bool hidden_;
  const std::function<void(ObjectInfo&&)>& visit_;
  std::mutex visit_mutex_;
  std::mutex mutex_;
  std::deque<Prefix> open_;
  size_t known_ = 0;
  size_t busy_ = 0;
  bool failed_ = false;
  std::atomic<uint32_t> news_ = 0;  // see ShardPool
};

}  // namespace

void list_prefix(S3Client& client, const S3ListRequest& request,
                 const std::function<void(ObjectInfo&&)>& visit) {
  Listing(client, request, visit).run();
}

std::string list_query(const std::string& prefix, bool delimiter, const std::string& token, int most) {
  std::string query;
  if (!token.empty()) query += "continuation-token=" + percent_encode(token) + "&";
  if (delimiter) query += "delimiter=%2F&";
  query +=
      "encoding-type=url&list-type=2&max-keys=" + std::to_string(most) + "&prefix=" + percent_encode(prefix);
  return query;
}

}  // namespace pomona
