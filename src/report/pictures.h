// All pictures of a report: chosen within the budget, read, laid out.
#pragma once

#include <vector>

#include "base/progress.h"
#include "report/collect.h"
#include "report/gallery.h"
#include "report/report.h"
#include "report/sprite.h"
#include "report/subject.h"

namespace pomona::report {

struct ClassAverage {
  int tile = -1;
  uint64_t photos = 0;
};

struct Pictures {
  Gallery gallery{0};
  std::vector<int> reject_tiles;       // one a reject of the list; -1: no picture
  std::vector<ClassAverage> averages;  // one a class
  std::vector<int32_t> tile_points;    // the map's point of each tile; -1: none
  Sprite sprite;
};

// At most settings.thumbnails pictures: an average of each class where a quarter of them is enough for that,
// damaged photos (a tenth), the classifier's photos (a quarter of the rest), typical and strange photos (to
// three quarters), and an even sample of all photos. Warns where the source cannot be read.
Pictures make_pictures(const Subject& subject, const Collection& collection, const ReportSettings& settings,
                       Console& console);

}  // namespace pomona::report
