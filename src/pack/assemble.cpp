#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#include "pack/digits.hpp"
#include "pack/packing.hpp"

namespace bitmason::pack {

namespace {

/// Bits of the plain binary code of `count` spans, saturated: a sum beyond int64 needs more than any field
/// has.
int bits_of(std::int64_t span, std::int64_t count) {
  if (span > std::numeric_limits<std::int64_t>::max() / count) return 64;
  return std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(span * count))));
}

/// Blocks of the family where the layout leaves them to be derived.
void normalise(Layout& layout) {
  if (layout.family == Family::OuterProduct) layout.taps = layout.pixels = 1;
  if (layout.family == Family::Convolution) {
    layout.taps = static_cast<int>(layout.weight_offsets.size());
    layout.pixels = static_cast<int>(layout.activation_offsets.size());
  }
}

/// What keeps a field with this step from being negative, per read or per product.
std::int64_t bias_of(const Packing& packing, const IntRange& step) {
  if (packing.rule == Rule::GuardBits) return -step.lo * packing.accumulations;
  return packing.ports.cycle_constant ? -step.lo : 0;
}

}  // namespace

Packing assemble(const PackingProblem& problem, const Layout& layout, int accumulations) {
  assert(accumulations >= 1);
  Packing packing;
  static_cast<Layout&>(packing) = layout;
  normalise(packing);
  packing.ports = problem.ports;
  packing.weight = problem.weight;
  packing.activation = problem.activation;
  packing.fields = fields_of(layout.weight_offsets, layout.activation_offsets);
  packing.accumulations = accumulations;
  const std::vector<IntRange> steps = step_ranges(packing);
  std::uint64_t bias = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    Field& field = packing.fields[k];
    const bool top = k + 1 == packing.fields.size();
    const bool canary = packing.rule == Rule::Canary;
    const int room = packing.gap(k) + (top || canary ? 0 : packing.side_bits);
    field.width = canary ? room : std::min(room, bits_of(steps[k].span(), accumulations));
    // Unsigned arithmetic: an assembled packing may be unsound, and its bias then only has to be wrong.
    bias += static_cast<std::uint64_t>(bias_of(packing, steps[k])) << field.offset;
  }
  packing.bias = static_cast<std::int64_t>(bias);
  return packing;
}

std::int64_t Packing::field_bias(std::size_t field) const {
  return bias_of(*this, step_ranges(*this)[field]);
}

int Packing::gap(std::size_t field) const {
  const int end = field + 1 < fields.size() ? fields[field + 1].offset : ports.accumulator_bits;
  return end - fields[field].offset;
}

}  // namespace bitmason::pack
