#include "plan/layer_variants.hpp"

#include <algorithm>

namespace bitmason::plan {

namespace {

bool has_memory(const ir::Layer& layer) {
  return std::holds_alternative<ir::MaxPool>(layer.operation) ||
         std::holds_alternative<ir::SumPool>(layer.operation) ||
         std::holds_alternative<ir::SpaceToDepth>(layer.operation) ||
         std::holds_alternative<ir::DepthToSpace>(layer.operation) ||
         std::holds_alternative<ir::Upsample>(layer.operation);
}

}  // namespace

ScaleBits scale_bits(const ir::ScaleShift& form, const IntRange& accumulator) {
  const auto [lo, hi] = std::ranges::minmax(form.multiplier);
  return {IntRange{lo, hi}.united({-1, 0}).bits(), accumulator.united({-1, 0}).bits()};
}

bool fits_multiplier(const ScaleBits& bits, const device::Primitive& primitive) {
  const auto [few, many] = std::minmax(bits.multiplier, bits.accumulator);
  constexpr int kMostProductBits = 48;
  return few <= primitive.narrow_bits && many <= primitive.wide_bits && few + many <= kMostProductBits;
}

std::vector<LayerPlan> variants_of(const ir::Layer& layer, const LayerPlan& base,
                                   const std::optional<ir::ScaleShift>& scale_shift, bool in_dsp) {
  std::vector<LayerPlan> variants{base};
  if (has_memory(layer)) {
    variants.push_back(base);
    variants.back().memory = MemoryKind::Block;
  }
  const auto* requantise = std::get_if<ir::Requantise>(&layer.operation);
  if (requantise == nullptr) return variants;
  const bool is_scale = std::holds_alternative<ir::ScaleShift>(requantise->form);
  variants[0].requantise = is_scale ? RequantiseForm::ScaleShift : RequantiseForm::Thresholds;
  if (!is_scale && scale_shift) {
    variants.push_back(base);
    variants.back().requantise = RequantiseForm::ScaleShift;
    variants.back().scale_shift = scale_shift;
  }
  if (in_dsp && variants.back().requantise == RequantiseForm::ScaleShift) {
    variants.push_back(variants.back());
    variants.back().scale_in_dsp = true;
  }
  return variants;
}

}  // namespace bitmason::plan
