#pragma once

#include <cstdint>
#include <vector>

#include "hw/builder.hpp"
#include "hw/word.hpp"
#include "pack/scheme.hpp"

/// Which weight, pixel and output position each operand and field of a scheme's multipliers is.
namespace bitmason::hw {

/// Output positions of a block's row: tap t times pixel j belongs to position j + kernel - 1 - t.
int positions_of(const pack::Scheme& scheme, const pack::SchemeBlock& block);

/// One operand or field of a product; nothing of the block where `channel` or `pixel` lie beyond it.
struct WeightSlot {
  int channel = 0;
  int tap = 0;  ///< of the product's taps
};
/// Of weight i in column c: channels one after another, each with its taps in reverse.
WeightSlot weight_slot(const pack::Part& part, int column, int weight);

struct FieldSlot {
  int channel = 0;
  int position = 0;
  bool operator==(const FieldSlot&) const = default;
};
/// Of field f in column c of a group of pixels. `taps`: of the product.
FieldSlot field_slot(const pack::Scheme& scheme, const pack::Part& part, const pack::Taps& taps, int column,
                     int group, std::size_t field);

/// How the array takes an operand: its two's complement code, or its magnitude, to which a sign belongs.
Format weight_format(const pack::Packing& packing);
Format activation_format(const pack::Packing& packing);

/// Operand weights of one step: [lane][channel][product][tap], as pack::weight_operands() forms them.
using WeightStep = std::vector<std::vector<std::vector<std::vector<std::int64_t>>>>;

/// Bits of one product's weights in weight_word(), of them those of codes or magnitudes; the rest are signs.
struct WeightBits {
  int values = 0;
  int signs = 0;
  [[nodiscard]] int all() const { return values + signs; }
};
WeightBits weight_bits(const pack::Part& part, const pack::SchemeBlock& block, int lanes);

/// The weight memory's word of a step: for each product the code of each lane, column and operand, as
/// bm_pack_array takes them, or the magnitudes of them all and then their signs, as bm_sign_array does;
/// operands beyond the block are 0.
Word weight_word(const pack::Scheme& scheme, const pack::SchemeBlock& block, const WeightStep& step);

/// What the module's outputs lack where operands are centred: to be added to output
/// [channel][output][position]. `sums`: operand weights summed over the lanes and steps of a block,
/// [channel][product][tap].
std::vector<std::vector<std::vector<std::int64_t>>> centring_correction(
    const pack::Scheme& scheme, const pack::SchemeBlock& block,
    const std::vector<std::vector<std::vector<std::int64_t>>>& sums);

}  // namespace bitmason::hw
