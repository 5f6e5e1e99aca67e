#include "qat/trained_network.hpp"

namespace bitmason::qat {
namespace {

struct ToSpec {
  LayerSpec operator()(const TrainedConv& conv) const {
    return ConvSpec{.channels = static_cast<int>(conv.weights.shape[0]),
                    .kernel = static_cast<int>(conv.weights.shape[2]),
                    .weight_bits = conv.weights.bits,
                    .activation_bits = conv.activation_bits};
  }
  LayerSpec operator()(const MaxPoolSpec& pool) const { return pool; }
  LayerSpec operator()(const TrainedDense& dense) const {
    return DenseSpec{.classes = static_cast<int>(dense.weights.shape[0]), .weight_bits = dense.weights.bits};
  }
};

}  // namespace

NetworkSpec spec_of(const TrainedNetwork& network) {
  NetworkSpec spec{network.name, network.input, {}};
  for (const auto& layer : network.layers) spec.layers.push_back(std::visit(ToSpec{}, layer));
  return spec;
}

}  // namespace bitmason::qat
