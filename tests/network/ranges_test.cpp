#include "network/ranges.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "fixtures.h"

namespace pomona::testing {
namespace {

TEST(RangesJson, ComesBackExactly) {
  const Ranges ranges = {{"a", {-0.1F, 1.0F / 3}}, {"strange \"name\"\n", {-1e-30F, 3e38F}}, {"b", {2, 6}}};
  const std::string text = ranges_to_json(ranges);
  EXPECT_EQ(ranges_from_json(text, "r.json"), ranges);
  EXPECT_EQ(ranges_to_json(ranges_from_json(text, "r.json")), text);
}

TEST(RangesJson, RefusesWhatIsNoTable) {
  const auto with = [](const std::string& range) {
    return R"({"format": "pomona-ranges", "version": 1, "ranges": {"a": )" + range + "}}";
  };
  EXPECT_NO_THROW(ranges_from_json(with("[0, 1]"), "r.json"));
  for (const char* range : {"[1, 0]", "[0, 0]", "[0]", "[0, \"1\"]", "7", "null", "[0, 1e300]", "[0, 1, 2]"})
    EXPECT_THROW(ranges_from_json(with(range), "r.json"), Error) << range;
  for (const char* text : {"", "[]", "{}", "{\"format\": \"x\"}", "{\"format\": 3}", "\xff",
                           R"({"format": "pomona-ranges", "version": 1, "ranges": []})",
                           R"({"format": "pomona-ranges", "version": 1})"})
    EXPECT_THROW(ranges_from_json(text, "r.json"), Error) << text;
  EXPECT_NE(message_of([] {
              ranges_from_json(R"({"format": "pomona-ranges", "version": 2, "ranges": {}})", "r.json");
            }).find("[network] r.json: is of a version that this Pomona does not know"),
            std::string::npos);
}

TEST(RangesJson, HoldsTheBuiltinTables) {
  for (const std::string& network : builtin_networks())
    EXPECT_TRUE(network::builtin_ranges(network)) << network;
  EXPECT_FALSE(network::builtin_ranges("resnet50"));
}

}  // namespace
}  // namespace pomona::testing
