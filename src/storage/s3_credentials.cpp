#include "storage/s3_credentials.h"

#include <functional>
#include <mutex>
#include <optional>

#include "base/error.h"
#include "storage/aws_chain.h"
#include "storage/sts.h"

namespace pomona {
namespace {

using Clock = std::chrono::system_clock;

constexpr auto kRenewBefore = std::chrono::minutes(5);
constexpr int kLongestChain = 5;  // of profiles that name each other

class Fixed : public S3CredentialsProvider {
 public:
  explicit Fixed(S3Credentials credentials) : credentials_(std::move(credentials)) {}
  S3Credentials get() override { return credentials_; }

 private:
  S3Credentials credentials_;
};

class Assumed : public S3CredentialsProvider {
 public:
  explicit Assumed(std::function<AssumedRole()> ask) : ask_(std::move(ask)) {}

  S3Credentials get() override {
    const std::lock_guard lock(mutex_);
    if (!now_ || Clock::now() + kRenewBefore > now_->expires) {
      now_ = ask_();
    }
    return now_->credentials;
  }

 private:
  std::function<AssumedRole()> ask_;
  std::mutex mutex_;
  std::optional<AssumedRole> now_;
};

std::unique_ptr<S3CredentialsProvider> assumed(const S3Settings& settings,
                                               std::shared_ptr<S3CredentialsProvider> caller,
                                               const std::string& role, const std::string& external_id) {
  return std::make_unique<Assumed>([settings, caller = std::move(caller), role, external_id] {
    return assume_role(settings, caller->get(), role, external_id);
  });
}

// Null where a part of it is missing.
std::unique_ptr<S3CredentialsProvider> web_identity(const S3Settings& settings, const std::string& token_file,
                                                    const std::string& role, const std::string& session) {
  if (token_file.empty() || role.empty()) return nullptr;
  return std::make_unique<Assumed>([settings, token_file, role, name = session.empty() ? "pomona" : session] {
    return assume_role_with_web_identity(settings, token_file, role, name);
  });
}

std::string value(const S3Profile& profile, const char* key) {
  const auto found = profile.find(key);
  return found == profile.end() ? std::string() : found->second;
}

std::unique_ptr<S3CredentialsProvider> keys_of(const S3Profile& profile) {
  if (value(profile, "aws_access_key_id").empty()) return nullptr;
  return std::make_unique<Fixed>(S3Credentials{value(profile, "aws_access_key_id"),
                                               value(profile, "aws_secret_access_key"),
                                               value(profile, "aws_session_token")});
}

// Null where the profile has neither keys nor a role over another profile, or names itself in a circle.
std::unique_ptr<S3CredentialsProvider> of_profile(const S3Settings& settings, const S3Profile& profile,
                                                  int depth) {
  const std::string role = value(profile, "role_arn");
  if (auto token = web_identity(settings, value(profile, "web_identity_token_file"), role,
                                value(profile, "role_session_name"))) {
    return token;
  }
  const std::string source = value(profile, "source_profile");
  if (role.empty() || source.empty()) return keys_of(profile);
  if (depth == kLongestChain) return nullptr;
  const S3Profile below = read_profile(source);
  // A profile that names itself means its own keys.
  auto caller = below == profile ? keys_of(below) : of_profile(settings, below, depth + 1);
  if (!caller) return nullptr;
  return assumed(settings, std::move(caller), role, value(profile, "external_id"));
}

std::unique_ptr<S3CredentialsProvider> base_credentials(const S3Settings& settings) {
  const S3Credentials keys{environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY"),
                           environment("AWS_SESSION_TOKEN")};
  const bool has_keys = !keys.access_key.empty() && !keys.secret_key.empty();
  if (has_keys && !settings.profile_named) return std::make_unique<Fixed>(keys);
  if (auto profile = of_profile(settings, settings.profile_entry, 0)) return profile;
  if (settings.profile_named) {
    throw Error(ErrorCode::permission, "s3", "profile " + settings.profile,
                "it has neither keys nor a role_arn with a source_profile",
                "where it has a credential_process or SSO, set AWS_PROFILE in place of --s3-profile");
  }
  if (auto token = web_identity(settings, environment("AWS_WEB_IDENTITY_TOKEN_FILE"),
                                environment("AWS_ROLE_ARN"), environment("AWS_ROLE_SESSION_NAME"))) {
    return token;
  }
  return make_aws_chain();
}

}  // namespace

std::unique_ptr<S3CredentialsProvider> make_credentials(const S3Settings& settings) {
  if (settings.anonymous) return std::make_unique<Fixed>(S3Credentials{});
  auto credentials = base_credentials(settings);
  if (settings.role.empty()) return credentials;
  return assumed(settings, std::move(credentials), settings.role, settings.external_id);
}

}  // namespace pomona
