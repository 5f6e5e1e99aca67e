#include "pack/sign_cost.hpp"

#include <algorithm>
#include <bit>

#include "pack/digits.hpp"
#include "pack/word_cost.hpp"

namespace bitmason::pack {

namespace {

int bits_of(std::int64_t value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// Where a word may differ from 0 on its port.
std::uint64_t word_mask(const std::vector<int>& offsets, int bits) {
  std::uint64_t all = 0;
  for (const int offset : offsets) all |= bit_mask(offset, offset + bits);
  return all;
}

/// One multiplier of bm_sign_array: what it takes off the sum and adds back to it.
class SignLane {
 public:
  explicit SignLane(const Packing& packing)
      : packing_(packing),
        weight_bits_(digit_range(packing.weight, packing.coding).bits()),
        activation_bits_(digit_range(packing.activation, packing.coding).bits()),
        product_bits_(bits_of(most())),
        span_(packing.fields.back().offset + product_bits_) {}

  /// The largest product.
  [[nodiscard]] std::int64_t most() const {
    return digit_range(packing_.weight, packing_.coding).hi *
           digit_range(packing_.activation, packing_.coding).hi;
  }
  [[nodiscard]] int product_bits() const { return product_bits_; }

  [[nodiscard]] int luts() const {
    int lower = 0;
    for (std::size_t k = 1; k < packing_.fields.size(); ++k) lower += low_bits(k);
    std::uint64_t taken = 0;
    const int adders = row_luts(taken);
    return lower + adders + back_luts(taken) + word_luts();
  }

 private:
  /// Bits of field k that the field below may reach into.
  [[nodiscard]] int low_bits(std::size_t k) const {
    return k == 0 ? 0 : std::max(0, product_bits_ - packing_.gap(k - 1));
  }

  /// Words that take the lower bits of the fields in turn without an overlap.
  [[nodiscard]] std::size_t rows() const {
    std::size_t rows = 1;
    for (std::size_t k = 1; k + 1 < packing_.fields.size(); ++k) {
      while (k + rows < packing_.fields.size() &&
             packing_.fields[k].offset + low_bits(k) > packing_.fields[k + rows].offset) {
        ++rows;
      }
    }
    return rows;
  }

  /// Adders of the words of weights: beyond two, the even and the odd ones are summed in fabric.
  [[nodiscard]] int word_luts() const {
    const int shared = shared_operands(packing_.weight_offsets, weight_bits_);
    int luts = 0;
    for (const int first : {0, 1}) {
      luts += word_adder_luts(packing_.weight_offsets, weight_bits_, shared, first, 2);
    }
    return luts;
  }

  /// Adders of these words; `all` is where their sum may differ from 0.
  int row_luts(std::uint64_t& all) const {
    const std::size_t rows = this->rows();
    int luts = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      std::uint64_t word = 0;
      for (std::size_t k = row; k < packing_.fields.size(); k += rows) {
        word |= bit_mask(packing_.fields[k].offset, packing_.fields[k].offset + low_bits(k));
      }
      luts += std::popcount(all & word);
      // A carry may reach every bit above the lowest common one.
      const int common = std::countr_zero(all & word);
      all |= word | bit_mask(std::min(common, span_), span_);
    }
    return luts;
  }

  /// What a magnitude on a port's sign bit takes from the sum, added back to the lower bits `taken`.
  [[nodiscard]] int back_luts(std::uint64_t taken) const {
    std::uint64_t back = 0;
    int luts = 0;
    const int weight_port = packing_.weight_port_bits(), activation_port = packing_.activation_port_bits();
    if (packing_.weight_offsets.back() + weight_bits_ >= weight_port) {
      back = bit_mask(weight_port, std::min(weight_port + activation_port, span_));
    }
    if (packing_.activation_offsets.back() + activation_bits_ >= activation_port) {
      const std::uint64_t word = word_mask(packing_.weight_offsets, weight_bits_) << activation_port;
      const std::uint64_t cut = word & bit_mask(0, span_);
      // Both corrections are masked before they are added, where they meet one of them on its own.
      if (back != 0) luts += std::popcount(back | cut) + std::popcount(back & cut);
      back |= cut;
    }
    if (back == 0) return 0;
    return luts + std::popcount((back | taken) & bit_mask(std::countr_zero(back), span_));
  }

  const Packing& packing_;
  int weight_bits_;
  int activation_bits_;
  int product_bits_;
  int span_;
};

/// The tree of bm_sign_sum over `count` products: an adder of two products has their bits, of sums the wider
/// one's, and each a relative sign.
int tree_luts(int count, std::int64_t most) {
  if (count < 2) return 0;
  const int rest = count - count / 2;
  const int width = bits_of(most * rest) + (rest > 1 ? 1 : 0);
  return tree_luts(rest, most) + tree_luts(count / 2, most) + width + 1;
}

}  // namespace

double sign_array_luts(const Packing& packing, const ArrayShape& array) {
  const SignLane lane(packing);
  const int accumulated = std::min(bits_of(lane.most() * array.lanes) + 1, array.sum_bits);
  const int field = tree_luts(array.lanes, lane.most()) + accumulated + 1;
  return lane.luts() + static_cast<double>(packing.fields.size()) * field / array.lanes;
}

}  // namespace bitmason::pack
