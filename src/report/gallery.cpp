#include "report/gallery.h"

namespace pomona::report {

bool Gallery::want(const Photo& photo) {
  if (by_path_.contains(photo.path)) return true;
  if (photos_.size() >= most_) return false;
  by_path_.emplace(photo.path, photos_.size());
  photos_.push_back(photo);
  return true;
}

std::vector<Thumbnail> Gallery::place(std::vector<Thumbnail> thumbnails) {
  std::vector<Thumbnail> placed;
  for (size_t i = 0; i < photos_.size(); ++i) {
    if (thumbnails[i].width == 0) continue;
    photos_[i].tile = static_cast<int>(placed.size());
    placed.push_back(std::move(thumbnails[i]));
  }
  return placed;
}

int Gallery::tile(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? -1 : photos_[found->second].tile;
}

int64_t Gallery::point(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? -1 : photos_[found->second].point;
}

std::vector<int> Gallery::tiles_of(uint32_t label) const {
  std::vector<int> tiles;
  for (const Photo& photo : photos_) {
    if (photo.label == label && photo.tile >= 0) tiles.push_back(photo.tile);
  }
  return tiles;
}

}  // namespace pomona::report
