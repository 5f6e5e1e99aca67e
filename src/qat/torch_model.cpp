#include "qat/torch_model_internal.hpp"

#include <cmath>

#include "graph/initialise.hpp"
#include "qat/torch_windows_internal.hpp"

namespace bitmason::qat {
namespace {

constexpr double kBatchNormMomentum = 0.1;

at::Tensor trainable(at::Tensor tensor) {
  return tensor.set_requires_grad(true);
}

/// (1 or O, 1, ...) of the rank of the weights.
at::Tensor step_of(const graph::WeightQuantiser& quantiser, const at::Tensor& weights) {
  if (quantiser.scales.empty()) return initial_step(weights, quantiser.range(), quantiser.per_channel);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(weights.dim()), 1);
  shape[0] = static_cast<std::int64_t>(quantiser.scales.size());
  return tensor_of(quantiser.scales).reshape(shape);
}

StepTensors tensors_of(const graph::Step& step, bool last) {
  StepTensors tensors;
  if (const auto* weights = step.weights()) {
    tensors.weights = tensor_of(weights->values).reshape(weights->shape);
    tensors.weight_step = trainable(step_of(weights->quantiser, tensors.weights));
    trainable(tensors.weights);
    if (!weights->bias.empty()) tensors.bias = trainable(tensor_of(weights->bias));
    tensors.quantiser = learned_step(weights->quantiser, last);
  }
  if (const auto* norm = std::get_if<graph::BatchNorm>(&step.operation)) {
    tensors.gain = trainable(tensor_of(norm->gain));
    tensors.offset = trainable(tensor_of(norm->offset));
    tensors.mean = tensor_of(norm->mean);
    tensors.variance = tensor_of(norm->variance);
  }
  if (const auto* quantise = std::get_if<graph::Quantise>(&step.operation))
    tensors.quantiser = learned_step(*quantise);
  return tensors;
}

/// One step on real numbers.
struct Apply {
  const StepTensors& tensors;
  const std::vector<at::Tensor>& in;
  const PassOptions& options;
  const std::vector<at::Tensor>& scales;
  bool of_image = false;

  [[nodiscard]] at::Tensor weights() const {
    return options.quantised ? tensors.quantiser(tensors.weights, tensors.weight_step) : tensors.weights;
  }
  at::Tensor operator()(const graph::Conv& conv) const {
    const auto& w = conv.window;
    const bool even = w.pad_top == w.pad_bottom && w.pad_left == w.pad_right;
    const std::int64_t pads[] = {even ? w.pad_top : 0, even ? w.pad_left : 0};
    return at::conv2d(even ? in[0] : padded(in[0], w, 0), weights(), tensors.bias, {w.stride_h, w.stride_w},
                      pads, {1, 1}, conv.groups);
  }
  at::Tensor operator()(const graph::Linear&) const {
    return at::linear(in[0].flatten(1), weights(), tensors.bias).unsqueeze(2).unsqueeze(3);
  }
  at::Tensor operator()(const graph::BatchNorm& norm) const {
    const bool training = options.training && norm.epsilon > 0;
    return at::batch_norm(in[0], tensors.gain, tensors.offset, tensors.mean, tensors.variance, training,
                          kBatchNormMomentum, norm.epsilon, false);
  }
  at::Tensor operator()(const graph::Relu&) const { return in[0].relu(); }
  at::Tensor operator()(const graph::MaxPool& pool) const { return max_pool(in[0], pool.window); }
  at::Tensor operator()(const graph::AveragePool& pool) const {
    return sum_pool(in[0], pool.window) / static_cast<double>(pool.window.kernel_h * pool.window.kernel_w);
  }
  at::Tensor operator()(const graph::Add&) const { return in[0] + in[1]; }
  at::Tensor operator()(const graph::Concat&) const { return at::cat(in, 1); }
  at::Tensor operator()(const graph::SpaceToDepth& depth) const { return space_to_depth(in[0], depth.block); }
  at::Tensor operator()(const graph::Flatten&) const { return in[0].reshape({in[0].size(0), -1, 1, 1}); }
  at::Tensor operator()(const graph::Quantise& quantise) const {
    if (!options.quantised && !of_image) return in[0];
    return tensors.quantiser(in[0], scales[static_cast<std::size_t>(quantise.scale)]);
  }
};

}  // namespace

std::vector<float> floats_of(const at::Tensor& tensor) {
  const auto flat = tensor.detach().to(at::kFloat).contiguous();
  const auto* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

at::Tensor tensor_of(const std::vector<float>& values) {
  return at::tensor(values, at::kFloat);
}

TorchModel::TorchModel(graph::Graph graph) : graph_(std::move(graph)), fixed_(graph::fixed_scales(graph_)) {
  for (const auto& step : graph_.steps) steps_.push_back(tensors_of(step, &step == &graph_.steps.back()));
  for (std::size_t i = 0; i < graph_.scales.size(); ++i) {
    scales_.push_back(at::full({1}, graph_.scales[i], at::kFloat));
    if (!fixed_[i]) trainable(scales_.back());
  }
}

at::Tensor TorchModel::forward(const at::Tensor& pixels, const PassOptions& options) const {
  std::vector<at::Tensor> values{pixels * graph_.pixel};
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const auto& step = graph_.steps[i];
    std::vector<at::Tensor> in;
    for (const int input : step.inputs) in.push_back(values[static_cast<std::size_t>(input)]);
    const auto* quantise = std::get_if<graph::Quantise>(&step.operation);
    const bool of_image = quantise != nullptr && fixed_[static_cast<std::size_t>(quantise->scale)];
    auto result = std::visit(Apply{steps_[i], in, options, scales_, of_image}, step.operation);
    if (options.observer) options.observer(i, result);
    values.push_back(std::move(result));
  }
  return values.back();
}

void TorchModel::initialise_scales(const at::Tensor& pixels) {
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> reals{pixels * graph_.pixel};
  // The observer sees a step's result, so the input of a quantiser is what came before it: quantisers whose
  // scale is open pass real numbers on and are applied here.
  const auto open = [&](int scale) { return scales_[static_cast<std::size_t>(scale)].item<float>() == 0; };
  const Observer observer = [&](std::size_t i, at::Tensor& result) {
    reals.push_back(result);
    const auto* quantise = std::get_if<graph::Quantise>(&graph_.steps[i].operation);
    if (quantise == nullptr) return;
    auto& scale = scales_[static_cast<std::size_t>(quantise->scale)];
    const auto& x = reals[static_cast<std::size_t>(graph_.steps[i].inputs[0])];
    if (open(quantise->scale)) scale.copy_(initial_step(x, quantise->range(), false).reshape({1}));
    result = steps_[i].quantiser(x, scale);
    reals.back() = result;
  };
  (void)forward(pixels, {.training = true, .observer = observer});
}

std::vector<Parameter> TorchModel::parameters() const {
  std::vector<Parameter> all;
  const bool quantised = graph::is_quantised(graph_);
  const auto add = [&](const at::Tensor& tensor, Role role) {
    if (tensor.defined()) all.push_back({tensor, role});
  };
  for (const auto& step : steps_) {
    add(step.weights, Role::Weight);
    add(step.bias, Role::Affine);
    if (quantised) add(step.weight_step, Role::Step);
    add(step.gain, Role::Affine);
    add(step.offset, Role::Affine);
  }
  for (std::size_t i = 0; i < scales_.size(); ++i) {
    if (!fixed_[i]) add(scales_[i], Role::Step);
  }
  return all;
}

std::vector<at::Tensor> TorchModel::statistics() const {
  std::vector<at::Tensor> all;
  for (const auto& step : steps_) {
    if (step.mean.defined()) all.insert(all.end(), {step.mean, step.variance});
  }
  return all;
}

std::vector<at::Tensor> TorchModel::state() const {
  std::vector<at::Tensor> all;
  for (const auto& parameter : parameters()) all.push_back(parameter.tensor);
  const auto running = statistics();
  all.insert(all.end(), running.begin(), running.end());
  return all;
}

graph::Graph TorchModel::trained() const {
  const at::NoGradGuard no_gradients;
  graph::Graph result = graph_;
  const bool quantised = graph::is_quantised(graph_);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    graph::Step& step = result.steps[i];
    const auto& tensors = steps_[i];
    if (graph::Weights* weights = step.weights()) {
      weights->values = floats_of(tensors.weights);
      if (tensors.bias.defined()) weights->bias = floats_of(tensors.bias);
      const bool last = i + 1 == steps_.size();
      const auto scale = last ? nearest_power_of_two(tensors.weight_step) : tensors.weight_step;
      if (quantised) weights->quantiser.scales = floats_of(scale);
    }
    if (auto* norm = std::get_if<graph::BatchNorm>(&step.operation)) {
      norm->gain = floats_of(tensors.gain);
      norm->offset = floats_of(tensors.offset);
      norm->mean = floats_of(tensors.mean);
      norm->variance = floats_of(tensors.variance);
    }
  }
  for (std::size_t i = 0; i < scales_.size(); ++i) result.scales[i] = scales_[i].item<float>();
  return result;
}

}  // namespace bitmason::qat
