#include "storage/aws_chain.h"

#include <array>
#include <filesystem>
#include <mutex>

#include <arrow/filesystem/filesystem.h>
#include <arrow/filesystem/s3fs.h>

#include "base/error.h"

namespace pomona {
namespace {

// The SDK is started once in a process, and ended with it.
class Sdk {
 public:
  static void start() { static const Sdk sdk; }

 private:
  Sdk() {
    arrow::fs::FileSystemGlobalOptions files;
    files.tls_ca_file_path = certificates();
    (void)arrow::fs::Initialize(files);
    arrow::fs::S3GlobalOptions options = arrow::fs::S3GlobalOptions::Defaults();
    options.log_level = arrow::fs::S3LogLevel::Off;
    const arrow::Status status = arrow::fs::InitializeS3(options);
    if (!status.ok())
      throw Error(ErrorCode::internal, "s3", "", "the AWS SDK does not start: " + status.message());
  }
  ~Sdk() { (void)arrow::fs::FinalizeS3(); }

  // The SDK was built for another distribution: it does not know where this one keeps them.
  static std::string certificates() {
    for (const char* variable : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) {
      if (std::string file = environment(variable); !file.empty()) return file;
    }
    for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
      std::error_code error;
      if (std::filesystem::exists(file, error)) return file;
    }
    return {};
  }
};

class AwsChain : public S3CredentialsProvider {
 public:
  S3Credentials get() override {
    const std::lock_guard lock(mutex_);
    if (!options_) {
      Sdk::start();
      options_ = std::make_unique<arrow::fs::S3Options>(arrow::fs::S3Options::Defaults());
    }
    // Three questions, one at a time: asked again until no renewal came between them.
    S3Credentials found{options_->GetAccessKey(), options_->GetSecretKey(), options_->GetSessionToken()};
    while (found.access_key != options_->GetAccessKey()) {
      found = {options_->GetAccessKey(), options_->GetSecretKey(), options_->GetSessionToken()};
    }
    if (found.access_key.empty()) {
      throw Error(
          ErrorCode::permission, "s3", "credentials",
          "there are none, neither in the environment nor in a profile nor on this machine",
          "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role; "
          "--s3-anonymous reads public buckets");
    }
    return found;
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<arrow::fs::S3Options> options_;
};

}  // namespace

std::unique_ptr<S3CredentialsProvider> make_aws_chain() { return std::make_unique<AwsChain>(); }

}  // namespace pomona
