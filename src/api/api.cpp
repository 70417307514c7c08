#include "base/threads.h"
#include "bundle/bundle.h"
#include "bundle/photo_engine.h"
#include "job/run.h"
#include "pomona/pomona.h"
#include "stats/projection.h"
#include "storage/storage.h"

namespace pomona {
namespace {

S3Options options_of(const S3Access& access) {
  S3Options options;
  options.endpoint = access.endpoint;
  options.region = access.region;
  options.profile = access.profile;
  options.role = access.role;
  options.external_id = access.external_id;
  options.sts_endpoint = access.sts_endpoint;
  options.ca_file = access.ca_file;
  options.path_style = access.path_style;
  options.anonymous = access.anonymous;
  return options;
}

}  // namespace

RunResult run_job(const std::string& source, const std::string& out, const RunOptions& options) {
  JobSettings settings;
  settings.network.network = options.network;
  settings.network.precision = parse_precision(options.precision);
  settings.network.size = options.size;
  settings.components = options.components < 1 ? Components(options.components)
                                               : Components(static_cast<uint64_t>(options.components));
  settings.labels = options.labels;
  settings.threads = options.threads;
  settings.s3 = options_of(options.s3);
  Console console(options.quiet);
  RunSummary summary = run(source, out, settings, console, {});
  return {summary.photos,           summary.rows,
          summary.rejects,          std::move(summary.reasons),
          summary.components,       summary.explained_variance_ratio,
          std::move(summary.bundle)};
}

struct Model::State {
  PhotoEngine engine;
  Projection projection;
};

Model::Model(std::unique_ptr<State> state) : state_(std::move(state)) {}
Model::~Model() = default;
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;

Model Model::load(const std::string& bundle, size_t threads, const S3Access& s3) {
  const Bundle loaded = load_bundle(*open_storage(bundle, options_of(s3)), "");
  return Model(std::unique_ptr<State>(
      new State{PhotoEngine(loaded.decode, loaded.network, threads > 0 ? threads : available_threads()),
                Projection(&loaded.scaler, loaded.pca)}));
}

size_t Model::components() const { return state_->projection.k(); }

std::vector<Model::Answer> Model::reduce(std::span<const std::string> paths) {
  const std::vector<PhotoInput> inputs(paths.begin(), paths.end());
  const PhotoFeatures photos = state_->engine.extract(inputs);
  const size_t d = state_->engine.dimension();
  std::vector<Answer> answers(paths.size());
  for (size_t photo = 0; photo < paths.size(); ++photo) {
    if (const MaybeReject& reject = photos.rejects[photo]) {
      answers[photo].reject = std::string(name(reject->reason)) + ": " + reject->detail;
    } else {
      answers[photo].reduced.resize(components());
      state_->projection.apply(std::span(photos.features).subspan(photo * d, d), answers[photo].reduced);
    }
  }
  return answers;
}

}  // namespace pomona
