#include "storage/sts.h"

#include <ctime>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "storage/http.h"
#include "storage/s3_xml.h"

namespace pomona {
namespace {

using Clock = std::chrono::system_clock;

constexpr int kAttempts = 4;

std::string endpoint_of(const S3Settings& settings) {
  if (!settings.sts_endpoint.empty()) return settings.sts_endpoint;
  if (!settings.endpoint.empty()) return settings.endpoint;  // MinIO and others answer there
  if (!settings.region_known) return "https://sts.amazonaws.com";
  const std::string domain = settings.region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://sts." + settings.region + domain;
}

HttpResponse call(const S3Settings& settings, const S3Credentials& caller, const std::string& form,
                  int attempts) {
  HttpRequest request;
  request.method = "POST";
  request.url = endpoint_of(settings) + "/";
  request.headers = {"Content-Type: application/x-www-form-urlencoded"};
  if (!caller.session_token.empty())
    request.headers.push_back("x-amz-security-token: " + caller.session_token);
  request.body = std::as_bytes(std::span(form));
  if (!caller.access_key.empty()) request.sign = "aws:amz:" + settings.region + ":sts";
  request.access_key = caller.access_key;
  request.secret_key = caller.secret_key;
  request.ca_file = settings.ca_file;
  request.connect_seconds = 3;
  request.seconds = 10;
  for (int attempt = 1;; ++attempt) {
    HttpResponse response = perform(request);
    const bool transient = response.status == 0 || response.status == 429 || response.status >= 500;
    if (!transient || attempt >= attempts) return response;
    std::this_thread::sleep_for(std::chrono::milliseconds(200 << attempt));
  }
}

// "2026-11-25T10:40:00Z"; an hour from now where it cannot be read.
Clock::time_point parse_time(const std::string& text) {
  std::tm time{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr)
    return Clock::now() + std::chrono::hours(1);
  return Clock::from_time_t(timegm(&time));
}

AssumedRole assumed_role(const HttpResponse& response, const std::string& role, const std::string& remedy) {
  AssumedRole assumed{
      {element_text(response.body, "AccessKeyId"), element_text(response.body, "SecretAccessKey"),
       element_text(response.body, "SessionToken")},
      parse_time(element_text(response.body, "Expiration"))};
  if (response.status == 200 && !assumed.credentials.access_key.empty()) return assumed;
  const S3Fault fault = parse_fault(response.body);
  const std::string cause = response.status == 0    ? response.failure
                            : fault.message.empty() ? "HTTP status " + std::to_string(response.status)
                                                    : fault.code + ": " + fault.message;
  throw Error(ErrorCode::permission, "assume role", role, cause, remedy);
}

}  // namespace

AssumedRole assume_role(const S3Settings& settings, const S3Credentials& caller, const std::string& role,
                        const std::string& external_id) {
  std::string form =
      "Action=AssumeRole&Version=2011-06-15&RoleSessionName=pomona&RoleArn=" + percent_encode(role);
  if (!external_id.empty()) form += "&ExternalId=" + percent_encode(external_id);
  return assumed_role(
      call(settings, caller, form, kAttempts), role,
      "let the caller do sts:AssumeRole on it, in the role's trust policy and in its own; check "
      "--s3-external-id");
}

AssumedRole assume_role_with_web_identity(const S3Settings& settings, const std::string& token_file,
                                          const std::string& role, const std::string& session) {
  std::ifstream file(token_file);
  std::string token;
  if (!(file >> token)) {
    throw Error(ErrorCode::permission, "assume role", token_file, "the web identity token cannot be read",
                "check AWS_WEB_IDENTITY_TOKEN_FILE, or unset it");
  }
  const std::string form =
      "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=" + percent_encode(session) +
      "&RoleArn=" + percent_encode(role) + "&WebIdentityToken=" + percent_encode(token);
  return assumed_role(call(settings, {}, form, kAttempts), role,
                      "let the token's issuer do sts:AssumeRoleWithWebIdentity in the role's trust policy");
}

std::optional<std::string> caller_identity(const S3Settings& settings, const S3Credentials& caller) {
  const HttpResponse response = call(settings, caller, "Action=GetCallerIdentity&Version=2011-06-15", 1);
  const std::string arn = response.status == 200 ? element_text(response.body, "Arn") : std::string();
  return arn.empty() ? std::nullopt : std::optional(arn);
}

}  // namespace pomona
