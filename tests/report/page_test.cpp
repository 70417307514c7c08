#include "report/page.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace pomona::report {
namespace {

constexpr std::string_view kTemplate = "<body><!--pomona-data--><script>x</script></body>";

TEST(Page, HostileNamesCannotLeaveTheirElement) {
  const std::vector<std::string> names = {
      "</script><script>alert(1)</script>", "<!--<script>", "a\u2028b\u2029c", "\"quoted\\\"", "تفاح", "🍎",
      std::string("nul\0byte", 8)};
  const std::string text = script_json(nlohmann::json(names));
  EXPECT_EQ(text.find('<'), std::string::npos);
  for (const char c : text) {
    EXPECT_GE(c, ' ');
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  }
  EXPECT_EQ(nlohmann::json::parse(text), nlohmann::json(names));
}

TEST(Page, BytesThatAreNoTextAreReplaced) {
  EXPECT_EQ(nlohmann::json::parse(script_json("caf\xe9.jpg")), "caf\uFFFD.jpg");
}

// The vectors of RFC 4648, section 10.
TEST(Page, BlocksAreBase64) {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, base64] : vectors) {
    PageWriter page(kTemplate);
    page.block("b", std::as_bytes(std::span(bytes)));
    EXPECT_EQ(page.finish(), "<body><script type=\"text/plain\" id=\"block-b\">" + base64 +
                                 "</script>\n<script>x</script></body>");
  }
}

TEST(Page, LongBlocksHavePaddingOnlyAtTheirEnd) {
  const std::string bytes(7'000'001, 'p');
  PageWriter page(kTemplate);
  page.block("b", std::as_bytes(std::span(bytes)));
  const std::string text = page.finish();
  EXPECT_EQ(text.find('\0'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '='), 2 + 1);  // type=, id=, and one for 7,000,001 mod 3 = 2
}

TEST(Page, ATemplateWithoutItsMarkerIsRefused) {
  try {
    PageWriter page("");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::internal);
  }
}

TEST(Page, TheBuiltInTemplateHasAStrictPolicy) {
  const std::string page(page_template());
  if (page.empty()) GTEST_SKIP() << "built without npm";
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(page.find("unsafe-"), std::string::npos);
  EXPECT_NE(page.find("<!--pomona-data-->"), std::string::npos);
}

}  // namespace
}  // namespace pomona::report
