// Who signs: keys of the environment, of a profile, of this machine's role, or of a role that is assumed.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "storage/s3_options.h"

namespace pomona {

struct S3Credentials {
  std::string access_key;  // empty: nothing is signed
  std::string secret_key;
  std::string session_token;
};

class S3CredentialsProvider {
 public:
  virtual ~S3CredentialsProvider() = default;
  // Keys that are good now; may ask a server. Throws Error(permission) where there are none. Thread-safe.
  virtual S3Credentials get() = 0;
};

// In the order of the AWS tools: environment; profile, also one that assumes a role; web identity; then what
// AWS's own chain finds (containers, instances). Then S3Options::role is assumed, if there is one.
std::unique_ptr<S3CredentialsProvider> make_credentials(const S3Settings& settings);

}  // namespace pomona
