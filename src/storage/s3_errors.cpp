#include "storage/s3_errors.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pomona {
namespace {

struct Known {
  const char* code;
  ErrorCode kind;
  const char* cause;
  const char* remedy;
};

// Faults of the caller or the bucket, not of an object.
constexpr std::array kKnown = {
    Known{"ExpiredToken", ErrorCode::permission, "the session token has expired",
          "get new credentials, then give the same command again: it goes on where it stopped"},
    Known{"ExpiredTokenException", ErrorCode::permission, "the session token has expired",
          "get new credentials, then give the same command again: it goes on where it stopped"},
    Known{"TokenRefreshRequired", ErrorCode::permission, "the session token has expired",
          "get new credentials, then give the same command again: it goes on where it stopped"},
    Known{"InvalidToken", ErrorCode::permission, "the session token is not valid",
          "get new credentials; AWS_SESSION_TOKEN must belong to AWS_ACCESS_KEY_ID"},
    Known{"InvalidAccessKeyId", ErrorCode::permission, "the store does not know the access key",
          "check AWS_ACCESS_KEY_ID or the profile, and that the endpoint is the right one"},
    Known{"SignatureDoesNotMatch", ErrorCode::permission, "the secret key is not the right one",
          "check AWS_SECRET_ACCESS_KEY or the profile"},
    Known{"RequestTimeTooSkewed", ErrorCode::permission, "this machine's clock is wrong",
          "set it (timedatectl set-ntp true): the store takes no request that is off by 15 minutes"},
    Known{"NoSuchBucket", ErrorCode::not_found, "there is no such bucket", "check its name and the endpoint"},
    Known{"AccountProblem", ErrorCode::permission, "the account is suspended", "ask its owner"},
    Known{"InvalidBucketName", ErrorCode::usage, "this is not the name of a bucket", "check it"},
};

const Known* known(const S3Answer& answer) {
  const auto* found =
      std::ranges::find_if(kKnown, [&](const Known& k) { return answer.fault.code == k.code; });
  return found == kKnown.end() ? nullptr : found;
}

std::string says(const S3Answer& answer) {
  if (answer.http.status == 0) return answer.http.failure;
  std::string text = "HTTP status " + std::to_string(answer.http.status);
  if (!answer.fault.code.empty()) text += ", " + answer.fault.code;
  if (!answer.fault.message.empty()) text += ": " + answer.fault.message;
  return text;
}

std::string grant(const S3Client& client, const S3Action& action, const std::string& prefix) {
  const std::string bucket = "arn:aws:s3:::" + client.bucket();
  if (std::string_view(action.grant) != "s3:ListBucket") {
    return std::string(action.grant) + " on " + bucket + "/" + prefix + (prefix.empty() ? "*" : "/*");
  }
  return "s3:ListBucket on " + bucket + (prefix.empty() ? "" : " for the prefix " + prefix + "/*");
}

Error denied(S3Client& client, const S3Action& action, const std::string& object, const std::string& prefix) {
  if (client.settings().anonymous) {
    return {ErrorCode::permission, action.operation, object, "the bucket is not public",
            "leave --s3-anonymous out, and give credentials"};
  }
  return {ErrorCode::permission, action.operation, object,
          "access denied for " + client.principal() + ": needs " + grant(client, action, prefix),
          "grant it in this principal's policy or in the bucket's; a bucket under a KMS key also needs "
          "kms:Decrypt "
          "and kms:GenerateDataKey"};
}

}  // namespace

bool concerns_all(const S3Answer& answer) { return answer.store_down || known(answer) != nullptr; }

Error s3_error(S3Client& client, const S3Action& action, const std::string& key, const std::string& prefix,
               const S3Answer& answer) {
  const std::string object = "s3://" + client.bucket() + (key.empty() ? "" : "/" + to_utf8(key));
  if (const Known* k = known(answer)) return {k->kind, action.operation, object, k->cause, k->remedy};
  if (answer.store_down) {
    return {ErrorCode::storage, action.operation, object,
            "the store has not answered for " + human_seconds(answer.silent) + " (" + says(answer) + ")",
            "nothing is lost: when it is back, give the same command again and it goes on from here"};
  }
  if (answer.denied()) return denied(client, action, object, prefix);
  if (answer.missing()) {
    return {ErrorCode::not_found, action.operation, object, "there is no such object", "check the name"};
  }
  if (answer.http.status == 301 || answer.http.status == 400) {
    return {ErrorCode::storage, action.operation, object, says(answer),
            "check --s3-endpoint and --s3-region"};
  }
  return {ErrorCode::storage, action.operation, object,
          says(answer) + ", " + std::to_string(answer.attempts) + " times",
          "nothing is lost: give the same command again and it goes on from here"};
}

Reject s3_reject(const S3Answer& answer) {
  switch (answer.http.status) {
    case 403:
      return {Stage::read, Reason::permission_denied, "The store refuses access to it."};
    case 404:
      return {Stage::read, Reason::vanished, "It was listed, but is gone."};
    case 412:
      return {Stage::read, Reason::changed, "It changed after it was listed."};
    default:
      return {Stage::read, Reason::read_error,
              "The store says, " + std::to_string(answer.attempts) + " times: " + says(answer) + "."};
  }
}

}  // namespace pomona
