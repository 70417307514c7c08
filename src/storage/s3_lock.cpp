#include "storage/s3_lock.h"

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "storage/s3_errors.h"

namespace pomona {
namespace {

using Json = nlohmann::json;

constexpr auto kRenewEvery = std::chrono::seconds(8);
constexpr auto kLease = std::chrono::seconds(30);  // silent for so long: gone
constexpr auto kLookAgain = std::chrono::seconds(1);
constexpr int kTries = 5;
constexpr const char* kTextEnd = "}";  // without it the text was cut, and would be taken for another job's

std::string first_line(const std::string& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::string link_target(const std::string& path) {
  std::error_code error;
  return std::filesystem::read_symlink(path, error).string();
}

// When the process began, in ticks since the machine did: a number that is given to another process later
// differs in it. Empty where there is no such process.
std::string start_of(const std::string& process) {
  const std::string line = first_line("/proc/" + process + "/stat");
  std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::string field;
  for (int i = 0; i < 20; ++i) fields >> field;  // field 22 of proc(5); the name, the second, may hold blanks
  return fields ? field : std::string();
}

// Machine, or the container's own space of processes on it.
std::string machine() {
  return first_line("/proc/sys/kernel/random/boot_id") + " " + link_target("/proc/self/ns/pid");
}

std::string host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string random_token() {
  std::random_device random;
  std::ostringstream text;
  for (int i = 0; i < 4; ++i) text << std::hex << random();
  return text.str();
}

}  // namespace

struct S3Lock::Holder {
  std::string etag;
  std::string token;
  std::string machine;
  std::string process;
  std::string started;
  std::string host;
  std::chrono::seconds age{0};  // since it was renewed, by the store's clock

  bool is_here() const { return machine == pomona::machine(); }
  bool is_dead() const { return is_here() && start_of(process) != started; }
};

S3Lock::S3Lock(S3Client& client, std::string key, std::string place)
    : client_(client),
      key_(std::move(key)),
      place_(std::move(place)),
      self_(std::to_string(::getpid())),
      token_(random_token()) {
  take();
  heart_ = std::jthread([this](const std::stop_token& stop) { renew(stop); });
}

S3Lock::~S3Lock() {
  heart_.request_stop();
  heart_.join();
  if (lost_ || client_.is_down()) return;
  try {
    client_.call({.method = "DELETE", .key = key_});
  } catch (const std::exception&) {
    return;  // it stays, and counts for nothing in half a minute
  }
}

void S3Lock::take() {
  for (int attempt = 0; attempt < kTries; ++attempt) {
    if (put("If-None-Match: *")) return;
    const auto holder = look();
    if (!holder) continue;  // gone in between
    if (holder->token == token_) {
      etag_ = holder->etag;  // ours: only the answer was lost
      return;
    }
    if (!holder->is_dead() && !is_silent(*holder)) {
      throw Error(ErrorCode::mismatch, "lock", place_,
                  "another job is writing there: process " + holder->process + " on " + holder->host,
                  "wait for it to end, or stop it");
    }
    if (put("If-Match: \"" + holder->etag + "\"")) return;
  }
  throw Error(ErrorCode::mismatch, "lock", place_, "other jobs are trying to write there at the same time",
              "give the command again when they have ended");
}

bool S3Lock::is_silent(const Holder& holder) {
  const auto until = std::chrono::steady_clock::now() + (kLease - holder.age);
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kLookAgain);
    const auto now = look();
    if (!now) return true;
    if (now->etag != holder.etag) return false;
  }
  return true;
}

std::string S3Lock::text() const {
  return Json{{"lock", token_},   {"host", to_utf8(host())},    {"machine", machine()},
              {"process", self_}, {"started", start_of(self_)}, {"renewals", renewals_}}
             .dump(2) +
         "\n";
}

bool S3Lock::put(const std::string& condition) {
  const std::string body = text();
  S3Request request{
      .method = "PUT", .key = key_, .headers = {condition}, .body = std::as_bytes(std::span(body))};
  S3Answer answer = client_.call(request);
  if (answer.http.status == 501) {  // a store without conditions: then the last one wins, which look() shows
    request.headers.clear();
    answer = client_.call(request);
  }
  if (answer.http.status == 412 || answer.http.status == 409 || answer.missing()) {
    if (concerns_all(answer))
      throw s3_error(client_, kWrite, key_, key_.substr(0, key_.rfind('/') + 1), answer);
    return false;
  }
  if (!answer.good()) {
    const size_t slash = key_.rfind('/');
    throw s3_error(client_, kWrite, key_, slash == std::string::npos ? "" : key_.substr(0, slash), answer);
  }
  etag_ = answer.http.etag;
  return true;
}

std::optional<S3Lock::Holder> S3Lock::look() {
  const S3Answer answer = client_.call({.key = key_, .end = kTextEnd});
  if (answer.missing()) return std::nullopt;
  if (!answer.good()) {
    const size_t slash = key_.rfind('/');
    throw s3_error(client_, kRead, key_, slash == std::string::npos ? "" : key_.substr(0, slash), answer);
  }
  const Json json = Json::parse(answer.http.body, nullptr, false);
  const auto text_of = [&](const char* name) {
    return json.is_object() && json.contains(name) && json[name].is_string() ? json[name].get<std::string>()
                                                                             : "";
  };
  Holder holder{answer.http.etag,
                text_of("lock"),
                text_of("machine"),
                text_of("process"),
                text_of("started"),
                text_of("host"),
                {}};
  const auto now = parse_http_date(answer.http.date);
  const auto then = parse_http_date(answer.http.last_modified);
  if (now && then && *now > *then) holder.age = std::chrono::seconds(*now - *then);
  return holder;
}

void S3Lock::renew(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_.wait_for(lock, stop, kRenewEvery, [&] { return stop.stop_requested(); })) return;
    }
    try {
      ++renewals_;
      if (put("If-Match: \"" + etag_ + "\"")) continue;
      const auto holder = look();
      if (holder && holder->token == token_) {
        etag_ = holder->etag;
      } else {
        lost_ = true;
        return;
      }
    } catch (const std::exception&) {
      // The job itself will say what is wrong with the store.
      if (client_.is_down()) return;
    }
  }
}

}  // namespace pomona
