#pragma once

#include <vector>

#include "hw/builder.hpp"
#include "plan/conv_geometry.hpp"

/// One function per kind of layer: each adds the layer's instances and returns the stream of its tensor.
namespace bitmason::hw {

/// What every layer needs to be lowered.
struct LayerContext {
  const ir::Network& network;
  const ir::Layer& layer;
  const plan::LayerPlan& plan;
  const device::Primitive& primitive;
  Builder& builder;
  std::vector<StreamId> inputs;  ///< in the layer's order, in whatever channels per beat and format they have

  [[nodiscard]] const ir::Shape& input_shape(std::size_t k = 0) const {
    return network.type(layer.inputs[k]).shape;
  }
  /// The layer's output stream before any instance drives it.
  [[nodiscard]] StreamId output(const Format& format) const;
  /// A stream of an intermediate value of the layer, which is no tensor of the network.
  [[nodiscard]] StreamId partial(const Format& format) const;
  /// The input as the module wants it; its chain of `ready` has room for the module.
  [[nodiscard]] StreamId prepared(std::size_t k, int channels, const Format& format) const;
  void add(std::string module, Parameters parameters, std::vector<Binding> inputs, StreamId out,
           bool breaks_ready = false, std::vector<std::string> idle = {}) const;
};

StreamId lower_conv(const LayerContext& context, const ir::Conv& conv);
/// A Conv whose plan has constant weights.
StreamId lower_dots(const LayerContext& context, const ir::Conv& conv);
StreamId lower_max_pool(const LayerContext& context, const ir::MaxPool& pool);
StreamId lower_sum_pool(const LayerContext& context, const ir::SumPool& pool);
StreamId lower_add(const LayerContext& context, const ir::Add& add);
StreamId lower_concat(const LayerContext& context);
StreamId lower_space_to_depth(const LayerContext& context, const ir::SpaceToDepth& operation);
StreamId lower_depth_to_space(const LayerContext& context, const ir::DepthToSpace& operation);
StreamId lower_upsample(const LayerContext& context, const ir::Upsample& operation);
StreamId lower_requantise(const LayerContext& context, const ir::Requantise& operation);

/// Content of the engine's weight memory; word `group * L + step` as docs/hardware.md says.
MemoryFile weight_memory(const ir::Conv& conv, const ir::Shape& in, const plan::ConvPlan& plan,
                         int weight_bits);

/// Words of bm_conv's bias memory, `bits` a channel; where codes are centred with what the sums lack, a set
/// of words for each class of output columns (docs/hardware.md).
MemoryFile bias_memory(const ir::Conv& conv, const plan::ConvGeometry& geometry, const plan::ConvPlan& plan,
                       int bits);

}  // namespace bitmason::hw
