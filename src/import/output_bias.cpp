#include "import/output_bias.hpp"

#include <algorithm>

#include "import/function.hpp"

namespace bitmason::import {

namespace {

constexpr int kMaxAccumulatorBits = 32;

/// The one output port that reads the layer; null where there are several or none, or a layer reads it too.
const ir::OutputPort* only_port(const ir::Network& network, int layer) {
  const ir::OutputPort* only = nullptr;
  for (const ir::OutputPort& port : network.outputs()) {
    if (port.layer != layer) continue;
    if (only != nullptr) return nullptr;
    only = &port;
  }
  return network.users({layer}).empty() ? only : nullptr;
}

/// offset / scale per channel where all are integers and one is not zero.
std::optional<std::vector<std::int64_t>> integer_bias(const ir::AffineStep& affine, int channels) {
  std::vector<std::int64_t> bias;
  for (int c = 0; c < channels; ++c) {
    const Rational& scale = row(affine.scale, c);
    if (scale.sign() == 0) return std::nullopt;
    const auto code = (row(affine.offset, c) / scale).to_int64();
    if (!code) return std::nullopt;
    bias.push_back(*code);
  }
  if (std::ranges::all_of(bias, [](std::int64_t b) { return b == 0; })) return std::nullopt;
  return bias;
}

/// The layer with the offset of its output as bias; nothing where it cannot have one.
std::optional<ir::Conv> with_bias(const ir::Network& network, int index) {
  const ir::Layer& layer = network.layers()[static_cast<std::size_t>(index)];
  const auto* conv = std::get_if<ir::Conv>(&layer.operation);
  const ir::OutputPort* port = only_port(network, index);
  if (conv == nullptr || !conv->bias.empty() || port == nullptr || port->dequantise.empty())
    return std::nullopt;
  const auto* affine = std::get_if<ir::AffineStep>(&port->dequantise.front());
  if (affine == nullptr) return std::nullopt;
  auto bias = integer_bias(*affine, layer.type.shape.channels);
  if (!bias) return std::nullopt;
  // Beyond this bound the sum has more bits whatever it is added to.
  constexpr std::int64_t kLimit = std::int64_t{1} << (kMaxAccumulatorBits - 1);
  if (std::ranges::any_of(*bias, [](std::int64_t b) { return b >= kLimit || b < -kLimit; }))
    return std::nullopt;
  ir::Conv result = *conv;
  result.bias = *std::move(bias);
  return result;
}

}  // namespace

Result<ir::Network> move_output_biases(const ir::Network& network) {
  ir::NetworkBuilder builder(network.name());
  std::vector<bool> moved(network.layers().size(), false);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const ir::Layer& layer = network.layers()[i];
    if (const auto* input = std::get_if<ir::Input>(&layer.operation)) {
      const auto port = std::ranges::find(network.inputs(), static_cast<int>(i), &ir::InputPort::layer);
      if (auto added = builder.add_input(layer.name, input->type, *port); !added) return added.errors();
      continue;
    }
    ir::Operation operation = layer.operation;
    if (auto conv = with_bias(network, static_cast<int>(i))) {
      ir::NetworkBuilder trial = builder;
      const auto added = trial.add(layer.name, *conv, layer.inputs);
      moved[i] = added.ok() && trial.type(*added).range.bits() <= kMaxAccumulatorBits;
      if (moved[i]) operation = *std::move(conv);
    }
    if (auto added = builder.add(layer.name, std::move(operation), layer.inputs); !added)
      return added.errors();
  }
  for (ir::OutputPort port : network.outputs()) {
    if (moved[static_cast<std::size_t>(port.layer)])
      std::get<ir::AffineStep>(port.dequantise.front()).offset = {Rational(0)};
    if (auto added = builder.add_output(std::move(port)); !added) return added.errors();
  }
  return std::move(builder).build();
}

}  // namespace bitmason::import
