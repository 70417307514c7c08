#include "base/reject.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(Reject, NamesLeadBack) {
  for (const char* text : kReasonNames) EXPECT_EQ(name(reason_named(text).value()), text);
  for (const char* text : kStageNames) EXPECT_EQ(name(stage_named(text).value()), text);
  EXPECT_FALSE(reason_named("no such reason"));
  EXPECT_FALSE(stage_named(""));
}

TEST(Reject, WhatLiesInThePhotoDoesNotPass) {
  EXPECT_TRUE(can_pass(Reason::read_error));
  EXPECT_TRUE(can_pass(Reason::changed));
  EXPECT_FALSE(can_pass(Reason::truncated));
  EXPECT_FALSE(can_pass(Reason::empty));
  EXPECT_FALSE(can_pass(Reason::too_many_bytes));
}

}  // namespace
}  // namespace pomona
