#include "plan/streams.hpp"

#include <algorithm>
#include <numeric>

#include "plan/external.hpp"
#include "plan/layer_choices.hpp"

namespace bitmason::plan {

std::int64_t stream_beats(const ir::Network& network, const std::vector<LayerPlan>& layers, std::size_t layer,
                          ir::TensorId input) {
  const int sends = layers[static_cast<std::size_t>(input.index)].channels_per_beat;
  return network.type(input).shape.elements() / std::gcd(sends, input_channels(layers[layer]));
}

Resources width_change_cost(std::int64_t bits, int from, int to) {
  const int common = std::gcd(from, to);
  if (common == from || common == to) return repack_cost(bits, from, to);
  return repack_cost(bits, from, common) + repack_cost(bits, common, to);
}

Cycles interval_of(const ir::Network& network, const std::vector<LayerPlan>& layers, std::size_t k) {
  const ir::Layer& layer = network.layers()[k];
  const auto& conv = layers[k].conv;
  const std::int64_t silent =
      conv && conv->external() ? external_silence(geometry_of(network, layer), *conv) : 0;
  Cycles interval =
      std::max(layers[k].cycles, Cycles(layer.type.shape.elements() / layers[k].channels_per_beat + silent));
  for (const ir::TensorId input : layer.inputs)
    interval = std::max(interval, Cycles(stream_beats(network, layers, k, input)));
  return interval;
}

Cycles interval_of(const ir::Network& network, const std::vector<LayerPlan>& layers) {
  Cycles interval;
  for (std::size_t k = 0; k < layers.size(); ++k)
    interval = std::max(interval, interval_of(network, layers, k));
  return interval;
}

}  // namespace bitmason::plan
