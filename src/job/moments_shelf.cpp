#include "job/moments_shelf.h"

#include <cerrno>

#include "base/error.h"

namespace pomona {

MomentsShelf::MomentsShelf(const Storage& dataset) : folder_(scratch_folder(dataset)) {}

MomentsStore::Place MomentsShelf::put(const Moments& moments) {
  const std::vector<std::byte> bytes = moments.serialize();
  const std::lock_guard lock(mutex_);
  if (!file_.ok()) file_.replace(open_unnamed(folder_));
  if (!file_.ok()) throw system_error("fit", folder_, errno);
  Place place{end_, bytes.size()};
  if (!free_.empty()) {
    place.offset = free_.back();
    free_.pop_back();
  } else {
    end_ += bytes.size();
  }
  if (!write_at(file_.get(), bytes, place.offset)) {
    throw system_error("fit", folder_, errno, "free some space, or name another folder for the results");
  }
  return place;
}

Moments MomentsShelf::take(const Place& place) {
  std::vector<std::byte> bytes(place.bytes);
  if (!read_at(file_.get(), bytes, place.offset)) throw system_error("fit", folder_, errno);
  const std::lock_guard lock(mutex_);
  free_.push_back(place.offset);
  return Moments::deserialize(bytes);
}

}  // namespace pomona
