#include "report/report.h"

#include <string_view>

#include "pomona/version.h"
#include "report/collect.h"
#include "report/facts.h"
#include "report/judged.h"
#include "report/page.h"
#include "report/pictures.h"
#include "report/sections.h"
#include "report/subject.h"

namespace pomona {
namespace {

using namespace report;
using Json = nlohmann::json;

constexpr int kFormat = 1;

Json map_json(const Points& points, const std::vector<Quantised>& positions, uint64_t rows, const Pca& pca) {
  Json components = Json::array();
  for (size_t c = 0; c < positions.size(); ++c) {
    components.push_back({{"number", c + 1},
                          {"min", positions[c].min},
                          {"max", positions[c].max},
                          {"ratio", pca.explained_variance_ratio[c]}});
  }
  return {{"points", points.size()},
          {"rows", rows},
          {"components", std::move(components)},
          {"paths", {{"rows_per_block", kPathsPerBlock}, {"offsets", points.paths.offsets()}}}};
}

Json sprite_json(const Sprite& sprite) {
  return {{"tile", kTile}, {"columns", sprite.columns}, {"count", sprite.count}, {"mime", "image/jpeg"}};
}

// One byte a label where that is enough.
void write_labels(PageWriter& page, const std::vector<uint16_t>& labels, size_t classes) {
  if (classes > 256) return page.block("labels", std::as_bytes(std::span(labels)));
  const std::vector<uint8_t> small(labels.begin(), labels.end());
  page.block("labels", std::as_bytes(std::span(small)));
}

void write_blocks(PageWriter& page, const Collection& collection, const std::vector<Quantised>& positions,
                  const Pictures& pictures) {
  for (size_t c = 0; c < positions.size(); ++c) {
    page.block("component-" + std::to_string(c), std::as_bytes(std::span(positions[c].steps)));
  }
  write_labels(page, collection.points.labels, collection.classes.size());
  page.block("paths", std::as_bytes(std::span(collection.points.paths.bytes())));
  page.block("tile-points", std::as_bytes(std::span(pictures.tile_points)));
  page.block("tile-sizes", std::as_bytes(std::span(pictures.sprite.sizes)));
  page.block("sprite", std::as_bytes(std::span(pictures.sprite.jpeg)));
}

}  // namespace

std::string report::shell_quoted(const std::string& argument) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string report::make_page(const Subject& subject, const ReportSettings& settings, Console& console,
                              ReportSummary& summary) {
  PageWriter page(page_template());
  const auto shown = subject.classifier ? shown_photos(*subject.classifier) : std::vector<std::string>();
  const Collection collection = collect(subject, settings, shown);
  const Pictures pictures = make_pictures(subject, collection, settings, console);
  std::vector<Quantised> positions;
  positions.reserve(collection.points.positions.size());
  for (const auto& values : collection.points.positions) positions.push_back(quantise(values));
  page.json("report", {{"format", kFormat},
                       {"kind", subject.kind},
                       {"pomona", kVersion},
                       {"source", subject.run.value("source", "")},
                       {"dataset", subject.dataset},
                       {"counts", counts_json(subject.run)},
                       {"rejects", rejects_json(subject.rejects, pictures, subject.retry)},
                       {"done", done_json(subject.run)},
                       {"scree", scree_json(subject.run, subject.pca)},
                       {"map", map_json(collection.points, positions, subject.run.at("rows"), subject.pca)},
                       {"classes", classes_json(collection.classes, pictures, positions.size())},
                       {"similarity", similarity_json(collection.classes)},
                       {"classifier", subject.classifier
                                          ? classifier_json(*subject.classifier, collection.classes, pictures)
                                          : Json()},
                       {"sprite", sprite_json(pictures.sprite)}});
  write_blocks(page, collection, positions, pictures);
  summary.points = collection.points.size();
  summary.thumbnails = pictures.sprite.count;
  return page.finish();
}

}  // namespace pomona
