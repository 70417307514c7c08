#include "storage/s3_place.h"

#include <ctime>

#include "storage/s3.h"
#include "storage/s3_list.h"

namespace pomona {

bool is_s3(const Storage& storage) { return dynamic_cast<const S3Storage*>(&storage) != nullptr; }

S3Place s3_place(const Storage& storage) {
  const auto& s3 = dynamic_cast<const S3Storage&>(storage);
  S3Client& client = s3.client();
  // A listing of one key: unlike HEAD, it says why it is refused; and a mere refusal comes from a bucket that
  // is there.
  const S3Answer answer = client.call({.query = list_query(s3.prefix(), false, "", 1), .end = kListEnd});
  if (!answer.good() && (!answer.denied() || concerns_all(answer))) {
    throw s3_error(client, kList, "", s3.prefix(), answer);
  }
  S3Place place{client.settings().endpoint, client.region(), client.principal(), std::nullopt};
  if (place.endpoint.empty()) place.endpoint = "amazonaws.com";
  if (const auto theirs = parse_http_date(answer.http.date)) {
    place.clock_ahead = std::difftime(std::time(nullptr), *theirs);
  }
  return place;
}

}  // namespace pomona
