#include "qat/torch_model_internal.hpp"

#include <cmath>
#include <span>

#include "qat/torch_quantiser_internal.hpp"

namespace bitmason::qat {
namespace {

constexpr double kBatchNormMomentum = 0.1;

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};

at::Tensor trainable(at::Tensor tensor) {
  return tensor.set_requires_grad(true);
}

WeightTensors initial_weights(std::vector<std::int64_t> shape, int bits, bool power_of_two, Random& random) {
  auto real = at::empty(shape, at::kFloat);
  const auto fan_in = static_cast<double>(real.numel()) / static_cast<double>(shape[0]);
  for (auto& value : std::span(real.data_ptr<float>(), static_cast<std::size_t>(real.numel())))
    value = static_cast<float>(random.normal() * std::sqrt(2 / fan_in));
  WeightTensors weights{.real = real, .log_scale = {}, .bits = bits, .power_of_two = power_of_two};
  const auto size = power_of_two ? real.abs().mean().reshape({1, 1})
                                 : real.abs().flatten(1).mean(1).reshape({shape[0], 1, 1, 1});
  weights.log_scale = trainable((size * (2 / std::sqrt(weights.hi()))).log2());
  trainable(weights.real);
  return weights;
}

std::vector<float> floats(const at::Tensor& tensor) {
  const auto flat = tensor.detach().contiguous();
  const auto* data = flat.data_ptr<float>();
  return {data, data + flat.numel()};
}

std::vector<std::int32_t> codes(const at::Tensor& real, const at::Tensor& scale, double lo, double hi) {
  const auto flat = (real.detach() / scale).clamp(lo, hi).round().to(at::kInt).contiguous();
  const auto* data = flat.data_ptr<std::int32_t>();
  return {data, data + flat.numel()};
}

QuantisedWeights exported(const WeightTensors& weights) {
  const auto scale = weights.scale().detach();
  return {.shape = weights.real.sizes().vec(),
          .bits = weights.bits,
          .codes = codes(weights.real, scale, -weights.hi(), weights.hi()),
          .scales = floats(scale)};
}

at::Tensor bias_scale(const DenseTensors& dense) {
  return dense.weights.scale().detach().reshape({1}) * dense.input_scale;
}

at::Tensor apply(const ConvTensors& conv, const at::Tensor& x) {
  const auto sums = at::conv2d(x, conv.weights.quantised(), {}, 1, conv.weights.real.size(2) / 2);
  const auto normal = at::batch_norm(sums, conv.gain, conv.offset, conv.mean, conv.variance, true,
                                     kBatchNormMomentum, kBatchNormEpsilon, false);
  return quantised_relu(normal, activation_scale(conv.activation_bits), (1 << conv.activation_bits) - 1);
}

at::Tensor apply(const MaxPoolSpec&, const at::Tensor& x) {
  return at::max_pool2d(x, 2);
}

at::Tensor apply(const DenseTensors& dense, const at::Tensor& x) {
  constexpr double kHalf = 1 << (kBiasBits - 1);
  const auto bias = quantise(dense.bias, bias_scale(dense), -kHalf, kHalf - 1);
  return at::linear(x.flatten(1), dense.weights.quantised(), bias);
}

}  // namespace

at::Tensor WeightTensors::scale() const {
  return at::exp2(power_of_two ? round_through(log_scale) : log_scale);
}

at::Tensor WeightTensors::quantised() const {
  return quantise(real, scale(), -hi(), hi());
}

double activation_scale(int bits) {
  return std::ldexp(1.0, 2 - bits);
}

TorchModel::TorchModel(const NetworkSpec& spec, Random random) : spec_(spec) {
  const auto shapes = output_shapes(spec);
  auto in = spec.input;
  double scale = 1;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const auto make = Overloaded{
        [&](const ConvSpec& conv) -> Layer {
          scale = activation_scale(conv.activation_bits);
          return ConvTensors{
              .weights = initial_weights({conv.channels, in.channels, conv.kernel, conv.kernel},
                                         conv.weight_bits, false, random),
              .gain = trainable(at::ones({conv.channels})),
              .offset = trainable(at::zeros({conv.channels})),
              .mean = at::zeros({conv.channels}),
              .variance = at::ones({conv.channels}),
              .activation_bits = conv.activation_bits};
        },
        [&](const MaxPoolSpec& pool) -> Layer { return pool; },
        [&](const DenseSpec& dense) -> Layer {
          return DenseTensors{
              .weights = initial_weights({dense.classes, in.elements()}, dense.weight_bits, true, random),
              .bias = trainable(at::zeros({dense.classes})),
              .input_scale = scale};
        }};
    layers_.push_back(std::visit(make, spec.layers[i]));
    in = (*shapes)[i];
  }
}

at::Tensor TorchModel::forward(const at::Tensor& codes) const {
  auto x = codes;
  for (const auto& layer : layers_) x = std::visit([&](const auto& l) { return apply(l, x); }, layer);
  return x;
}

std::vector<at::Tensor> TorchModel::parameters() const {
  std::vector<at::Tensor> all;
  const auto add = [&](std::initializer_list<at::Tensor> tensors) { all.insert(all.end(), tensors); };
  for (const auto& layer : layers_) {
    if (const auto* conv = std::get_if<ConvTensors>(&layer))
      add({conv->weights.real, conv->weights.log_scale, conv->gain, conv->offset});
    if (const auto* dense = std::get_if<DenseTensors>(&layer))
      add({dense->weights.real, dense->weights.log_scale, dense->bias});
  }
  return all;
}

std::vector<at::Tensor> TorchModel::state() const {
  auto all = parameters();
  for (const auto& layer : layers_) {
    if (const auto* conv = std::get_if<ConvTensors>(&layer))
      all.insert(all.end(), {conv->mean, conv->variance});
  }
  return all;
}

TrainedNetwork TorchModel::trained() const {
  constexpr double kHalf = 1 << (kBiasBits - 1);
  const auto to_trained = Overloaded{
      [](const ConvTensors& conv) -> TrainedLayer {
        return TrainedConv{
            .weights = exported(conv.weights),
            .norm = {floats(conv.gain), floats(conv.offset), floats(conv.mean), floats(conv.variance)},
            .activation_bits = conv.activation_bits,
            .activation_scale = static_cast<float>(activation_scale(conv.activation_bits))};
      },
      [](const MaxPoolSpec& pool) -> TrainedLayer { return pool; },
      [](const DenseTensors& dense) -> TrainedLayer {
        return TrainedDense{.weights = exported(dense.weights),
                            .bias = codes(dense.bias, bias_scale(dense), -kHalf, kHalf - 1),
                            .input_scale = static_cast<float>(dense.input_scale)};
      }};
  TrainedNetwork network{spec_.name, spec_.input, {}};
  for (const auto& layer : layers_) network.layers.push_back(std::visit(to_trained, layer));
  return network;
}

}  // namespace bitmason::qat
