#include "storage/s3_client.h"

#include <algorithm>
#include <future>
#include <random>

#include "base/hash.h"
#include "storage/sts.h"

namespace pomona {
namespace {

using Clock = HttpLoop::Clock;

constexpr int kMostAttempts = 20;     // of one request, while others are answered
constexpr double kLively = 10;        // seconds of silence that do not make a store suspect
constexpr double kFirstWait = 0.1;    // seconds
constexpr double kLongestWait = 2.0;  // seconds
constexpr double kBytesPerSecond = 1e6;
constexpr double kStall = 10;  // seconds without a byte
constexpr auto kCredentialsFor = std::chrono::seconds(10);
constexpr const char* kHashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

// Half to all of a wait that doubles with each attempt: clients that failed together do not come back
// together.
Clock::time_point next_attempt(int attempts) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double longest =
      std::min(kLongestWait, kFirstWait * static_cast<double>(1 << std::min(attempts - 1, 10)));
  const double wait = std::uniform_real_distribution(longest / 2, longest)(random);
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(wait));
}

bool is_transient(const S3Answer& answer) {
  const long status = answer.http.status;
  return status == 0 || status == 408 || status == 429 || status >= 500 ||
         answer.fault.code == "RequestTimeout" || answer.fault.code == "SlowDown" ||
         answer.fault.code == "OperationAborted";
}

bool is_cut(const S3Request& request, const HttpResponse& response) {
  if (request.length) return response.received != *request.length;
  return response.body.find(request.end,
                            response.body.size() - std::min(response.body.size(), request.end.size() + 8)) ==
         std::string::npos;
}

}  // namespace

struct S3Client::Call {
  S3Request request;
  Done done;
  std::string sha256;  // of the body
  int attempts = 0;
  bool region_learnt = false;
};

// Whether the store answers at all. One rule: while something waits for an answer and no good one has come
// for S3Options::give_up seconds, it is down, and stays so.
class S3Client::Health {
 public:
  explicit Health(double give_up) : give_up_(give_up) {}

  void begin() {
    const std::lock_guard lock(mutex_);
    if (pending_++ == 0) life_ = Clock::now();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    --pending_;
  }
  void alive() {
    const std::lock_guard lock(mutex_);
    life_ = Clock::now();
  }
  // After a failure: the seconds of silence.
  double failed() {
    const std::lock_guard lock(mutex_);
    const double silent = seconds(Clock::now() - life_);
    if (silent >= give_up_) down_ = true;
    return silent;
  }
  bool is_down() const {
    const std::lock_guard lock(mutex_);
    return down_;
  }

 private:
  double give_up_;
  mutable std::mutex mutex_;
  size_t pending_ = 0;
  Clock::time_point life_;
  bool down_ = false;
};

S3Client::S3Client(std::string bucket, const S3Options& options)
    : bucket_(std::move(bucket)),
      settings_(settle(options)),
      health_(std::make_unique<Health>(settings_.give_up)),
      region_(settings_.region) {}

S3Client::~S3Client() = default;

std::string S3Client::region() const {
  const std::lock_guard lock(mutex_);
  return region_;
}

bool S3Client::is_down() const { return health_->is_down(); }

S3Credentials S3Client::credentials() {
  const std::lock_guard lock(mutex_);
  if (Clock::now() >= credentials_until_) {
    if (!provider_) provider_ = make_credentials(settings_);
    credentials_ = provider_->get();
    credentials_until_ = Clock::now() + kCredentialsFor;
  }
  return credentials_;
}

std::string S3Client::principal() {
  {
    const std::lock_guard lock(mutex_);
    if (!principal_.empty()) return principal_;
  }
  if (settings_.anonymous) return "anonymous";
  const S3Credentials caller = credentials();
  std::string name = caller_identity(settings_, caller).value_or("access key " + caller.access_key);
  const std::lock_guard lock(mutex_);
  principal_ = std::move(name);
  return principal_;
}

std::string S3Client::url(const S3Request& request) const {
  const bool in_path =
      settings_.path_style.value_or(!settings_.endpoint.empty() || bucket_.find('.') != std::string::npos);
  std::string base = settings_.endpoint;
  if (base.empty()) {
    const std::string region_name = region();
    base = "https://s3." + region_name +
           (region_name.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
  }
  if (in_path) {
    base += "/" + bucket_;
  } else {
    base.insert(base.find("://") + 3, bucket_ + ".");
  }
  return base + "/" + percent_encode(request.key, true) + (request.query.empty() ? "" : "?" + request.query);
}

HttpRequest S3Client::to_http(const Call& call) const {
  const S3Request& request = call.request;
  HttpRequest http;
  http.method = request.method;
  http.url = url(request);
  http.headers = request.headers;
  http.body = request.body;
  http.into = request.into;
  http.ca_file = settings_.ca_file;
  http.stall_seconds = std::min(kStall, settings_.timeout);
  http.connect_seconds = std::min(http.connect_seconds, settings_.timeout);
  http.seconds =
      settings_.timeout +
      static_cast<double>(std::max<uint64_t>({request.body.size(), request.into.size(), request.expected})) /
          kBytesPerSecond;
  http.on_bytes = [this] { health_->alive(); };
  if (request.method == "PUT") http.headers.emplace_back("Content-Type: application/octet-stream");
  const std::lock_guard lock(mutex_);
  if (credentials_.access_key.empty()) return http;
  http.headers.push_back("x-amz-content-sha256: " + call.sha256);
  if (!credentials_.session_token.empty()) {
    http.headers.push_back("x-amz-security-token: " + credentials_.session_token);
  }
  http.sign = "aws:amz:" + region_ + ":s3";
  http.access_key = credentials_.access_key;
  http.secret_key = credentials_.secret_key;
  return http;
}

void S3Client::start(S3Request request, Done done) {
  std::call_once(started_, [this] { loop_ = std::make_unique<HttpLoop>(settings_.concurrency); });
  credentials();  // here, because it may have to ask for them
  auto call = std::make_shared<Call>();
  call->sha256 = request.body.empty() ? kHashOfNothing : sha256_hex(request.body);
  call->request = std::move(request);
  call->done = std::move(done);
  health_->begin();
  attempt(std::move(call), {});
}

void S3Client::attempt(std::shared_ptr<Call> call, Clock::time_point not_before) {
  ++call->attempts;
  HttpRequest http = to_http(*call);
  loop_->start(
      std::move(http),
      [this, call = std::move(call)](HttpResponse&& response) mutable {
        answered(std::move(call), std::move(response));
      },
      not_before);
}

void S3Client::answered(std::shared_ptr<Call> call, HttpResponse&& response) {
  S3Answer answer{std::move(response), {}, false, 0, call->attempts};
  if (answer.good() && is_cut(call->request, answer.http)) {
    answer.http.failure = "the body was cut after " + std::to_string(answer.http.received) + " bytes";
    answer.http.status = 0;
  }
  if (answer.http.status >= 300) answer.fault = parse_fault(answer.http.body);
  if (learn_region(answer, *call)) return attempt(std::move(call), {});
  if (is_transient(answer)) {
    answer.silent = health_->failed();
    answer.store_down = health_->is_down();
    const bool hopeless = call->attempts >= kMostAttempts && answer.silent < kLively;
    if (!answer.store_down && !hopeless) {
      const auto when = next_attempt(call->attempts);
      return attempt(std::move(call), when);
    }
  } else {
    health_->alive();
  }
  health_->end();
  call->done(std::move(answer));
}

// Whether the store named another region than the one that was asked.
bool S3Client::learn_region(const S3Answer& answer, Call& call) {
  const long status = answer.http.status;
  if (status != 301 && status != 307 && status != 400) return false;
  const std::string& named = answer.http.region.empty() ? answer.fault.region : answer.http.region;
  const std::lock_guard lock(mutex_);
  if (named.empty() || call.region_learnt) return false;
  call.region_learnt = true;
  region_ = named;
  return true;
}

S3Answer S3Client::call(S3Request request) {
  std::promise<S3Answer> promise;
  auto future = promise.get_future();
  start(std::move(request), [&promise](S3Answer&& answer) { promise.set_value(std::move(answer)); });
  return future.get();
}

}  // namespace pomona
