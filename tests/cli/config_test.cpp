#include "cli/config.h"

#include <gtest/gtest.h>

#include "cli/options.h"
#include "cli/program.h"
#include "support.h"

namespace pomona::cli {
namespace {

using pomona::testing::fails;
using pomona::testing::Folder;
using Words = std::vector<std::string>;

const Words kFlags = {"--size",    "--components",    "--mean",  "--quiet",
                      "--network", "--scaled-decode", "--config"};

Words completed(const std::string& toml, Words rest = {}) {
  const Folder folder;
  const std::string file = folder.put("job.toml", toml);
  Words arguments = {"run", "--config", file};
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  Words all = with_config(arguments, kFlags, {"--seed"});
  EXPECT_EQ(all.front(), "run");
  return {all.begin() + 1, all.end() - static_cast<ptrdiff_t>(2 + rest.size())};  // what was put in
}

TEST(Config, PutsItsFlagsAfterTheCommandInTheWordsOfTheFlags) {
  EXPECT_EQ(completed("size = 160"), (Words{"--size=160"}));
  EXPECT_EQ(completed("components = 0.95"), (Words{"--components=0.95"}));
  EXPECT_EQ(completed("components = 0.12345678901"), (Words{"--components=0.12345678901"}));
  EXPECT_EQ(completed("mean = [123.675, 116, 1e-3]"), (Words{"--mean=123.675,116,0.001"}));
  EXPECT_EQ(completed("network = \"a b.onnx\""), (Words{"--network=a b.onnx"}));
  EXPECT_EQ(completed("quiet = true"), (Words{"--quiet=true"}));
  EXPECT_EQ(completed("quiet = false"), (Words{"--quiet=false"}));
  EXPECT_EQ(completed("size = true", {"SOURCE", "OUT"}),
            (Words{"--size=true"}));  // and SOURCE stays what it is
  EXPECT_EQ(completed(""), Words{});
  EXPECT_EQ(completed("seed = 7"), Words{});  // another command's
}

TEST(Config, IsReadFromEitherSpellingAndNotBehindTheEndOfFlags) {
  const Folder folder;
  const std::string file = folder.put("job.toml", "size = 160");
  EXPECT_EQ(with_config({"run", "a", "--config=" + file}, kFlags, {}).size(), 4U);
  EXPECT_EQ(with_config({"run", "--", "--config", file}, kFlags, {}).size(), 4U);
  EXPECT_EQ(with_config({"run", "a"}, kFlags, {}), (Words{"run", "a"}));
}

TEST(Config, SaysWhatIsWrong) {
  EXPECT_TRUE(fails(ErrorCode::usage, "did you mean 'size'?", [] { completed("sise = 1"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "no flag has the name 'banana'", [] { completed("banana = 1"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "line 2", [] { completed("size = 1\nquiet ="); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "'size' is neither", [] { completed("size = 1979-05-27"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "'network' is neither", [] { completed("[network]\nname = 1"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "/no/such.toml",
                    [] { with_config({"run", "--config", "/no/such.toml"}, kFlags, {}); }));
}

JobSettings settings_with(std::string Options::* member, const std::string& text) {
  Options options;
  options.*member = text;
  return options.settings();
}

TEST(Options, BecomeSettings) {
  EXPECT_EQ(settings_with(&Options::components, "100").components, Components(uint64_t{100}));
  EXPECT_EQ(settings_with(&Options::components, "0.5").components, Components(0.5));
  EXPECT_EQ(settings_with(&Options::max_rejects, "10").max_rejects, RejectLimit(uint64_t{10}));
  EXPECT_EQ(settings_with(&Options::max_rejects, "5%").max_rejects, RejectLimit(0.05));
  EXPECT_EQ(settings_with(&Options::mean, "1,2,3.5").network.mean, (std::vector<float>{1, 2, 3.5F}));
  EXPECT_EQ(settings_with(&Options::max_bytes, "2 GB").decode.max_bytes, 2'000'000'000U);
  EXPECT_FALSE(settings_with(&Options::scaled_decode, "false").scaled_decode);
  EXPECT_TRUE(Options().settings().scaled_decode);
}

TEST(Options, RefuseWhatIsNoValue) {
  const std::vector<std::pair<std::string Options::*, Words>> wrong = {
      {&Options::components, {"", "0", "-1", "1.5", "1.0", "inf", "nan", "1e30", "ten"}},
      {&Options::max_rejects, {"-1", "1.5", "101%", "%", "inf", "nan%", "1e30"}},
      {&Options::mean, {"1,2", "1,2,3,4", "a", "inf", ","}},
      {&Options::size, {"15", "5000", "-1", "1.5", "18446744073709551616"}},
      {&Options::threads, {"0", "two", "1025"}},
      {&Options::shard_size, {"", "0", "1000001"}},
      {&Options::limit, {"0", "-3"}},
      {&Options::max_bytes, {"", "0", "50 apples", "-5MB", "10000000TB"}},
      {&Options::scaled_decode, {"", "maybe"}},
      {&Options::precision, {"int9"}},
  };
  for (const auto& [member, texts] : wrong) {
    for (const std::string& text : texts) {
      EXPECT_TRUE(fails(ErrorCode::usage, "", [&] { settings_with(member, text); })) << text;
    }
  }
}

int status_of(const Words& words) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const int status = run_program(words, {});
  ::testing::internal::GetCapturedStdout();
  ::testing::internal::GetCapturedStderr();
  return status;
}

TEST(Program, SaysByItsStatusWhatHappened) {
  const Folder folder;
  EXPECT_EQ(status_of({"--version"}), 0);
  EXPECT_EQ(status_of({"run", "--help"}), 0);
  EXPECT_EQ(status_of({}), 2);
  EXPECT_EQ(status_of({"rum"}), 2);
  EXPECT_EQ(status_of({"run", "--thread", "2"}), 2);
  EXPECT_EQ(status_of({"run", "only-one"}), 2);
  EXPECT_EQ(status_of({"info", folder.path()}), 1);
  EXPECT_EQ(status_of({"samples", folder / "s", "--classes", "1", "--views", "1", "--size", "16"}), 0);
}

}  // namespace
}  // namespace pomona::cli
