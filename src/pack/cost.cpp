#include "pack/cost.hpp"

#include <algorithm>
#include <bit>

#include "pack/carries.hpp"
#include "pack/digits.hpp"
#include "pack/sign_cost.hpp"
#include "pack/word_cost.hpp"

namespace bitmason::pack {

namespace {

int bits_of(double value) {
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value)));
}

/// LUTs beyond one that the parity of so many registered bits takes.
int parity_luts(int bits) {
  return bits > 4 ? (bits + 3) / 5 : 0;
}

/// LUTs that tell the carries between the fields of a sum apart, from the bit products of the residues.
class Watches {
 public:
  /// `chain` multipliers in cascade.
  Watches(const Packing& packing, int chain) : packing_(packing), carries_(carries_of(packing, chain)) {}

  /// Bits of the carry out of field k.
  [[nodiscard]] int bits(std::size_t k) const { return k < carries_.bits.size() ? carries_.bits[k] : 0; }

  /// Bits of the top field's slice of one step.
  [[nodiscard]] int top_bits() const { return std::max(1, bits_of(static_cast<double>(carries_.top_step))); }

  /// Inverters of the activation bits that reset bit products, of one lane.
  [[nodiscard]] double inverters() const {
    return static_cast<double>(packing_.activation_offsets.size()) * carries_.widest();
  }

  /// LUTs that recognise it in one chain. The bit products are registers that the inverted activation bit
  /// resets, so an AND costs none.
  [[nodiscard]] double watch_luts(std::size_t k) const {
    if (bits(k) == 0) return 0;
    const std::vector<int> places = places_of(k);
    const int lowest = parity_luts(places[0]);
    if (places.size() == 1) return 1 + lowest;
    if (places.size() == 2) return 3 + 2 * lowest + parity_luts(places[1]);
    constexpr double kThree = 8.4;
    constexpr double kMore = 8;
    const double luts = kThree + 2.0 * (places[0] - 1) + parity_luts(places.back());
    return luts + kMore * static_cast<double>(places.size() - 3) - lacking(k);
  }

 private:
  /// Bits of an operand that can be 1: codes without sign have no bits above their own.
  [[nodiscard]] static int live_bits(const IntRange& range, int most) {
    return range.is_signed() ? most : std::min(most, range.bits());
  }

  /// Bit products of one product of the field above k that a narrow operand without sign leaves out.
  [[nodiscard]] int lacking(std::size_t k) const {
    const int w = live_bits(packing_.weight, bits(k));
    const int a = live_bits(packing_.activation, bits(k));
    int missing = 0;
    for (int bit = 0; bit < bits(k); ++bit) {
      for (int i = 0; i <= bit; ++i) missing += i < w && bit - i < a ? 0 : 1;
    }
    return missing;
  }

  /// Bit products of the fields above k at each of the carry's bits.
  [[nodiscard]] std::vector<int> places_of(std::size_t k) const {
    std::vector<int> places(static_cast<std::size_t>(bits(k)), 0);
    for (std::size_t j = k + 1; j < carries_.products.size(); ++j) {
      const int above = packing_.fields[j].offset - packing_.fields[k + 1].offset;
      for (int bit = above; bit < bits(k); ++bit) {
        places[static_cast<std::size_t>(bit)] += carries_.products[j] * (bit - above + 1);
      }
    }
    return places;
  }

  const Packing& packing_;
  Carries carries_;
};

/// Counters of a column for one carry bit of its chains: two enter the drain's adders as they are.
int count_luts(int chains) {
  return std::max(0, chains - 2);
}

/// The slice bits of a column's chains are put on one adder by an OR; three fit its LUTs.
int drained_luts(int slice, int chains, int sum_bits) {
  const int ors = chains <= 3 ? 0 : (chains + 1) / 5;
  return slice * ors + std::max(slice, sum_bits);
}

/// Sums that stay in the multipliers: carries recognised in every chain, counted and drained in every column.
double canary_luts(const Packing& packing, const ArrayShape& array) {
  const Watches watches(packing, 1);
  double luts = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const int slice = std::min(packing.gap(k), array.sum_bits);
    luts += watches.watch_luts(k) * array.lanes + watches.bits(k) * count_luts(array.lanes) +
            drained_luts(slice, array.lanes, array.sum_bits);
  }
  return luts / array.lanes + watches.inverters() / array.outputs;
}

/// A tree of adders over `count` values of `width` bits, a bit wider at each level.
int tree_luts(int count, int width) {
  int luts = 0;
  for (; count > 1; count = (count + 1) / 2) luts += count / 2 * width++;
  return luts;
}

/// Sums that are read in every step: a tree over a column's chains and an accumulator, of which only the bits
/// that a step can change take LUTs.
double read_luts(const Packing& packing, const ArrayShape& array) {
  const int most = packing.ports.cascade ? array.most_chain : 1;
  const int chain = std::clamp(packing.accumulations, 1, std::min(array.lanes, most));
  const int chains = (array.lanes + chain - 1) / chain;
  const Watches watches(packing, chain);
  double luts = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const int top = std::min(packing.fields[k].width, watches.top_bits());
    const int width = k + 1 < packing.fields.size() ? packing.gap(k) + watches.bits(k) : top;
    const int sum_width = width + bits_of(chains - 1.0);
    luts += watches.watch_luts(k) * chains + tree_luts(chains, width) + std::min(array.sum_bits, sum_width);
    // The carries into a field are summed over the chains too and taken off once.
    if (k > 0 && watches.bits(k - 1) > 0) luts += tree_luts(chains, watches.bits(k - 1)) + sum_width;
  }
  return luts / array.lanes + watches.inverters() / array.outputs;
}

/// Adders of bm_pack_words: the lower bits of weights that share bits of their port.
int shared_weight_luts(const Packing& packing) {
  const IntRange weight = packing.weight.united({0, 0});
  const int body = weight.is_signed() ? weight.bits() - 1 : weight.bits();
  return word_adder_luts(packing.weight_offsets, body, shared_operands(packing.weight_offsets, body), 0, 1);
}

}  // namespace

double estimated_packing_luts(const Packing& packing) {
  const IntRange digit = digit_range(packing.activation, packing.coding);
  const auto& offsets = packing.activation_offsets;
  int adders = digit.is_signed() && offsets.size() > 1 ? 1 : 0;
  for (std::size_t j = 1; j < offsets.size(); ++j)
    adders += offsets[j] - offsets[j - 1] < digit.bits() ? 1 : 0;
  // A magnitude takes about a LUT a bit of its code.
  const double magnitudes =
      packing.coding == Coding::SignMagnitude ? static_cast<double>(offsets.size()) * digit.bits() : 0;
  return static_cast<double>(adders) * (offsets.back() + digit.bits()) + magnitudes;
}

double estimated_luts(const Packing& packing, const ArrayShape& array) {
  return estimated_array_luts(packing, array) + estimated_packing_luts(packing) / array.outputs;
}

double estimated_array_luts(const Packing& packing, const ArrayShape& array) {
  if (packing.coding == Coding::SignMagnitude) return sign_array_luts(packing, array);
  const bool canary = packing.rule == Rule::Canary;
  const double luts = !canary                                ? read_luts(packing, array)
                      : holds_block(packing, 1, array.steps) ? canary_luts(packing, array)
                                                             : read_luts(read_every_step(packing), array);
  return luts + shared_weight_luts(packing);
}

int stored_weight_bits(const Packing& packing) {
  return packing.weight.bits();
}

}  // namespace bitmason::pack
