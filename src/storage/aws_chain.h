// The credentials that AWS's own software finds on this machine: containers, instances.
#pragma once

#include <memory>

#include "storage/s3_credentials.h"

namespace pomona {

// By the AWS SDK inside Arrow; takes some 50 ms the first time.
std::unique_ptr<S3CredentialsProvider> make_aws_chain();

}  // namespace pomona
