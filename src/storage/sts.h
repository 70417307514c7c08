// The calls of AWS's Security Token Service that Pomona needs.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "storage/s3_credentials.h"

namespace pomona {

struct AssumedRole {
  S3Credentials credentials;
  std::chrono::system_clock::time_point expires;
};

// Throws Error(permission), naming the role.
AssumedRole assume_role(const S3Settings& settings, const S3Credentials& caller, const std::string& role,
                        const std::string& external_id);

// The same for whoever holds the token in `token_file`, as a pod on EKS does. Nothing is signed. Throws
// Error(permission), naming the role or the file.
AssumedRole assume_role_with_web_identity(const S3Settings& settings, const std::string& token_file,
                                          const std::string& role, const std::string& session);

// The caller's ARN; nothing where the service does not say.
std::optional<std::string> caller_identity(const S3Settings& settings, const S3Credentials& caller);

}  // namespace pomona
