#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "pack/packing.hpp"

namespace bitmason::pack {

namespace {

/// Product of the two ranges, widened to hold the 0 of idle operands.
IntRange product_range(IntRange weight, IntRange activation) {
  return (weight.united({0, 0}) * activation.united({0, 0})).united({0, 0});
}

/// Bits of the plain binary code of `count` spans, saturated: a sum beyond int64 needs more than any field
/// has.
int bits_of(std::int64_t span, std::int64_t count) {
  if (span > std::numeric_limits<std::int64_t>::max() / count) return 64;
  return std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(span * count))));
}

std::vector<Field> fields_of(const Layout& layout) {
  std::map<int, Field> by_offset;
  for (std::size_t i = 0; i < layout.weight_offsets.size(); ++i) {
    for (std::size_t j = 0; j < layout.activation_offsets.size(); ++j) {
      const int offset = layout.weight_offsets[i] + layout.activation_offsets[j];
      Field& field = by_offset[offset];
      field.offset = offset;
      field.terms.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  std::vector<Field> fields;
  for (auto& [offset, field] : by_offset) fields.push_back(std::move(field));
  return fields;
}

}  // namespace

Packing assemble(const PackingProblem& problem, const Layout& layout, int accumulations) {
  assert(accumulations >= 1);
  Packing packing{.family = layout.family,
                  .ports = problem.ports,
                  .weight = problem.weight,
                  .activation = problem.activation,
                  .weight_offsets = layout.weight_offsets,
                  .activation_offsets = layout.activation_offsets,
                  .weights_on_wide_port = layout.weights_on_wide_port,
                  .fields = fields_of(layout),
                  .accumulations = accumulations};
  const IntRange product = product_range(problem.weight, problem.activation);
  std::uint64_t bias = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    Field& field = packing.fields[k];
    const bool top = k + 1 == packing.fields.size();
    const int end = top ? problem.ports.accumulator_bits : packing.fields[k + 1].offset;
    const auto count = static_cast<std::int64_t>(field.terms.size()) * accumulations;
    field.width = std::min(end - field.offset, bits_of(product.span(), count));
    // Unsigned arithmetic: an assembled packing may be unsound, and its bias then only has to be wrong.
    bias += static_cast<std::uint64_t>(packing.field_bias(k)) << field.offset;
  }
  packing.bias = static_cast<std::int64_t>(bias);
  return packing;
}

std::int64_t Packing::field_bias(std::size_t field) const {
  const std::int64_t lo = product_range(weight, activation).lo;
  return -lo * static_cast<std::int64_t>(fields[field].terms.size()) * accumulations;
}

}  // namespace bitmason::pack
