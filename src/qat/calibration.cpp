#include "qat/calibration.hpp"

#include <ATen/ATen.h>

#include <algorithm>

#include "graph/initialise.hpp"
#include "qat/diagnostics.hpp"
#include "qat/torch_images_internal.hpp"
#include "qat/torch_least_error_internal.hpp"
#include "qat/torch_model_internal.hpp"
#include "qat/torch_threads.hpp"

namespace bitmason::qat {
namespace {

constexpr std::size_t kBatch = 32;
constexpr std::size_t kCorrectionImages = 128;
/// Elements of a quantiser's input, over all images, on which its scale is searched.
constexpr std::int64_t kSample = 1 << 17;

void choose_weight_scales(graph::Graph& graph) {
  for (auto& step : graph.steps) {
    graph::Weights* weights = step.weights();
    if (weights == nullptr) continue;
    auto& form = weights->quantiser;
    const auto real = tensor_of(weights->values).reshape({form.per_channel ? weights->shape[0] : 1, -1});
    if (&step == &graph.steps.back()) {
      form.scales = floats_of(least_error_power_of_two(real, form));
    } else {
      form.scales =
          floats_of(form.bits == 1 ? least_error_bipolar(real) : least_error_scales(real, form.range()));
    }
  }
}

/// The three passes over the images.
class Calibration {
 public:
  Calibration(graph::Graph graph, const data::ImageSet& images, std::size_t count)
      : graph_(std::move(graph)), images_(images), count_(std::min(count, images.count())) {}

  graph::Graph run() {
    choose_weight_scales(graph_);
    choose_activation_scales();
    correct_biases();
    return std::move(graph_);
  }

 private:
  void for_each_batch(const TorchModel& model, const PassOptions& options) const {
    for (std::size_t first = 0; first < count_; first += kBatch)
      (void)model.forward(pixels_of(images_, first, std::min(kBatch, count_ - first)), options);
  }

  /// Evenly thinned elements of the values that each scale quantises, from the float network.
  [[nodiscard]] std::vector<at::Tensor> samples(const std::vector<bool>& fixed) const {
    std::vector<std::vector<at::Tensor>> parts(graph_.scales.size());
    const auto batches = static_cast<std::int64_t>((count_ + kBatch - 1) / kBatch);
    const Observer observer = [&](std::size_t i, at::Tensor& result) {
      const auto* quantise = std::get_if<graph::Quantise>(&graph_.steps[i].operation);
      if (quantise == nullptr || fixed[static_cast<std::size_t>(quantise->scale)]) return;
      const auto flat = result.flatten();
      // An odd step meets every column of an even width in turn.
      const std::int64_t step = (flat.numel() * batches / kSample) | 1;
      parts[static_cast<std::size_t>(quantise->scale)].push_back(
          flat.slice(0, 0, flat.numel(), step).clone());
    };
    for_each_batch(TorchModel(graph_), {.quantised = false, .observer = observer});
    std::vector<at::Tensor> all;
    for (const auto& part : parts) all.push_back(part.empty() ? at::Tensor() : at::cat(part));
    return all;
  }

  void choose_activation_scales() {
    const auto fixed = graph::fixed_scales(graph_);
    const auto values = samples(fixed);
    std::vector<IntRange> ranges(graph_.scales.size());
    for (const auto& step : graph_.steps) {
      // Of quantisers that share a scale, the one with most codes below and above.
      if (const auto* quantise = std::get_if<graph::Quantise>(&step.operation)) {
        IntRange& range = ranges[static_cast<std::size_t>(quantise->scale)];
        range = range.united(quantise->range());
      }
    }
    for (std::size_t k = 0; k < values.size(); ++k) {
      if (values[k].defined())
        graph_.scales[k] = least_error_scales(values[k].reshape({1, -1}), ranges[k]).item<float>();
    }
  }

  /// The same images through both networks; each layer is corrected before its result goes on, so that later
  /// ones see what the correction leaves.
  void correct_biases() {
    const TorchModel model(graph_);
    const auto pixels = pixels_of(images_, 0, std::min(count_, kCorrectionImages));
    std::vector<at::Tensor> wanted(graph_.steps.size());
    const Observer mean = [&](std::size_t i, at::Tensor& result) {
      if (graph_.steps[i].weights() != nullptr) wanted[i] = result.mean({0, 2, 3}, false, at::kDouble);
    };
    (void)model.forward(pixels, {.quantised = false, .observer = mean});
    const Observer observer = [&](std::size_t i, at::Tensor& result) {
      graph::Weights* weights = graph_.steps[i].weights();
      if (weights == nullptr) return;
      const auto error = wanted[i] - result.mean({0, 2, 3}, false, at::kDouble);
      result = result + error.to(at::kFloat).reshape({1, -1, 1, 1});
      weights->bias.resize(weights->outputs(), 0);
      const auto* correction = error.data_ptr<double>();
      for (std::size_t c = 0; c < weights->outputs(); ++c)
        weights->bias[c] = static_cast<float>(double{weights->bias[c]} + correction[c]);
    };
    (void)model.forward(pixels, {.observer = observer});
  }

  graph::Graph graph_;
  const data::ImageSet& images_;
  std::size_t count_;
};

}  // namespace

Result<graph::Graph> quantise(const graph::Graph& graph, const data::ImageSet& images,
                              const CalibrationOptions& options) {
  if (const auto shapes = graph::shapes(graph); !shapes) return shapes.errors();
  if (const auto status = check_frames(graph, images); !status) return status.errors();
  if (images.count() == 0 || options.images == 0)
    return make_diagnostic(diagnostics::kCalibration, graph.name,
                           {std::to_string(std::min(images.count(), options.images))});
  set_threads(options.threads);
  const at::NoGradGuard no_gradients;
  auto placed = graph::place(graph::without_quantisers(graph), options.place);
  return Calibration(std::move(placed), images, options.images).run();
}

}  // namespace bitmason::qat
