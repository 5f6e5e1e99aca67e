#include "pack/digits.hpp"
#include "pack/packing.hpp"
#include "pack/word_cost.hpp"

namespace bitmason::pack {

Packing side_by_side(const Packing& packing) {
  const int sum_bits = packing.ports.accumulator_bits;
  const auto weights = static_cast<int>(packing.weight_offsets.size());
  Packing all = packing;
  if (packing.family == Family::Convolution) all.family = Family::Hybrid;
  for (; all.ports.multipliers > 1; --all.ports.multipliers) {
    const int above = packing.ports.multipliers - all.ports.multipliers + 1;
    for (const int offset : packing.weight_offsets) all.weight_offsets.push_back(above * sum_bits + offset);
    for (Field field : packing.fields) {
      field.offset += above * sum_bits;
      for (auto& [weight, activation] : field.terms) weight += above * weights;
      all.fields.push_back(std::move(field));
    }
    all.bias += packing.bias << (above * sum_bits);
    all.weights_on_wide_port = true;
    all.ports.wide_bits = above * sum_bits + packing.weight_port_bits();
    all.ports.narrow_bits = packing.activation_port_bits();
    all.ports.accumulator_bits = (above + 1) * sum_bits;
    all.ports.cut_bits = sum_bits;
  }
  return all;
}

Packing one_of(const Packing& side_by_side) {
  const int cut = side_by_side.ports.cut_bits;
  if (cut == 0) return side_by_side;
  Packing one = side_by_side;
  std::erase_if(one.weight_offsets, [&](int offset) { return offset >= cut; });
  std::erase_if(one.fields, [&](const Field& field) { return field.offset >= cut; });
  one.bias &= (std::int64_t{1} << cut) - 1;
  one.ports.multipliers = side_by_side.ports.accumulator_bits / cut;
  one.ports.wide_bits -= side_by_side.ports.accumulator_bits - cut;
  one.ports.accumulator_bits = cut;
  one.ports.cut_bits = 0;
  if (one.family == Family::Hybrid && static_cast<int>(one.weight_offsets.size()) == one.taps &&
      static_cast<int>(one.activation_offsets.size()) == one.pixels)
    one.family = Family::Convolution;
  return one;
}

std::optional<std::string> side_by_side_refusal(const Packing& side_by_side) {
  if (side_by_side.ports.multipliers > 1) return "multipliers of a split primitive are not side by side";
  if (side_by_side.ports.cut_bits == 0) return std::nullopt;
  const IntRange weight = digit_range(side_by_side.weight, side_by_side.coding);
  const int body = weight.is_signed() ? weight.bits() - 1 : weight.bits();
  if (shared_operands(side_by_side.weight_offsets, body) > 1) return "weights share bits of a split port";
  const auto wraps = [&](const std::vector<int>& offsets, const IntRange& range, int port) {
    return digits_on_port(offsets, range, side_by_side.coding, port).wrap_bits > 0;
  };
  if (wraps(side_by_side.weight_offsets, side_by_side.weight, side_by_side.weight_port_bits()) ||
      wraps(side_by_side.activation_offsets, side_by_side.activation, side_by_side.activation_port_bits()))
    return "magnitudes use the sign bit of a split port";
  return std::nullopt;
}

}  // namespace bitmason::pack
