#pragma once

#include "plan/conv_options.hpp"

/// Convolutions whose weights come from external memory, once for every output row
/// (docs/weight_streaming.md).
namespace bitmason::plan {

/// How a layer's weights lie in external memory.
struct ExternalLayout {
  std::int64_t words = 0;  ///< of the weight memory
  std::int64_t beats = 0;  ///< of the memory port, one whole set of weights
  std::int64_t bytes = 0;  ///< of that set
};
ExternalLayout external_layout(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths);

/// Beats that the layer's FIFO behind the memory port holds: what arrives, at the rate at which a tile is
/// used up, while a burst waits for the memory and for eight other layers.
std::int64_t external_fifo_depth(const ConvGeometry& geometry, const ConvPlan& plan,
                                 const ConvWidths& widths);

/// Cycles of a frame in which the engine's rows change and nothing can be sent.
std::int64_t external_silence(const ConvGeometry& geometry, const ConvPlan& plan);

/// The option with its weights outside; nothing where that saves nothing: depthwise layers, one group of
/// output channels, few weights. `port_bits`: of a beat of the memory port.
std::optional<ConvOption> external_option(const ConvGeometry& geometry, const ConvOption& option,
                                          const ConvWidths& widths, int port_bits);

}  // namespace bitmason::plan
