#pragma once

#include <cstdint>

#include "device/device.hpp"
#include "plan/conv_geometry.hpp"
#include "plan/plan.hpp"

/// Estimates of what the modules of rtl/ cost, by simple formulas whose coefficients stand in
/// devices/planning_costs.json (a constant of the build: cmake/PlanningCosts.cmake). Every figure is an
/// estimate of what Yosys counts; docs/planning.md says how the coefficients were found.
namespace bitmason::plan {

Resources operator+(const Resources& a, const Resources& b);

/// Half blocks of 18 kbit of a memory with one write and one read port.
std::int64_t block_memory(std::int64_t width, std::int64_t depth);
/// The same of bm_ram, which cuts words into parts of 36 bits.
std::int64_t written_block_memory(std::int64_t width, std::int64_t depth);
/// Blocks of 4,096 words of 72 bits of bm_ram; they have no initial contents.
std::int64_t ultra_memory(std::int64_t width, std::int64_t depth);
/// LUTs of a RAM in LUTs, output multiplexers included.
std::int64_t lut_memory(std::int64_t width, std::int64_t depth);
/// LUTs of a ROM in LUTs.
std::int64_t lut_rom(std::int64_t width, std::int64_t depth);

/// Words and bits of memories of one shape.
struct MemoryShape {
  std::int64_t width = 0;
  std::int64_t depth = 0;
  std::int64_t count = 1;
};
/// A memory of either kind; `read_only` ones cost less in LUTs.
Resources memory_cost(MemoryKind kind, std::int64_t width, std::int64_t depth, bool read_only);
Resources memory_cost(MemoryKind kind, const MemoryShape& shape, bool read_only);
/// The kind that takes the smaller share of a typical part.
MemoryKind cheaper_memory(std::int64_t width, std::int64_t depth, bool read_only);

/// Widths that the engine's cost depends on.
struct ConvWidths {
  int weight_bits = 1;
  int activation_bits = 1;
  int output_bits = 1;
};
ConvWidths widths_of(const ir::Network& network, const ir::Layer& layer);

/// bm_conv without its weight memory and line buffer: multipliers, field sums, result buffer, control.
Resources conv_logic_cost(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths);

MemoryShape weight_shape(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths);
MemoryShape line_shape(const ConvGeometry& geometry, const ConvPlan& plan, const ConvWidths& widths);

/// Requantisation, pools, joins and rearrangements at `plan.channels_per_beat`.
Resources other_cost(const ir::Network& network, const ir::Layer& layer, const LayerPlan& plan);

/// bm_fifo of `depth` beats, or a register slice where depth <= 2.
Resources fifo_cost(std::int64_t width, std::int64_t depth, MemoryKind kind);

/// bm_repack between two widths of channels.
Resources repack_cost(std::int64_t bits, int from, int to);

}  // namespace bitmason::plan
