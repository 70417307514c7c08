// pomona classify: answers for photos.
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/text.h"
#include "base/threads.h"
#include "bundle/answer_json.h"
#include "bundle/photo_classifier.h"
#include "cli/commands.h"
#include "cli/figures.h"
#include "cli/options.h"
#include "cli/photo_arguments.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::json;

constexpr size_t kBatch = 256;  // photos whose features are in memory at once

struct ClassifyArguments {
  std::string bundle;
  std::vector<std::string> photos;
  std::string top = "3";
  std::string threads;
  bool json = false;
  S3Flags s3;
};

Json to_json(const PhotoClassifier::Result& result, const std::vector<std::string>& classes) {
  if (const auto* answer = std::get_if<Answer>(&result)) return pomona::to_json(*answer, classes);
  const Reject& reject = std::get<Reject>(result);
  return {
      {"reject",
       {{"stage", name(reject.stage)}, {"reason", name(reject.reason)}, {"detail", to_utf8(reject.detail)}}}};
}

void print(const std::string& path, const PhotoClassifier::Result& result,
           const std::vector<std::string>& classes) {
  std::cout << path << ": ";
  if (const auto* reject = std::get_if<Reject>(&result)) {
    std::cout << "rejected: " << name(reject->reason) << ", " << reject->detail << "\n";
    return;
  }
  const Answer& answer = std::get<Answer>(result);
  for (size_t rank = 0; rank < answer.ranking.size(); ++rank) {
    std::cout << (rank == 0 ? "" : ", ") << classes[answer.ranking[rank].label] << " "
              << percent(answer.ranking[rank].probability);
  }
  std::cout << "  [" << name(answer.verdict) << "]\n";
  if (answer.verdict != Verdict::known) std::cout << "  " << answer.reason << "\n";
}

void classify(const ClassifyArguments& arguments, Context& context) {
  const size_t top = parse_count("--top", arguments.top, 1, 1'000'000);
  const size_t threads =
      arguments.threads.empty() ? available_threads() : parse_count("--threads", arguments.threads, 1, 1024);
  const Bundle bundle = load_bundle(*open_storage(arguments.bundle, arguments.s3.options()), "");
  const PhotoArguments photos(arguments.photos, bundle.decode.max_bytes);
  PhotoClassifier classifier(bundle, std::min(threads, std::max<size_t>(photos.photos().size(), 1)));
  Json list = Json::array();
  size_t answered = 0;
  for (size_t first = 0; first < photos.photos().size() && !context.stop.stop_requested(); first += kBatch) {
    const auto batch =
        std::span(photos.photos()).subspan(first, std::min(kBatch, photos.photos().size() - first));
    std::vector<PhotoInput> inputs;
    for (const NamedPhoto& photo : batch) inputs.push_back(photo.input);
    const auto results = classifier.classify(inputs, top);
    for (size_t i = 0; i < results.size(); ++i) {
      answered += std::holds_alternative<Answer>(results[i]) ? 1 : 0;
      if (arguments.json) {
        Json entry = to_json(results[i], classifier.classes());
        entry["path"] = to_utf8(batch[i].name);
        list.push_back(std::move(entry));
      } else {
        print(batch[i].name, results[i], classifier.classes());
      }
    }
  }
  if (context.stop.stop_requested()) {
    throw Error(ErrorCode::interrupted, "classify", arguments.bundle,
                "stopped before all photos were answered", "give the same command again");
  }
  if (arguments.json) std::cout << Json{{"photos", list}}.dump() << std::endl;
  if (answered == 0) context.status = kStatusFailed;
}

}  // namespace

void add_classify(CLI::App& program, Context& context) {
  auto arguments = std::make_shared<ClassifyArguments>();
  CLI::App* command = program.add_subcommand("classify", "What photos show, by a bundle");
  command->add_option("BUNDLE", arguments->bundle, "folder of a bundle: OUT/bundle")->required();
  command->add_option("PHOTO", arguments->photos, "files, folders, or - for stdin")
      ->required()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_s3_flags(*command, arguments->s3);
  command->add_option("--top", arguments->top, "classes to name, the likeliest first")->capture_default_str();
  command->add_option("--threads", arguments->threads, "threads [the cores that this process may use]");
  command->add_flag("--json", arguments->json, "results as one JSON object");
  command->callback([arguments, &context] {
    context.json = arguments->json;
    context.action = [arguments, &context] { classify(*arguments, context); };
  });
}

}  // namespace pomona::cli
