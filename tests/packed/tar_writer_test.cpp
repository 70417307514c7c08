// The tars' contents are held to Python's tarfile and to GNU tar in tests/system/test_pack.py.
#include "packed/tar_writer.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

TEST(TarWriter, SaysWhereTheBytesStand) {
  TarWriter tar;
  const uint64_t first = tar.append("a/1.jpg", bytes("first"));
  const uint64_t second = tar.append("a/" + std::string(300, 'x'), bytes("second"));
  const uint64_t third = tar.append("\xFF.jpg", bytes(""));
  const std::string whole = tar.finish();
  EXPECT_EQ(whole.substr(first, 5), "first");
  EXPECT_EQ(whole.substr(second, 6), "second");
  EXPECT_EQ(first, 512U);
  EXPECT_EQ(second % 512, 0U);
  EXPECT_EQ(third % 512, 0U);
  EXPECT_EQ(whole.size() % 512, 0U);
  EXPECT_EQ(whole.substr(whole.size() - kTarEnd), std::string(kTarEnd, '\0'));
}

TEST(TarWriter, TakesWhatWasForetold) {
  for (const size_t length : {1U, 99U, 100U, 101U, 155U, 256U, 257U, 400U}) {
    for (const size_t size : {0U, 1U, 511U, 512U, 513U}) {
      for (const bool deep : {false, true}) {
        std::string name(length, 'n');
        if (deep && length > 2) name[length / 2] = '/';
        TarWriter tar;
        tar.append(name, bytes(std::string(size, 'x')));
        EXPECT_EQ(tar.size(), tar_member_bytes(name, size)) << length << " " << size << " " << deep;
      }
    }
  }
}

TEST(TarWriter, StartsAnewAfterItsEnd) {
  TarWriter tar;
  tar.append("1", bytes("one"));
  const std::string once = tar.finish();
  tar.append("1", bytes("one"));
  EXPECT_EQ(tar.finish(), once);
  EXPECT_EQ(tar.finish(), std::string(kTarEnd, '\0'));
}

}  // namespace
}  // namespace pomona
