#include "storage/s3_xml.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(S3Xml, APageOfAListing) {
  const auto page = parse_list_page(
      R"(<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
         <IsTruncated>true</IsTruncated><NextContinuationToken>more/1==</NextContinuationToken>
         <EncodingType>url</EncodingType>
         <Contents><Key>a%20b/%C3%A9+1.jpg</Key><Size>5000000000</Size><ETag>&quot;abc-2&quot;</ETag></Contents>
         <CommonPrefixes><Prefix>a%2Bb/</Prefix></CommonPrefixes></ListBucketResult>)");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->objects.size(), 1);
  EXPECT_EQ(page->objects[0].key, "a b/é 1.jpg");
  EXPECT_EQ(page->objects[0].size, 5'000'000'000);
  EXPECT_EQ(page->objects[0].version, "abc-2");
  EXPECT_EQ(page->prefixes, std::vector<std::string>{"a+b/"});
  EXPECT_EQ(page->next, "more/1==");
}

TEST(S3Xml, WhatIsNoListingIsNone) {
  for (const char* text : {"", "<html>Welcome</html>", "<ListBucketResult><Contents><Key>a</Key>", "{}"}) {
    EXPECT_FALSE(parse_list_page(text)) << text;
  }
}

TEST(S3Xml, Faults) {
  const S3Fault fault = parse_fault(
      "<Error><Code>AuthorizationHeaderMalformed</Code><Message>m</Message><Region>eu-west-1</Region></"
      "Error>");
  EXPECT_EQ(fault.code, "AuthorizationHeaderMalformed");
  EXPECT_EQ(fault.region, "eu-west-1");
  EXPECT_EQ(parse_fault("<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>").code,
            "AccessDenied");
  EXPECT_EQ(parse_fault("gateway says no").code, "");
}

}  // namespace
}  // namespace pomona
