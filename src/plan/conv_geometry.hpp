#pragma once

#include <cstdint>
#include <optional>

#include "ir/network.hpp"
#include "plan/plan.hpp"

/// What rtl/bm_conv.sv sees of a Conv layer: shared by the planner's cost and by the lowering.
namespace bitmason::plan {

struct ConvGeometry {
  ir::Window window;
  ir::Shape in;
  ir::Shape out;
  bool depthwise = false;  ///< groups == channels == output channels, more than one
  IntRange weight;         ///< of the values multiplied: the actual weights, and 0
  IntRange activation;     ///< of the values multiplied: the input's range, the padding and 0

  /// Pixels of a row that the engine walks: input columns (Convolution family, with real padding columns
  /// where the padding is not 0) or output columns.
  [[nodiscard]] int columns(pack::Family family) const;
  bool real_padding_columns = false;

  /// Half the code range of unsigned activations, which the engine may take off before it multiplies; nothing
  /// where it cannot: signed codes, or a family Convolution whose padding is not 0 or covers every column.
  [[nodiscard]] std::optional<int> centre(pack::Family family) const;
  /// Classes of output columns whose sums lack different parts of a centre: as many as padding columns of
  /// family Convolution, which are skipped, and one.
  [[nodiscard]] int centre_classes(pack::Family family) const;
};

/// Grouped convolutions that are neither dense nor depthwise count as dense with zero weights.
ConvGeometry geometry_of(const ir::Network& network, const ir::Layer& layer);

/// Cycles of a frame by the loop order of docs/hardware.md.
Cycles conv_cycles(const ConvGeometry& geometry, const ConvPlan& plan);

/// DSPs of the layer: one per lane and column, none where the multipliers are LUTs.
Dsps conv_dsps(const ConvPlan& plan);

/// Steps of one output block: one cycle each.
std::int64_t conv_steps(const ConvGeometry& geometry, const ConvPlan& plan);

/// Rows the line buffer holds so that the next rows, and the next frame's first, arrive while a row is
/// computed, also from a stream that is as slow as the engine.
int line_rows(const ConvGeometry& geometry, const ConvPlan& plan);

}  // namespace bitmason::plan
