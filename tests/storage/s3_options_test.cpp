#include "storage/s3_options.h"

#include <gtest/gtest.h>

#include "storage/http.h"
#include "storage/storage.h"
#include "support.h"

namespace pomona {
namespace {

using testing::fails;
using testing::failure_of;
using testing::Folder;

TEST(S3Uri, NamesBucketAndPrefix) {
  const auto parts = [](const std::string& uri) {
    const S3Location location = parse_s3_uri(uri);
    return location.bucket + "|" + location.prefix;
  };
  EXPECT_EQ(parts("s3://photos"), "photos|");
  EXPECT_EQ(parts("s3://photos/"), "photos|");
  EXPECT_EQ(parts("s3://photos/fruits"), "photos|fruits");
  EXPECT_EQ(parts("s3://my.photos-2/a/b c/"), "my.photos-2|a/b c");
  for (const char* uri : {"s3://", "s3:///x", "s3://a", "s3://a b c/x"}) {
    EXPECT_TRUE(fails(ErrorCode::usage, "name of a bucket", [&] { parse_s3_uri(uri); })) << uri;
  }
}

TEST(S3Uri, ASecretInItIsRefusedAndNotRepeated) {
  const auto failure = failure_of([] { open_storage("s3://AKIA123:hush@photos/fruits"); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, ErrorCode::usage);
  EXPECT_FALSE(failure->says("hush"));
  const auto endpoint = failure_of([] { settle({.endpoint = "https://user:hush@store"}); });
  ASSERT_TRUE(endpoint);
  EXPECT_FALSE(endpoint->says("hush"));
}

TEST(S3Options, AnEndpointIsAUrl) {
  EXPECT_TRUE(
      fails(ErrorCode::usage, "an endpoint is a URL", [] { settle({.endpoint = "localhost:9000"}); }));
  EXPECT_EQ(settle({.endpoint = "http://localhost:9000/"}).endpoint, "http://localhost:9000");
}

TEST(S3Options, AFlagWinsOverTheEnvironmentAndThatOverTheProfile) {
  const Folder home;
  ::setenv("AWS_CONFIG_FILE",
           home.put("config",
                    "[profile lab]\nregion = eu-west-3\ns3 =\n  addressing_style = path\n"
                    "endpoint_url = http://lab:9000\n")
               .c_str(),
           1);
  ::setenv(
      "AWS_SHARED_CREDENTIALS_FILE",
      home.put("credentials", "[other]\naws_access_key_id = OTHER\n[lab]\naws_access_key_id=LAB\n").c_str(),
      1);
  for (const char* name :
       {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"})
    ::unsetenv(name);
  const S3Settings lab = settle({.profile = "lab"});
  EXPECT_EQ(lab.region, "eu-west-3");
  EXPECT_EQ(lab.endpoint, "http://lab:9000");
  EXPECT_EQ(lab.profile_entry.at("aws_access_key_id"), "LAB");
  ::setenv("AWS_REGION", "eu-west-1", 1);
  EXPECT_EQ(settle({.profile = "lab"}).region, "eu-west-1");
  EXPECT_EQ(settle({.region = "us-west-2", .profile = "lab"}).region, "us-west-2");
  ::setenv("AWS_ENDPOINT_URL", "http://any", 1);
  ::setenv("AWS_ENDPOINT_URL_S3", "http://s3", 1);
  EXPECT_EQ(settle({.profile = "lab"}).endpoint, "http://s3");
  EXPECT_TRUE(fails(ErrorCode::usage, "there is no such profile", [] { settle({.profile = "nobody"}); }));
  for (const char* name : {"AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_CONFIG_FILE",
                           "AWS_SHARED_CREDENTIALS_FILE"})
    ::unsetenv(name);
}

TEST(Percent, EveryByteComesBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode(percent_encode(all, true)), all);
  EXPECT_EQ(percent_encode("a b/c+d~é"), "a%20b%2Fc%2Bd~%C3%A9");
  EXPECT_EQ(percent_encode("a b/c", true), "a%20b/c");
  EXPECT_EQ(percent_decode("a+b%2Bc%"), "a b+c%");
}

}  // namespace
}  // namespace pomona
