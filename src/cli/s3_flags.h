// The flags that say how S3 is reached.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "storage/s3_options.h"

namespace pomona::cli {

// What the user wrote; see S3Options for what is taken from the environment.
struct S3Flags {
  std::string endpoint;
  std::string region;
  std::string profile;
  std::string role;
  std::string external_id;
  std::string sts_endpoint;
  std::string path_style;
  bool anonymous = false;
  std::string concurrency = "64";
  std::string read_ahead = "256MB";
  std::string timeout = "30";
  std::string give_up = "40";

  // Throws Error(usage) naming the flag.
  S3Options options() const;
};

void add_s3_flags(CLI::App& command, S3Flags& flags);

}  // namespace pomona::cli
