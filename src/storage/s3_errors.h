// What a store's refusal means, in words: who was refused what on which object, and what to grant.
#pragma once

#include <string>

#include "base/reject.h"
#include "storage/s3_client.h"

namespace pomona {

// What a request did, as policies call it and as a person does.
struct S3Action {
  const char* operation;  // "read"
  const char* grant;      // "s3:GetObject"
};
inline constexpr S3Action kRead{"read", "s3:GetObject"};
inline constexpr S3Action kList{"list", "s3:ListBucket"};
inline constexpr S3Action kWrite{"write", "s3:PutObject"};
inline constexpr S3Action kRemove{"remove", "s3:DeleteObject"};

// Whether the answer says something about the caller, the bucket or the store, and so about every object:
// expired tokens, unknown keys, a clock that is wrong, a bucket that does not exist, a store that is down.
bool concerns_all(const S3Answer& answer);

// The Error for an answer that is not good; `key` in the bucket, `prefix` that the grant should cover.
Error s3_error(S3Client& client, const S3Action& action, const std::string& key, const std::string& prefix,
               const S3Answer& answer);

// The reject for an answer that is not good and concerns one photo.
Reject s3_reject(const S3Answer& answer);

}  // namespace pomona
