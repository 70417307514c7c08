#include "report/pictures.h"

#include <algorithm>
#include <ranges>

#include "base/error.h"
#include "report/thumbnails.h"

namespace pomona::report {
namespace {

constexpr size_t kMostAveraged = 32;

Gallery choose(const Collection& collection, size_t most) {
  Gallery gallery(most);
  for (const Photo& photo : collection.named) {
    if (gallery.photos().size() >= most / 4) break;
    gallery.want(photo);
  }
  const size_t for_classes = most * 3 / 4;
  for (size_t rank = 0; rank < kTypical; ++rank) {
    for (const ClassInfo& info : collection.classes.all()) {
      if (gallery.photos().size() + 2 > for_classes) break;
      if (rank < info.typical.size()) gallery.want(info.typical[rank].photo);
      if (rank < info.strange.size()) gallery.want(info.strange[rank].photo);
    }
  }
  const EvenSample rest(collection.sample.size(), gallery.room());
  for (size_t i = 0; i < collection.sample.size(); ++i) {
    if (rest.chosen(i)) gallery.want(collection.sample[i]);
  }
  return gallery;
}

// Where a picture may stand before the damage.
bool may_show(const RejectRow& row) { return row.reason == "truncated" || row.reason == "corrupt"; }

std::vector<Thumbnail> read(const Subject& subject, const std::vector<std::string>& paths, bool damaged,
                            size_t threads) {
  if (!subject.source) return std::vector<Thumbnail>(paths.size());
  return read_thumbnails(*subject.source, subject.locate(paths), subject.limits, damaged, threads);
}

void add_rejects(Pictures& pictures, std::vector<Thumbnail>& sheet, const Subject& subject, size_t most,
                 size_t threads) {
  const RejectList& rejects = subject.rejects;
  std::vector<size_t> chosen;
  std::vector<std::string> paths;
  for (size_t i = 0; i < rejects.rows.size() && chosen.size() < most; ++i) {
    if (!may_show(rejects.rows[i])) continue;
    chosen.push_back(i);
    paths.push_back(rejects.rows[i].path);
  }
  std::vector<Thumbnail> thumbnails = read(subject, paths, true, threads);
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (thumbnails[i].width == 0) continue;
    pictures.reject_tiles[chosen[i]] = static_cast<int>(sheet.size());
    sheet.push_back(std::move(thumbnails[i]));
  }
}

void add_averages(Pictures& pictures, std::vector<Thumbnail>& sheet, size_t photos) {
  std::vector<std::vector<const Thumbnail*>> of_class(pictures.averages.size());
  // From the end: the even sample first, the strange ones last.
  for (const Photo& photo : std::views::reverse(pictures.gallery.photos())) {
    if (photo.tile < 0 || of_class[photo.label].size() >= kMostAveraged) continue;
    of_class[photo.label].push_back(&sheet[static_cast<size_t>(photo.tile)]);
  }
  std::vector<Thumbnail> averages;
  for (size_t label = 0; label < of_class.size(); ++label) {
    if (of_class[label].empty()) continue;
    pictures.averages[label] = {static_cast<int>(photos + averages.size()), of_class[label].size()};
    averages.push_back(average(of_class[label]));
  }
  std::ranges::move(averages, std::back_inserter(sheet));
}

}  // namespace

Pictures make_pictures(const Subject& subject, const Collection& collection, const ReportSettings& settings,
                       Console& console) {
  const RejectList& rejects = subject.rejects;
  Pictures pictures;
  pictures.reject_tiles.assign(rejects.rows.size(), -1);
  pictures.averages.resize(collection.classes.size());
  const size_t most = settings.thumbnails;
  const size_t averages = collection.classes.size() <= most / 4 ? collection.classes.size() : 0;
  const size_t damaged =
      std::min<size_t>(most / 10, static_cast<size_t>(std::ranges::count_if(rejects.rows, may_show)));
  pictures.gallery = choose(collection, most - averages - damaged);
  std::vector<std::string> paths;
  for (const Photo& photo : pictures.gallery.photos()) paths.push_back(photo.path);
  std::vector<Thumbnail> sheet;
  try {
    sheet = pictures.gallery.place(read(subject, paths, false, settings.threads));
    for (const Photo& photo : pictures.gallery.photos()) {
      if (photo.tile >= 0) pictures.tile_points.push_back(static_cast<int32_t>(photo.point));
    }
    add_rejects(pictures, sheet, subject, damaged, settings.threads);
  } catch (const Error& error) {
    console.warn(std::string("the report has fewer pictures: ") + error.what());
  }
  if (sheet.empty() && !paths.empty()) {
    console.warn(
        "the report has no pictures: the photos are not where they were; name their folder with --source");
  }
  if (averages > 0) add_averages(pictures, sheet, sheet.size());
  pictures.tile_points.resize(sheet.size(), -1);
  pictures.sprite = make_sprite(sheet);
  return pictures;
}

}  // namespace pomona::report
