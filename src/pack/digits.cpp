#include "pack/digits.hpp"

#include <algorithm>
#include <map>

namespace bitmason::pack {

namespace {

/// True where the sum of magnitude * 2^offset stays within `limit`; nothing overflows because the limit is
/// used up instead of a sum built.
bool within(std::int64_t magnitude, const std::vector<int>& offsets, std::int64_t limit) {
  if (magnitude == 0) return true;
  for (auto offset = offsets.rbegin(); offset != offsets.rend(); ++offset) {
    if (*offset >= 62 || magnitude > (limit >> *offset)) return false;
    limit -= magnitude << *offset;
  }
  return true;
}

/// True where all operands but the top one stay below the top one's offset.
bool top_stands_alone(const std::vector<int>& offsets, std::int64_t magnitude) {
  const std::vector<int> rest(offsets.begin(), offsets.end() - 1);
  return within(magnitude, rest, (std::int64_t{1} << offsets.back()) - 1);
}

}  // namespace

IntRange digit_range(const IntRange& value, Coding coding) {
  if (coding == Coding::Plain) return value.united({0, 0});
  return {0, std::max(value.hi, -value.lo)};
}

bool fits_port(const std::vector<int>& offsets, const IntRange& value, Coding coding, int port_bits) {
  const IntRange digit = digit_range(value, coding);
  const std::int64_t half = std::int64_t{1} << (port_bits - 1);
  if (within(-digit.lo, offsets, half) && within(digit.hi, offsets, half - 1)) return true;
  return coding == Coding::SignMagnitude && offsets.back() < port_bits &&
         within(digit.hi, offsets, 2 * half - 1) && top_stands_alone(offsets, digit.hi);
}

Digits digits_on_port(const std::vector<int>& offsets, const IntRange& value, Coding coding, int port_bits) {
  const IntRange digit = digit_range(value, coding);
  Digits digits{.values = std::vector<IntRange>(offsets.size(), digit)};
  const int above = port_bits - 1 - offsets.back();
  if (coding == Coding::SignMagnitude && above >= 0 && above < 62 && (digit.hi >> above) != 0) {
    digits.values.back() = {-(std::int64_t{1} << above), (std::int64_t{1} << above) - 1};
    digits.wrap_bits = above + 1;
  }
  return digits;
}

IntRange step_range(const Field& field, const Digits& weights, const Digits& activations) {
  IntRange sum{0, 0};
  for (const auto& [i, j] : field.terms) {
    const IntRange product =
        weights.values[static_cast<std::size_t>(i)] * activations.values[static_cast<std::size_t>(j)];
    sum = sum + product.united({0, 0});
  }
  return sum;
}

std::vector<Field> fields_of(const std::vector<int>& weight_offsets,
                             const std::vector<int>& activation_offsets) {
  std::map<int, Field> by_offset;
  for (std::size_t i = 0; i < weight_offsets.size(); ++i) {
    for (std::size_t j = 0; j < activation_offsets.size(); ++j) {
      const int offset = weight_offsets[i] + activation_offsets[j];
      Field& field = by_offset[offset];
      field.offset = offset;
      field.terms.emplace_back(static_cast<int>(i), static_cast<int>(j));
    }
  }
  std::vector<Field> fields;
  fields.reserve(by_offset.size());
  for (auto& [offset, field] : by_offset) fields.push_back(std::move(field));
  return fields;
}

std::vector<IntRange> step_ranges(const Packing& packing) {
  const Digits weights =
      digits_on_port(packing.weight_offsets, packing.weight, packing.coding, packing.weight_port_bits());
  const Digits activations = digits_on_port(packing.activation_offsets, packing.activation, packing.coding,
                                            packing.activation_port_bits());
  std::vector<IntRange> ranges;
  ranges.reserve(packing.fields.size());
  for (const Field& field : packing.fields) ranges.push_back(step_range(field, weights, activations));
  return ranges;
}

}  // namespace bitmason::pack
