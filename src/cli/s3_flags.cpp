#include "cli/s3_flags.h"

#include <iostream>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"

namespace pomona::cli {
namespace {

[[noreturn]] void print_s3_flags(const CLI::App& command) {
  std::cout << "How S3 is reached; in [], what is taken where the flag is not given\n\nOPTIONS:\n";
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_lnames().empty() || !option->get_lnames().front().starts_with("s3-")) continue;
    const std::string name = "--" + option->get_lnames().front();
    const std::string value = option->get_default_str();
    std::cout << "  " << name << std::string(20 - name.size(), ' ') << option->get_description()
              << (value.empty() ? "" : " [" + value + "]") << "\n";
  }
  throw CLI::Success();
}

}  // namespace

S3Options S3Flags::options() const {
  S3Options options;
  options.endpoint = endpoint;
  options.region = region;
  options.profile = profile;
  options.role = role;
  options.external_id = external_id;
  options.sts_endpoint = sts_endpoint;
  if (!path_style.empty()) options.path_style = parse_switch("--s3-path-style", path_style);
  options.anonymous = anonymous;
  options.concurrency = parse_count("--s3-concurrency", concurrency, 1, 4096);
  options.read_ahead_bytes = parse_size("--s3-read-ahead", read_ahead, "a size: 256MB, 1GB");
  options.timeout = static_cast<double>(parse_count("--s3-timeout", timeout, 1, 3600));
  options.give_up = static_cast<double>(parse_count("--s3-give-up", give_up, 1, 86'400));
  return options;
}

void add_s3_flags(CLI::App& command, S3Flags& flags) {
  const std::string group;  // none: they are left out of --help, which they would make longer than a screen
  const auto option = [&](const char* name, std::string& value, const char* text) {
    return command.add_option(name, value, text)->group(group);
  };
  option("--s3-endpoint", flags.endpoint, "URL of a store that is not Amazon's [AWS_ENDPOINT_URL]");
  option("--s3-region", flags.region, "the bucket's region [AWS_REGION, or the store is asked]");
  option("--s3-profile", flags.profile, "entry of ~/.aws [AWS_PROFILE]");
  option("--s3-role", flags.role, "ARN of a role to assume");
  option("--s3-external-id", flags.external_id, "that the role asks for");
  option("--s3-sts-endpoint", flags.sts_endpoint, "URL that the role is asked from [AWS_ENDPOINT_URL_STS]");
  option("--s3-path-style", flags.path_style, "on or off: bucket in the path [on with an endpoint]");
  command.add_flag("--s3-anonymous", flags.anonymous, "public bucket: no credentials")->group(group);
  option("--s3-concurrency", flags.concurrency, "requests in flight")->capture_default_str();
  option("--s3-read-ahead", flags.read_ahead, "memory for photos not yet decoded")->capture_default_str();
  option("--s3-timeout", flags.timeout, "seconds for one try, and one more for each MB")
      ->capture_default_str();
  option("--s3-give-up", flags.give_up, "seconds of silence after which a job stops")->capture_default_str();
  command
      .add_flag_callback(
          "--help-s3", [&command] { print_s3_flags(command); }, "the flags for s3://bucket/prefix")
      ->group(group);  // the places that take such a name point to it
}

}  // namespace pomona::cli
