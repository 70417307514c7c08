#include "network/calibrate.h"

#include <algorithm>

#include <openvino/opsets/opset13.hpp>

#include "network/error.h"
#include "network/load.h"
#include "network/quality.h"
#include "network/quantize.h"

namespace pomona {
namespace {

using network::CutNetwork;
using network::Site;

// A network that gives, beside its features, what flows through some of its tensors. Computes in f32 where it
// is not quantised; on one thread, so that the same photos give the same numbers.
class TappedNetwork {
 public:
  TappedNetwork(const CutNetwork& cut, std::shared_ptr<ov::Model> model,
                const std::vector<ov::Output<ov::Node>>& taps)
      : taps_(taps.size()) {
    ov::ResultVector results = model->get_results();
    results.reserve(results.size() + taps.size());
    for (const auto& tap : taps) results.push_back(std::make_shared<ov::opset13::Result>(tap));
    model = std::make_shared<ov::Model>(results, model->get_parameters());
    network::fold_preprocessing(model, cut.input, cut.mean, cut.scale);
    request_ =
        cut.core
            ->compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32), ov::num_streams(1),
                            ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false))
            .create_infer_request();
  }

  std::span<uint8_t> pixels() {
    ov::Tensor tensor = request_.get_input_tensor();
    return {tensor.data<uint8_t>(), tensor.get_size()};
  }
  void infer() { request_.infer(); }
  size_t taps() const { return taps_; }
  std::span<const float> features() { return output(0); }
  std::span<const float> tap(size_t index) { return output(index + 1); }

 private:
  std::span<const float> output(size_t index) {
    const ov::Tensor tensor = request_.get_output_tensor(index);
    return {tensor.data<const float>(), tensor.get_size()};
  }

  size_t taps_;
  ov::InferRequest request_;
};

std::vector<ov::Output<ov::Node>> tensors(const std::vector<Site>& sites) {
  std::vector<ov::Output<ov::Node>> outputs;
  outputs.reserve(sites.size());
  for (const Site& site : sites) outputs.push_back(site.tensor);
  return outputs;
}

// The pixels themselves are exact in 8 bits: there is nothing to measure or to judge.
std::vector<Site> inner_sites(const ov::Model& model, const std::pair<float, float>& input_range) {
  std::vector<Site> sites = network::find_sites(model, input_range);
  std::erase_if(sites,
                [](const Site& site) { return ov::is_type<ov::opset13::Parameter>(site.tensor.get_node()); });
  return sites;
}

// Runs one of every `settings.hold_back_every` photos (the last of them), or the others. The last photo of
// all is held back where there are too few.
struct Split {
  size_t photos, every;
  bool is_held_back(size_t index) const {
    return photos < every ? index + 1 == photos : index % every == every - 1;
  }
};

class Calibrator {
 public:
  Calibrator(const CalibrationSettings& settings, size_t photos, const PhotoSupplier& supply)
      : settings_(settings),
        split_{photos, std::max<size_t>(settings.hold_back_every, 2)},
        supply_(supply),
        cut_(network::load_cut(settings.network)),
        input_range_(network::input_range(cut_.mean, cut_.scale)) {}

  Calibration run() {
    measure_ranges();
    if (result_.measured == 0) throw no_photos("no photo of those to measure could be used");
    judge();
    if (result_.held_back == 0) throw no_photos("no photo of those held back could be used");
    result_.cosine_mean /= static_cast<double>(result_.held_back);
    return std::move(result_);
  }

 private:
  Error no_photos(const std::string& cause) const {
    return {ErrorCode::no_data, "calibrate", cut_.source.name, cause,
            "give more photos of the kind that the network will see: 200 do well"};
  }

  void measure_ranges() {
    const auto model = cut_.model->clone();
    std::vector<Site> sites = inner_sites(*model, input_range_);
    std::erase_if(sites, [](const Site& site) { return site.known.has_value(); });
    TappedNetwork tapped(cut_, model, tensors(sites));
    std::vector<float> values;
    for_each_photo(false, tapped, [&] {
      ++result_.measured;
      for (size_t i = 0; i < sites.size(); ++i) widen(sites[i].name, tapped.tap(i), values);
    });
    for (auto& [name, range] : result_.ranges)
      if (range.first >= range.second) range = {std::min(range.first, 0.0F), std::max(range.second, 1.0F)};
  }

  void widen(const std::string& name, std::span<const float> tensor, std::vector<float>& values) {
    values.assign(tensor.begin(), tensor.end());
    const std::pair range{network::quantile(values, settings_.quantile),
                          network::quantile(values, 1 - settings_.quantile)};
    const auto [entry, is_new] = result_.ranges.emplace(name, range);
    if (is_new) return;
    entry->second = {std::min(entry->second.first, range.first),
                     std::max(entry->second.second, range.second)};
  }

  void judge() {
    const auto exact_model = cut_.model->clone();
    const std::vector<Site> sites = inner_sites(*exact_model, input_range_);
    TappedNetwork exact(cut_, exact_model, tensors(sites));

    const auto int8_model = cut_.model->clone();
    const std::vector<Site> int8_sites = inner_sites(*int8_model, input_range_);
    const Ranges used = network::quantize(*int8_model, result_.ranges, input_range_, cut_.source.name);
    std::vector<ov::Output<ov::Node>> quantized;
    quantized.reserve(int8_sites.size());
    for (const Site& site : int8_sites) quantized.push_back(network::quantized_tensor(site));
    TappedNetwork int8(cut_, int8_model, quantized);

    std::vector<network::NoiseRatio> own(sites.size()), total(sites.size());
    result_.cosine_min = 1;
    for_each_photo(true, exact, [&] {
      std::ranges::copy(exact.pixels(), int8.pixels().begin());
      int8.infer();
      judge_features(exact.features(), int8.features());
      for (size_t i = 0; i < sites.size(); ++i) {
        own[i].add_rounding(exact.tap(i), network::with_exact_zero(used.at(sites[i].name)));
        total[i].add(exact.tap(i), int8.tap(i));
      }
    });
    for (size_t i = 0; i < sites.size(); ++i)
      result_.layers.push_back(
          {sites[i].name, used.at(sites[i].name), own[i].decibels(), total[i].decibels()});
  }

  void judge_features(std::span<const float> exact, std::span<const float> int8) {
    const double cosine = network::cosine(exact, int8);
    ++result_.held_back;
    result_.cosine_mean += cosine;
    result_.cosine_min = std::min(result_.cosine_min, cosine);
  }

  template <typename Use>
  void for_each_photo(bool held_back, TappedNetwork& tapped, const Use& use) {
    for (size_t index = 0; index < split_.photos; ++index) {
      if (split_.is_held_back(index) != held_back || !supply_(index, tapped.pixels())) continue;
      tapped.infer();
      use();
    }
  }

  CalibrationSettings settings_;
  Split split_;
  const PhotoSupplier& supply_;
  CutNetwork cut_;
  std::pair<float, float> input_range_;
  Calibration result_;
};

}  // namespace

int calibration_size(const CalibrationSettings& settings) { return network::load_cut(settings.network).size; }

Calibration calibrate(const CalibrationSettings& settings, size_t photos, const PhotoSupplier& supply) {
  return Calibrator(settings, photos, supply).run();
}

}  // namespace pomona
