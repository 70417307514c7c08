#include "report/report.h"

#include <chrono>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "bundle/bundle.h"
#include "job/dataset.h"
#include "job/manifest.h"
#include "pomona/version.h"
#include "report/facts.h"
#include "report/page.h"
#include "report/pictures.h"
#include "report/sections.h"

namespace pomona {
namespace {

using namespace report;
using Json = nlohmann::json;

constexpr int kFormat = 1;

Json finished_run(const Storage& dataset) {
  auto run = read_run(dataset);
  if (run && run->contains("reduced")) return std::move(*run);
  throw Error(ErrorCode::no_data, "report", dataset.uri(), "the run has not ended: there is no run.json",
              "end it first: the same `pomona run SOURCE OUT` goes on from where it stopped");
}

std::set<std::string> named_photos(const ReportSettings& settings) {
  std::set<std::string> names;
  if (!settings.classifier) return names;
  for (const ReportPrediction& mistake : settings.classifier->mistakes) names.insert(mistake.path);
  for (const ReportConfusion& cell : settings.classifier->confusion) {
    names.insert(cell.paths.begin(), cell.paths.end());
  }
  return names;
}

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

// As a POSIX shell reads it back.
std::string quoted(const std::string& argument) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=@%+,";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string retry_command(const Storage& dataset, const Json& run, const ReportSettings& settings) {
  if (!settings.retry.empty()) return settings.retry;
  return "pomona run " + quoted(run.value("source", "SOURCE")) + " " + quoted(dataset.uri());
}

std::string make_page(const Storage& dataset, const Json& run, const ReportSettings& settings,
                      Console& console, ReportSummary& summary) {
  PageWriter page(page_template());
  const Pca pca = load_bundle(dataset, dataset::kBundle).pca;
  const Collection collection = collect(dataset, run, settings, named_photos(settings));
  const RejectList rejects = read_rejects(dataset, read_all_records(dataset), settings.max_rejects);
  const Pictures pictures = make_pictures(dataset, run, collection, rejects, settings, console);
  std::vector<Quantised> positions;
  positions.reserve(collection.points.positions.size());
  for (const auto& values : collection.points.positions) positions.push_back(quantise(values));
  page.json(
      "report",
      {{"format", kFormat},
       {"kind", "run"},
       {"pomona", kVersion},
       {"source", run.value("source", "")},
       {"dataset", dataset.uri()},
       {"counts", counts_json(run)},
       {"rejects", rejects_json(rejects, pictures, retry_command(dataset, run, settings))},
       {"done", done_json(run)},
       {"scree", scree_json(run, pca)},
       {"map", map_json(collection.points, positions, run.at("rows"), pca)},
       {"classes", classes_json(collection.classes, pictures, positions.size())},
       {"similarity", similarity_json(collection.classes)},
       {"classifier",
        settings.classifier ? classifier_json(*settings.classifier, collection.classes, pictures) : Json()},
       {"sprite", sprite_json(pictures.sprite)}});
  write_blocks(page, collection, positions, pictures);
  summary.points = collection.points.size();
  summary.thumbnails = pictures.sprite.count;
  return page.finish();
}

}  // namespace

ReportSummary write_report(Storage& dataset, const ReportSettings& settings, Console& console,
                           const std::string& key) {
  const auto start = std::chrono::steady_clock::now();
  ReportSummary summary;
  const std::string page = make_page(dataset, finished_run(dataset), settings, console, summary);
  dataset.write(key, page);
  summary.bytes = page.size();
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  console.info("report   " + dataset.uri() + "/" + key + ", " + human_bytes(summary.bytes));
  return summary;
}

}  // namespace pomona
