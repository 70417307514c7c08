// Pomona's C++ API: the main job over a collection, and the frozen model over single photos.
// Link with pomona::pomona (find_package(pomona)). Everything that goes wrong with a job is thrown as an
// exception derived from std::runtime_error, whose text names the object, the cause and the next step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pomona {

// How S3 is reached, where a name is s3://bucket/prefix. What is empty comes from the environment by the
// names that the AWS tools use (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE, ...), then from the profile.
struct S3Access {
  std::string endpoint;      // URL of a store that is not Amazon's
  std::string region;        // else the bucket is asked
  std::string profile;       // entry of ~/.aws
  std::string role;          // ARN of a role to assume
  std::string external_id;   // that the role asks for
  std::string sts_endpoint;  // URL that the role is asked from
  std::string ca_file;       // certificates to trust; else those of the system
  std::optional<bool>
      path_style;          // bucket in the path, not in the host name: else where there is an endpoint
  bool anonymous = false;  // for public buckets
};

// The settings of `pomona run` that most programs need; the defaults are those of the program.
struct RunOptions {
  std::string network = "efficientnet-lite0";  // a built-in name, or a .onnx, .xml or .tflite file
  std::string precision = "int8";              // "int8", "bf16" or "f32"
  int size = 0;                   // pixels on a side of the network's input; 0: the network's own
  double components = 0.95;       // below 1: fraction of the variance to keep; else: number of components
  std::string labels = "folder";  // "folder", "none", or a CSV file of path,label
  std::size_t threads = 0;        // 0: the cores that this process may use
  bool quiet = true;              // no progress on stderr
  S3Access s3;                    // where the photos or the results are on S3
};

struct RunResult {
  std::uint64_t photos = 0;  // always rows + rejects
  std::uint64_t rows = 0;
  std::uint64_t rejects = 0;
  std::map<std::string, std::uint64_t> reasons;  // rejects by reason
  std::uint64_t components = 0;
  double explained_variance_ratio = 0;
  std::string bundle;  // folder of the frozen model
};

// Photos below `source` to features, scaler, PCA, reduced vectors and bundle below `out`. Doing it again
// resumes.
RunResult run_job(const std::string& source, const std::string& out, const RunOptions& options = {});

// The frozen model of a run.
class Model {
 public:
  // Verifies every part of the bundle. `threads`: 0 for the cores that this process may use.
  static Model load(const std::string& bundle, std::size_t threads = 0, const S3Access& s3 = {});
  ~Model();
  Model(Model&&) noexcept;
  Model& operator=(Model&&) noexcept;

  std::size_t components() const;

  struct Answer {
    std::vector<float> reduced;  // `components` numbers; empty where the photo was rejected
    std::string reject;          // empty, or "reason: detail"
  };
  // The files' reduced vectors, in the order given: the same bytes as the batch run's, on the
  // same kind of machine.
  std::vector<Answer> reduce(std::span<const std::string> paths);

 private:
  struct State;
  explicit Model(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pomona
