#include "base/hash.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

// FIPS 180-2, appendix B.1 and the empty message.
TEST(Sha256, AgreesWithPublishedVectors) {
  EXPECT_EQ(sha256_hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string_view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, StartsAnewAfterHex) {
  Sha256 hash;
  hash.update("something").hex();
  EXPECT_EQ(hash.update("a").update("bc").hex(), sha256_hex(std::string_view("abc")));
}

// Values of the reference implementation (xxhsum 0.8.1): a change would move every photo to another shard.
TEST(PathHash, IsXxh64WithSeedZero) {
  EXPECT_EQ(path_hash(""), 0xEF46DB3751D8E999ULL);
  EXPECT_EQ(path_hash("abc"), 0x44BC2CF5AD770999ULL);
}

}  // namespace
}  // namespace pomona
