// How an S3 store is reached: what the user said, and what follows from it and from the environment.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace pomona {

// Empty fields are taken from the environment by the names that the AWS tools use, then from the profile.
struct S3Options {
  std::string endpoint;            // URL; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL; Amazon's where there is none
  std::string region;              // AWS_REGION, AWS_DEFAULT_REGION; the bucket's own where there is none
  std::string profile;             // of ~/.aws/config and ~/.aws/credentials; AWS_PROFILE
  std::string role;                // ARN of a role to assume
  std::string external_id;         // that the role may ask for
  std::string sts_endpoint;        // URL; AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL
  std::string ca_file;             // certificates to trust; AWS_CA_BUNDLE, or those of the system
  std::optional<bool> path_style;  // bucket in the path, not in the host name: the default with an endpoint
  bool anonymous = false;          // for public buckets: nothing is signed

  size_t concurrency = 64;                // requests in flight
  uint64_t read_ahead_bytes = 256 << 20;  // of photos read before they are decoded
  double timeout = 30;                    // seconds of one attempt, plus one for each MB of it
  double give_up = 40;                    // seconds without a single good answer: the store is down
};

// An entry of ~/.aws/config and ~/.aws/credentials; empty where there is none.
using S3Profile = std::map<std::string, std::string>;
S3Profile read_profile(const std::string& name);

// Everything settled but the credentials.
struct S3Settings : S3Options {
  S3Profile profile_entry;
  bool profile_named = false;  // by a flag: then it wins over keys in the environment
  bool region_known = false;   // said by the user; otherwise the bucket is asked
};

// Throws Error(usage) for an endpoint that is no URL.
S3Settings settle(const S3Options& options);

// "s3://bucket/some/prefix": the prefix without slashes at its ends.
struct S3Location {
  std::string bucket;
  std::string prefix;
};
// Throws Error(usage); its text never repeats what may be a secret.
S3Location parse_s3_uri(const std::string& uri);

// The value of an environment variable, or nothing.
std::string environment(const char* name);

}  // namespace pomona
