#pragma once

#include <optional>
#include <set>
#include <vector>

#include "search/bits.hpp"
#include "search/resize.hpp"

/// A network whose widths are still open.
namespace bitmason::search {

/// Made from a network of any widths; makes the network of the same topology in others. What follows from the
/// widths follows as in `bitmason zoo`: where two layers read one value in different widths, it is quantised
/// twice, before any pooling; the inputs of a sum have the width of the widest layer behind it.
class Blueprint {
 public:
  explicit Blueprint(ir::Network network);

  [[nodiscard]] const ir::Network& network() const { return network_; }
  /// Positions of the layers with weights.
  [[nodiscard]] const std::vector<std::size_t>& weighted() const { return weighted_; }
  /// Layers of the network that stand for themselves; quantisers of one tensor, and what reorders equal
  /// tensors equally, are one layer each, the first quantised widest.
  [[nodiscard]] std::size_t original(std::size_t layer) const { return original_[layer]; }
  /// The quantiser of a Requantise layer.
  [[nodiscard]] const LinearQuantiser& quantiser(std::size_t layer) const { return *quantisers_[layer]; }

  /// The widths in which the codes of every layer are wanted, widest first; of accumulators the widths of the
  /// quantisers behind them. Precondition: one number of bits per layer.
  [[nodiscard]] std::vector<std::set<int, std::greater<>>> wanted_widths(const Bits& bits) const;
  /// The network in these widths, for questions of cost: weights resized (resize()), quantisers moved along.
  /// Layers that stand for several widths are named "name_a4", "name_a8". Errors: BM-SEARCH-001..003,
  /// BM-IR-*.
  [[nodiscard]] Result<ir::Network> with_bits(const Bits& bits) const;

 private:
  void find_originals();

  ir::Network network_;
  std::vector<std::size_t> weighted_;
  std::vector<std::size_t> original_;
  std::vector<std::optional<LinearQuantiser>> quantisers_;  ///< by layer
};

/// True of Input, Requantise and what only reorders or selects their codes.
bool holds_codes(const ir::Network& network, std::size_t layer);

/// Blueprint(network).with_bits(bits).
Result<ir::Network> with_bits(const ir::Network& network, const Bits& bits);

}  // namespace bitmason::search
