// Which photos get a picture, and where it stands in the sheet.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/classes.h"
#include "report/sprite.h"

namespace pomona::report {

// Photos in order of importance, until there are enough; each path once.
class Gallery {
 public:
  explicit Gallery(size_t most) : most_(most) {}

  // False where the photo gets no picture because there are enough.
  bool want(const Photo& photo);
  size_t room() const { return most_ - photos_.size(); }
  const std::vector<Photo>& photos() const { return photos_; }

  // Sets the tile of each photo, in order, from its thumbnail: photos without one stay at -1. Returns the
  // thumbnails that there are.
  std::vector<Thumbnail> place(std::vector<Thumbnail> thumbnails);
  // The tile of a path, or -1.
  int tile(const std::string& path) const;
  // The map's point of a path that was wanted, or -1.
  int64_t point(const std::string& path) const;
  // Tiles of a class, in order.
  std::vector<int> tiles_of(uint32_t label) const;

 private:
  size_t most_;
  std::vector<Photo> photos_;
  std::map<std::string, size_t, std::less<>> by_path_;
};

}  // namespace pomona::report
