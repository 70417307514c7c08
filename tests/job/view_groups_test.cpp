#include "job/view_groups.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(TurntableGroup, ViewsOfOneAxisAreOneGroup) {
  EXPECT_EQ(turntable_group("Kiwi/12_100.jpg"), turntable_group("Kiwi/320_100.jpg"));
  EXPECT_EQ(turntable_group("Kiwi/r_12_100.jpg"), turntable_group("Kiwi/r_100.jpg"));
  EXPECT_EQ(turntable_group("Kiwi/r0_103.jpg"), turntable_group("Kiwi/r0_7.jpg"));
  EXPECT_EQ(turntable_group("kiwi/x_0010.jpg"), turntable_group("kiwi/x_3590.jpg"));
  EXPECT_TRUE(turntable_group("12_100.jpg").has_value());
}

TEST(TurntableGroup, AxesAndFoldersAreApart) {
  EXPECT_NE(turntable_group("Kiwi/12_100.jpg"), turntable_group("Kiwi/r_12_100.jpg"));
  EXPECT_NE(turntable_group("Kiwi/r0_12_100.jpg"), turntable_group("Kiwi/r1_12_100.jpg"));
  EXPECT_NE(turntable_group("Kiwi/12_100.jpg"), turntable_group("Plum/12_100.jpg"));
}

TEST(TurntableGroup, OtherNamesSayNothing) {
  for (const char* name :
       {"Kiwi/Kiwi_001.jpg", "Kiwi/IMG_20260101.jpg", "Kiwi/12-100.jpg", "Kiwi/12_100_3.jpg", "Kiwi/r_.jpg",
        "Kiwi/_12.jpg", "Kiwi/12_.jpg", "Kiwi/.jpg", "Kiwi/r_12_100 (1).jpg", ""}) {
    EXPECT_FALSE(turntable_group(name).has_value()) << name;
  }
}

}  // namespace
}  // namespace pomona
