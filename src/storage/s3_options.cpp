#include "storage/s3_options.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/error.h"

namespace pomona {
namespace {

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string first_of(std::initializer_list<std::string> values) {
  const auto* found = std::ranges::find_if(values, [](const std::string& value) { return !value.empty(); });
  return found == values.end() ? std::string() : *found;
}

std::string aws_file(const char* variable, const char* name) {
  if (const std::string file = environment(variable); !file.empty()) return file;
  const std::string home = environment("HOME");
  return home.empty() ? std::string() : home + "/.aws/" + name;
}

// Adds what the section of the file says. The format is AWS's own: sections, "key = value", and lines that
// begin with a blank belong to the key above them.
void read_section(const std::string& file, const std::string& section, S3Profile& entry) {
  std::ifstream stream(file);
  bool inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line[0] == '#' || line[0] == ';' || line[0] == ' ' || line[0] == '\t') continue;
    if (line[0] == '[') {
      inside = trimmed(line.substr(1, line.find(']') - 1)) == section;
      continue;
    }
    const size_t equals = line.find('=');
    if (inside && equals != std::string::npos) {
      entry[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
    }
  }
}

std::string checked_url(std::string url, const std::string& what) {
  if (url.empty()) return url;
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    throw Error(ErrorCode::usage, "s3", what, "an endpoint is a URL",
                "write http://HOST:PORT or https://HOST");
  }
  if (url.find('@') != std::string::npos) {
    throw Error(ErrorCode::usage, "s3", what, "an endpoint holds no user name and no password",
                "give credentials as the AWS tools take them: AWS_ACCESS_KEY_ID and so on, or a profile");
  }
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

S3Profile read_profile(const std::string& name) {
  S3Profile entry;
  read_section(aws_file("AWS_CONFIG_FILE", "config"), name == "default" ? name : "profile " + name, entry);
  read_section(aws_file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), name, entry);
  return entry;
}

S3Settings settle(const S3Options& options) {
  S3Settings settings{options, {}, !options.profile.empty(), false};
  settings.profile = first_of({options.profile, environment("AWS_PROFILE"), "default"});
  settings.profile_entry = read_profile(settings.profile);
  if (settings.profile_named && settings.profile_entry.empty()) {
    throw Error(ErrorCode::usage, "s3", settings.profile, "there is no such profile",
                "`aws configure list-profiles` shows those in ~/.aws/config and ~/.aws/credentials");
  }
  const auto of_profile = [&](const char* key) {
    const auto found = settings.profile_entry.find(key);
    return found == settings.profile_entry.end() ? std::string() : found->second;
  };
  settings.endpoint = checked_url(first_of({options.endpoint, environment("AWS_ENDPOINT_URL_S3"),
                                            environment("AWS_ENDPOINT_URL"), of_profile("endpoint_url")}),
                                  "--s3-endpoint");
  settings.sts_endpoint = checked_url(
      first_of({options.sts_endpoint, environment("AWS_ENDPOINT_URL_STS"), environment("AWS_ENDPOINT_URL")}),
      "--s3-sts-endpoint");
  settings.region = first_of(
      {options.region, environment("AWS_REGION"), environment("AWS_DEFAULT_REGION"), of_profile("region")});
  settings.region_known = !settings.region.empty();
  if (!settings.region_known) settings.region = "us-east-1";
  settings.ca_file = first_of({options.ca_file, environment("AWS_CA_BUNDLE"), of_profile("ca_bundle")});
  return settings;
}

S3Location parse_s3_uri(const std::string& uri) {
  const std::string rest = uri.substr(std::string("s3://").size());
  const size_t slash = rest.find('/');
  S3Location location{rest.substr(0, slash), slash == std::string::npos ? "" : rest.substr(slash + 1)};
  const bool fits = location.bucket.size() >= 3 && std::ranges::all_of(location.bucket, [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                             c == '.' || c == '-' || c == '_';
                    });
  if (!fits) {
    throw Error(ErrorCode::usage, "storage", "s3://...", "this is not the name of a bucket",
                "write s3://bucket/prefix; credentials do not belong into it");
  }
  while (location.prefix.ends_with('/')) location.prefix.pop_back();
  while (location.prefix.starts_with('/')) location.prefix.erase(0, 1);
  return location;
}

}  // namespace pomona
