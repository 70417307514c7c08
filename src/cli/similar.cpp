// pomona similar: the photos of a dataset that are most like others.
#include "job/similar.h"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "bundle/photo_engine.h"
#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "cli/photo_arguments.h"
#include "stats/projection.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::json;

struct SimilarArguments {
  std::string bundle;
  std::string dataset;
  std::vector<std::string> photos;
  std::string top = "10";
  std::string threads;
  bool json = false;
  S3Flags s3;
};

// Which photos could be read, and the reduced vectors of those, one after another.
struct Queries {
  std::vector<MaybeReject> rejects;  // one a photo
  std::vector<float> reduced;
  size_t k = 0;
};

Queries reduce(const Bundle& bundle, const std::vector<NamedPhoto>& photos, size_t threads) {
  std::vector<PhotoInput> inputs;
  inputs.reserve(photos.size());
  for (const NamedPhoto& photo : photos) inputs.push_back(photo.input);
  PhotoEngine engine(bundle.decode, bundle.network, std::min(threads, std::max<size_t>(photos.size(), 1)));
  PhotoFeatures extracted = engine.extract(inputs);
  std::vector<float> features;
  for (size_t photo = 0; photo < photos.size(); ++photo) {
    if (extracted.rejects[photo]) continue;
    const auto row = std::span(extracted.features).subspan(photo * engine.dimension(), engine.dimension());
    features.insert(features.end(), row.begin(), row.end());
  }
  const Projection projection(&bundle.scaler, bundle.pca);
  Queries queries{std::move(extracted.rejects), {}, projection.k()};
  queries.reduced.resize(features.size() / engine.dimension() * queries.k);
  projection.apply(features, queries.reduced);
  return queries;
}

Json to_json(const std::vector<SimilarPhoto>& found) {
  Json list = Json::array();
  for (const SimilarPhoto& photo : found) {
    list.push_back({{"path", photo.path},
                    {"label", photo.label.empty() ? Json() : Json(photo.label)},
                    {"cosine", photo.cosine}});
  }
  return list;
}

Json to_json(const Reject& reject) {
  return {{"stage", name(reject.stage)}, {"reason", name(reject.reason)}, {"detail", to_utf8(reject.detail)}};
}

void print(const std::string& name_of_photo, const std::vector<SimilarPhoto>& found) {
  std::cout << name_of_photo << "\n";
  for (const SimilarPhoto& photo : found)
    std::cout << "  " << decimals(photo.cosine) << "  " << photo.path << "\n";
}

void similar(const SimilarArguments& arguments, Context& context) {
  SimilarOptions options;
  options.top = parse_count("--top", arguments.top, 1, 1'000'000);
  options.threads =
      arguments.threads.empty() ? available_threads() : parse_count("--threads", arguments.threads, 1, 1024);
  const Bundle bundle = load_bundle(*open_storage(arguments.bundle, arguments.s3.options()), "");
  const auto dataset = open_storage(arguments.dataset, arguments.s3.options());
  require_same_model(*dataset, bundle);
  const PhotoArguments given(arguments.photos, bundle.decode.max_bytes);
  const auto& photos = given.photos();
  const Queries queries = reduce(bundle, photos, options.threads);
  auto found = find_similar(*dataset, queries.reduced, queries.k, options, context.stop);
  Json list = Json::array();
  size_t next = 0;
  for (size_t photo = 0; photo < photos.size(); ++photo) {
    const MaybeReject& reject = queries.rejects[photo];
    if (arguments.json) {
      Json entry = {{"path", to_utf8(photos[photo].name)}};
      if (reject) {
        entry["reject"] = to_json(*reject);
      } else {
        entry["similar"] = to_json(found[next++]);
      }
      list.push_back(std::move(entry));
    } else if (reject) {
      std::cout << photos[photo].name << ": rejected: " << name(reject->reason) << ", " << reject->detail
                << "\n";
    } else {
      print(photos[photo].name, found[next++]);
    }
  }
  if (arguments.json) std::cout << Json{{"photos", list}}.dump() << std::endl;
  if (found.empty()) context.status = kStatusFailed;
}

}  // namespace

void add_similar(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<SimilarArguments>();
  CLI::App* command = program.add_subcommand("similar", "The photos of a dataset that are most like others");
  command->add_option("BUNDLE", arguments->bundle, "folder of the dataset's bundle: OUT/bundle")->required();
  command->add_option("OUT", arguments->dataset, "folder of a finished run: its photos are searched")
      ->required();
  command->add_option("PHOTO", arguments->photos, "files, folders, or - for stdin")
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_option("--top", arguments->top, "photos to find for each, the nearest first")
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "threads [the cores that this process may use]");
  add_s3_flags(*command, arguments->s3);
  command->add_flag("--json", arguments->json, "results as one JSON object");
  command->callback([arguments, &context] {
    context.json = arguments->json;
    context.action = [arguments, &context] { similar(*arguments, context); };
  });
}

}  // namespace pomona::cli
