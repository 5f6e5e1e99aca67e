#include <algorithm>

#include "plan/cost.hpp"
#include "plan/fifos.hpp"
#include "plan/search.hpp"

namespace bitmason::plan {

namespace {

/// Depth of a frame's FIFO where the frame is smaller than the pipelines of a branch.
constexpr std::int64_t kLeastBeats = 32;

}  // namespace

std::vector<FifoPlan> whole_frame_fifos(const ir::Network& network, const std::vector<LayerPlan>& layers) {
  std::vector<FifoPlan> fifos;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const auto& inputs = network.layers()[k].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const ir::Layer& producer = network.layers()[static_cast<std::size_t>(inputs[i].index)];
      const int channels = layers[static_cast<std::size_t>(inputs[i].index)].channels_per_beat;
      const int width = channels * producer.type.range.bits();
      const std::int64_t beats =
          std::max<std::int64_t>(kLeastBeats, producer.type.shape.elements() / channels);
      fifos.push_back({.producer = producer.name,
                       .consumer = layers[k].layer,
                       .input = static_cast<int>(i),
                       .depth = static_cast<int>(beats),
                       .channels = channels,
                       .width = width,
                       .memory = fifo_memory(width, beats)});
    }
  }
  return fifos;
}

MemoryKind fifo_memory(int width, std::int64_t depth) {
  return cheaper_memory(width, depth, false);
}

void replace_fifos(Plan& plan, std::vector<FifoPlan> fifos) {
  const auto consumer_of = [&](const FifoPlan& fifo) {
    return std::find_if(plan.layers.begin(), plan.layers.end(),
                        [&](const LayerPlan& layer) { return layer.layer == fifo.consumer; });
  };
  for (const FifoPlan& fifo : plan.fifos) {
    const Resources cost = fifo_cost(fifo.width, fifo.depth, fifo.memory);
    const auto layer = consumer_of(fifo);
    layer->luts = Luts(layer->luts.value - cost.luts.value);
    layer->flip_flops = FlipFlops(layer->flip_flops.value - cost.flip_flops.value);
    layer->bram18s = Bram18s(layer->bram18s.value - cost.bram18s.value);
  }
  plan.fifos = std::move(fifos);
  for (const FifoPlan& fifo : plan.fifos) {
    const Resources cost = fifo_cost(fifo.width, fifo.depth, fifo.memory);
    const auto layer = consumer_of(fifo);
    layer->luts += cost.luts;
    layer->flip_flops += cost.flip_flops;
    layer->bram18s += cost.bram18s;
  }
  plan.total = total_of(plan.layers);
}

}  // namespace bitmason::plan
