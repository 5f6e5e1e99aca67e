#include "pack/cost.hpp"

#include <algorithm>
#include <bit>

#include "pack/digits.hpp"

namespace bitmason::pack {

namespace {

int bits_of(double value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// LUTs of the residue modulo 2^bits of a sum of `products` products.
double residue_luts(int products, int bits) {
  constexpr double kOne[] = {0, 1, 2, 3};  // AND; two cross products; three
  const double each = bits <= 3 ? kOne[bits] : 3.0 + 2.0 * (bits - 3);
  return products * each + (products - 1) * bits;
}

/// LUTs of a field's carry count per lane: residue, change of the bits above, its share of the column's
/// compressor and counter.
double watch_luts(int products, int bits) {
  constexpr double kCount = 1.75;
  return residue_luts(products, bits) + bits + kCount * bits;
}

/// Activations that are signed or share bits on their port are packed by adders, once for all columns.
double packing_luts(const Packing& packing) {
  const IntRange digit = digit_range(packing.activation, packing.coding);
  const auto& offsets = packing.activation_offsets;
  int adders = digit.is_signed() && offsets.size() > 1 ? 1 : 0;
  for (std::size_t j = 1; j < offsets.size(); ++j)
    adders += offsets[j] - offsets[j - 1] < digit.bits() ? 1 : 0;
  return static_cast<double>(adders) * (offsets.back() + digit.bits());
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

double estimated_luts(const Packing& packing, const ArrayShape& array) {
  double luts = packing_luts(packing) / array.outputs;
  if (packing.rule == Rule::Canary) {
    for (std::size_t k = 1; k < packing.fields.size(); ++k) {
      luts += watch_luts(static_cast<int>(packing.fields[k].terms.size()), packing.side_bits);
    }
    // Draining a lane and the decoder that the columns share, once in `steps` cycles.
    const double decoder = 1.5 * static_cast<double>(packing.fields.size()) * array.sum_bits;
    return luts + 2.0 * packing.ports.accumulator_bits / array.lanes + decoder / array.lanes / array.outputs;
  }
  const int chain = std::clamp(packing.accumulations, 1, array.lanes);
  const int reads = (array.lanes + chain - 1) / chain;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const Field& field = packing.fields[k];
    const int residue = std::max(0, field.width - packing.gap(k));
    // The residue of a field serves the one below; the lanes of a chain add theirs.
    if (residue > 0 && k + 1 < packing.fields.size()) {
      const auto products = static_cast<int>(packing.fields[k + 1].terms.size());
      luts += residue_luts(products * chain, residue) * reads / array.lanes + residue;
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
