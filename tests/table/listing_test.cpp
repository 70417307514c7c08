#include "table/listing.h"

#include <gtest/gtest.h>

#include "support.h"
#include "table/packed.h"

namespace pomona {
namespace {

TEST(Listing, ComesBackAsItWas) {
  const std::vector<ListedRow> rows = {{"a/1.jpg", 10, "17", false}, {"\xFF.jpg", 0, "", true}};
  const std::vector<ListedRow> back = decode_listing(encode_listing(rows), "part");
  ASSERT_EQ(back.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(back[i].key, rows[i].key);
    EXPECT_EQ(back[i].size, rows[i].size);
    EXPECT_EQ(back[i].version, rows[i].version);
    EXPECT_EQ(back[i].rejected, rows[i].rejected);
  }
  EXPECT_TRUE(decode_listing(encode_listing({}), "part").empty());
  EXPECT_TRUE(testing::fails(ErrorCode::corrupt, "part", [] { decode_listing("no table", "part"); }));
}

TEST(PackedIndex, ComesBackAsItWas) {
  const std::vector<PackedRow> rows = {{"a/1.jpg", 10, "17", 0, 512, "ab", "", ""},
                                       {"\xFF.jpg", 7, "\"etag\"", 2, 1536, "cd", "", ""},
                                       {"pipe", 0, "", 0, 0, "", "not-a-file", "Not a regular file."}};
  const std::vector<PackedRow> back = decode_packed(encode_packed(rows, 5), 5, "part");
  ASSERT_EQ(back.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(back[i].key, rows[i].key);
    EXPECT_EQ(back[i].size, rows[i].size);
    EXPECT_EQ(back[i].version, rows[i].version);
    EXPECT_EQ(back[i].piece, rows[i].piece);
    EXPECT_EQ(back[i].offset, rows[i].offset);
    EXPECT_EQ(back[i].sha256, rows[i].sha256);
    EXPECT_EQ(back[i].reason, rows[i].reason);
    EXPECT_EQ(back[i].detail, rows[i].detail);
  }
  EXPECT_TRUE(testing::fails(ErrorCode::corrupt, "photos-00005.tar",
                             [&] { decode_packed(encode_packed(rows, 5), 6, "part"); }));
}

TEST(PackedIndex, NamesItsTars) {
  EXPECT_EQ(tar_name(3, 0), "photos-00003.tar");
  EXPECT_EQ(tar_name(123456, 7), "photos-123456-00007.tar");
}

}  // namespace
}  // namespace pomona
