#include "table/labels.h"

#include <gtest/gtest.h>

#include "support.h"

namespace pomona {
namespace {

using testing::fails;
using testing::Folder;
using Map = std::unordered_map<std::string, std::string>;

Map read(const std::string& text) {
  const Folder folder;
  return read_labels_csv(folder.put("labels.csv", text));
}

TEST(LabelsFile, IsReadWithAndWithoutAHeader) {
  const Map expected = {{"a/1.jpg", "apple"}, {"b, 2.jpg", "it said \"pear\""}, {"c.jpg", ""}};
  const std::string rows = "a/1.jpg,apple\r\n\"b, 2.jpg\",\"it said \"\"pear\"\"\"\nc.jpg,\n";
  EXPECT_EQ(read(rows), expected);
  EXPECT_EQ(read("path,label\n" + rows), expected);
  EXPECT_EQ(read("\xEF\xBB\xBFpath,label\n" + rows), expected);  // as spreadsheets write it
}

TEST(LabelsFile, KeepsNumbersAndWordsAsTheyStand) {
  EXPECT_EQ(read("1,007\nnull,NA\n"), (Map{{"1", "007"}, {"null", "NA"}}));
}

TEST(LabelsFile, SaysWhatIsWrong) {
  EXPECT_TRUE(fails(ErrorCode::usage, "path,label", [] { read("a\nb\n"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "path,label", [] { read("a,b,c\n"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "labels.csv", [] { read(""); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "labels.csv", [] { read("a,\xFF\n"); }));
  EXPECT_TRUE(fails(ErrorCode::usage, "'a' has two labels: x and y", [] { read("a,x\nb,x\na,y\n"); }));
  EXPECT_EQ(read("a,x\na,x\n"), (Map{{"a", "x"}}));
  EXPECT_TRUE(fails(ErrorCode::not_found, "cannot be opened", [] { read_labels_csv("/no/such/file"); }));
}

}  // namespace
}  // namespace pomona
