#include "plan/verify_external.hpp"

#include <fmt/format.h>

namespace bitmason::plan {

namespace {

/// Bytes that the engine reads per frame: counted row by row and word by word.
std::int64_t bytes_read(const ir::Layer& layer, const ConvPlan& conv, const ConvGeometry& geometry) {
  const auto& weights = std::get<ir::Conv>(layer.operation).weights;
  const std::int64_t products =
      std::int64_t{weights.kernel_h} * weights.kernel_w * geometry.in.channels * weights.out_channels;
  const auto operands = static_cast<std::int64_t>(conv.packing.weight_offsets.size());
  const std::int64_t in_word = std::int64_t{conv.simd} * conv.kernel_rows * conv.columns * operands;
  const std::int64_t words = products / in_word;
  const std::int64_t bits = in_word * geometry.weight.united({-1, 0}).bits();
  std::int64_t beats = 0;
  std::int64_t room = 0;
  for (std::int64_t word = 0; word < words; ++word) {
    // A word begins a new beat where the rest of the last one does not hold it whole.
    if (room >= bits) {
      room -= bits;
      continue;
    }
    const std::int64_t own = (bits + conv.memory_port - 1) / conv.memory_port;
    beats += own;
    room = own == 1 ? conv.memory_port - bits : 0;
  }
  return beats * conv.memory_port / 8 * geometry.out.height;
}

}  // namespace

std::string external_fault(const ir::Layer& layer, const LayerPlan& plan, const ConvGeometry& geometry,
                           int port_bits) {
  const ConvPlan& conv = *plan.conv;
  if (!conv.external()) {
    return plan.traffic.value == 0
               ? ""
               : fmt::format("{} bytes a frame are read for resident weights", plan.traffic.value);
  }
  if (conv.memory_port != port_bits)
    return fmt::format("beats of {} bits come from a port of {} bits", conv.memory_port, port_bits);
  if (conv.depthwise || conv.pe() == geometry.out.channels)
    return "there is one group of channels only, or it is depthwise";
  const std::int64_t bytes = bytes_read(layer, conv, geometry);
  if (bytes == plan.traffic.value) return "";
  return fmt::format("{} bytes a frame are stated and the loops read {}", plan.traffic.value, bytes);
}

}  // namespace bitmason::plan
