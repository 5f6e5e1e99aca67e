#include "hw/scheme_layout.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>

#include "hw/pack_parameters.hpp"
#include "pack/digits.hpp"

namespace bitmason::hw {

namespace {

const pack::Part& part_of_product(const pack::Scheme& scheme, std::size_t product) {
  return scheme.parts[static_cast<std::size_t>(scheme.algorithm.kinds[product])];
}

/// Position of tap 0 of a product's taps at pixel 0.
int position_of(const pack::Scheme& scheme, const pack::Taps& taps, int tap, int pixel) {
  return pixel + scheme.algorithm.kernel - 1 - (taps.first + tap);
}

/// The operands of product p in the order of the array's input.
std::vector<std::int64_t> weights_of(const pack::Part& part, std::size_t p, const pack::SchemeBlock& block,
                                     const WeightStep& step) {
  std::vector<std::int64_t> weights;
  for (const auto& lane : step) {
    for (int c = 0; c < pack::part_shape(part, block).columns; ++c) {
      for (int i = 0; i < static_cast<int>(part.packing.weight_offsets.size()); ++i) {
        const WeightSlot slot = weight_slot(part, c, i);
        weights.push_back(
            slot.channel < block.channels
                ? lane[static_cast<std::size_t>(slot.channel)][p][static_cast<std::size_t>(slot.tap)]
                : 0);
      }
    }
  }
  return weights;
}

}  // namespace

int positions_of(const pack::Scheme& scheme, const pack::SchemeBlock& block) {
  return block.pixels + scheme.algorithm.kernel - 1;
}

WeightSlot weight_slot(const pack::Part& part, int column, int weight) {
  const int flat = column * static_cast<int>(part.packing.weight_offsets.size()) + weight;
  const int taps = part.product.kernel;
  return {.channel = flat / taps, .tap = taps - 1 - flat % taps};
}

FieldSlot field_slot(const pack::Scheme& scheme, const pack::Part& part, const pack::Taps& taps, int column,
                     int group, std::size_t field) {
  const auto& terms = part.packing.fields[field].terms;
  const auto slot_of = [&](const std::pair<int, int>& term) {
    const WeightSlot weight = weight_slot(part, column, term.first);
    const int pixel = group * static_cast<int>(part.packing.activation_offsets.size()) + term.second;
    return FieldSlot{.channel = weight.channel, .position = position_of(scheme, taps, weight.tap, pixel)};
  };
  // All products of a field belong to one output.
  assert(std::all_of(terms.begin(), terms.end(),
                     [&](const auto& term) { return slot_of(term) == slot_of(terms.front()); }));
  return slot_of(terms.front());
}

Format weight_format(const pack::Packing& packing) {
  return format_of(pack::digit_range(packing.weight, packing.coding));
}

Format activation_format(const pack::Packing& packing) {
  return format_of(pack::digit_range(packing.activation, packing.coding));
}

WeightBits weight_bits(const pack::Part& part, const pack::SchemeBlock& block, int lanes) {
  const int operands =
      lanes * pack::part_shape(part, block).columns * static_cast<int>(part.packing.weight_offsets.size());
  return {.values = operands * weight_format(part.packing).bits,
          .signs = has_signs(part.packing) ? operands : 0};
}

Word weight_word(const pack::Scheme& scheme, const pack::SchemeBlock& block, const WeightStep& step) {
  Word word;
  for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
    const pack::Part& part = part_of_product(scheme, p);
    const std::vector<std::int64_t> weights = weights_of(part, p, block, step);
    const int bits = weight_format(part.packing).bits;
    for (const std::int64_t weight : weights)
      word.append(has_signs(part.packing) ? std::abs(weight) : weight, bits);
    if (!has_signs(part.packing)) continue;
    for (const std::int64_t weight : weights) word.append(weight < 0 ? 1 : 0, 1);
  }
  return word;
}

std::vector<std::vector<std::vector<std::int64_t>>> centring_correction(
    const pack::Scheme& scheme, const pack::SchemeBlock& block,
    const std::vector<std::vector<std::vector<std::int64_t>>>& sums) {
  const pack::Matrix outputs = scheme.algorithm.output_matrix();
  const auto positions = static_cast<std::size_t>(positions_of(scheme, block));
  std::vector<std::vector<std::vector<std::int64_t>>> corrections;
  for (const auto& channel : sums) {
    auto& correction = corrections.emplace_back(outputs.size(), std::vector<std::int64_t>(positions, 0));
    for (std::size_t p = 0; p < scheme.algorithm.products(); ++p) {
      const pack::Part& part = part_of_product(scheme, p);
      const std::int64_t centre = part.product.activation.lo - part.packing.activation.lo;
      const pack::Taps taps = scheme.algorithm.taps_of(p);
      for (int t = 0; t < taps.count; ++t) {
        for (int pixel = 0; pixel < block.pixels; ++pixel) {
          const auto at = static_cast<std::size_t>(position_of(scheme, taps, t, pixel));
          for (std::size_t o = 0; o < outputs.size(); ++o)
            correction[o][at] += outputs[o][p] * centre * channel[p][static_cast<std::size_t>(t)];
        }
      }
    }
    // The module rounds its combination down, so that what it lacks is rounded up.
    for (auto& output : correction) {
      for (std::int64_t& value : output) value = -(-value >> scheme.algorithm.shift);
    }
  }
  return corrections;
}

}  // namespace bitmason::hw
