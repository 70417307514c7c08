// Lists what is below a prefix of a bucket.
#pragma once

#include <functional>
#include <string>

#include "storage/s3_client.h"
#include "storage/storage.h"

namespace pomona {

struct S3ListRequest {
  std::string prefix;       // in the bucket: empty, or with a slash at its end
  std::string except = {};  // objects below this prefix are left out, if it is not empty
  bool hidden = false;      // names with a dot in front, and those of folders (with a slash at their end) too
};

// Calls `visit` for each object, with its key in the bucket, one call at a time. The prefixes below are
// listed side by side; memory: a page of 1,000 keys for each of them. Throws Error, and what `visit` throws.
void list_prefix(S3Client& client, const S3ListRequest& request,
                 const std::function<void(ObjectInfo&&)>& visit);

inline constexpr const char* kListEnd = "</ListBucketResult>";  // of a whole page

// The query of one page: `delimiter` stops at the next slash.
std::string list_query(const std::string& prefix, bool delimiter, const std::string& token, int most = 1000);

}  // namespace pomona
