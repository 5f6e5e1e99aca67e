#include "pack/cost.hpp"

#include <algorithm>
#include <bit>

#include "pack/digits.hpp"

namespace bitmason::pack {

namespace {

int bits_of(double value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// LUTs that recognise the carry into a field of `products` products from `bits` residue bits. The bit
/// products are registers that the inverted activation bit resets, so an AND costs none (docs/pack_array.md).
double watch_luts(int products, int bits) {
  if (bits == 0) return 0;
  if (bits == 1) return 1 + std::max(0, products - 4) / 5.0;
  if (bits == 2) return products <= 2 ? 3 : 4 + 1.5 * (products - 3);
  return bits + 2 + 2.5 * products * (bits - 2);
}

/// Share of one lane in a column's counters of a carry of `bits` bits: a compressor and an adder each.
double count_luts(int bits) {
  constexpr double kEach = 0.75;
  return kEach * bits;
}

/// A field read in every step and added up over lanes and steps.
double read_luts(int width, int reads, const ArrayShape& array) {
  return (reads - 1) * (width + 1) + std::max(array.sum_bits, width);
}

}  // namespace

double estimated_transform_luts(const Packing& packing, int terms, const ArrayShape& array) {
  if (terms < 2) return 0;
  const auto weights = static_cast<double>(packing.weight_offsets.size());
  const double sums = (terms - 1) * packing.activation.bits() / (weights * array.outputs);
  return sums + (terms - 1) * array.sum_bits / static_cast<double>(array.lanes * array.steps);
}

double estimated_packing_luts(const Packing& packing) {
  const IntRange digit = digit_range(packing.activation, packing.coding);
  const auto& offsets = packing.activation_offsets;
  int adders = digit.is_signed() && offsets.size() > 1 ? 1 : 0;
  for (std::size_t j = 1; j < offsets.size(); ++j)
    adders += offsets[j] - offsets[j - 1] < digit.bits() ? 1 : 0;
  return static_cast<double>(adders) * (offsets.back() + digit.bits());
}

double estimated_luts(const Packing& packing, const ArrayShape& array) {
  return estimated_array_luts(packing, array) + estimated_packing_luts(packing) / array.outputs;
}

double estimated_array_luts(const Packing& packing, const ArrayShape& array) {
  double luts = 0;
  if (packing.rule == Rule::Canary) {
    for (std::size_t k = 0; k < packing.fields.size(); ++k) {
      const auto products = static_cast<int>(packing.fields[k].terms.size());
      if (k > 0) luts += watch_luts(products, packing.side_bits) + count_luts(packing.side_bits);
      // Drained once a block: an OR of the lanes' slices in the LUTs of one adder per column.
      luts += static_cast<double>(std::min(packing.gap(k), array.sum_bits) + array.sum_bits) / array.lanes;
    }
    return luts;
  }
  const int chain = std::clamp(packing.accumulations, 1, array.lanes);
  const int reads = (array.lanes + chain - 1) / chain;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const Field& field = packing.fields[k];
    const int residue = std::max(0, field.width - packing.gap(k));
    // The residue of a field serves the one below; the lanes of a chain add theirs.
    if (residue > 0 && k + 1 < packing.fields.size()) {
      const auto products = static_cast<int>(packing.fields[k + 1].terms.size());
      luts += watch_luts(products * chain, residue) * reads / array.lanes;
    }
    const int sign = packing.coding == Coding::SignMagnitude ? 1 : 0;
    luts += (read_luts(field.width + sign, reads, array) + sign * array.lanes) / array.lanes;
  }
  return luts;
}

double stored_weight_bits(const Packing& packing) {
  const int own = packing.weight.bits();
  const int digit = digit_range(packing.weight, packing.coding).bits();
  bool overlap = false;
  for (std::size_t i = 1; i < packing.weight_offsets.size(); ++i) {
    overlap = overlap || packing.weight_offsets[i] - packing.weight_offsets[i - 1] < digit;
  }
  const int residue_or_sign = packing.side_bits > 0 || packing.coding == Coding::SignMagnitude ? own : 0;
  if (!overlap) return own;
  const double word = packing.weight_offsets.back() +
                      bits_of(static_cast<double>(digit_range(packing.weight, packing.coding).span())) + 1;
  return word / static_cast<double>(packing.weight_offsets.size()) + residue_or_sign;
}

}  // namespace bitmason::pack
