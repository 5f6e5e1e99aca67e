#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ir/network.hpp"

/// A choice of bit widths, as `bitmason zoo` takes it.
namespace bitmason::search {

inline constexpr int kFewestBits = 1;
inline constexpr int kMostBits = 8;

/// Bits of each layer with weights, in the network's order: of its weights, and of the activations that enter
/// it.
struct Bits {
  std::vector<int> weights;
  std::vector<int> activations;  ///< the first is the image's
  auto operator<=>(const Bits&) const = default;
};

/// The same widths in all layers; `image`: of the first layer's activations.
Bits uniform(std::size_t layers, int weights, int activations, int image);

/// Errors: BM-SEARCH-001 (one number per layer), BM-SEARCH-002 (1 to 8).
Status check(const Bits& bits, std::size_t layers);

/// True where no width of `a` is narrower than that of `b`. Precondition: as many layers.
bool nowhere_narrower(const Bits& a, const Bits& b);

/// "w 4,4,2 a 8,3,3"
std::string to_text(const Bits& bits);

/// Positions of the layers with weights.
std::vector<std::size_t> weighted_layers(const ir::Network& network);

/// Multiply-accumulates of a frame, by layer with weights, padding included.
std::vector<std::int64_t> layer_macs(const ir::Network& network);

/// Sum over the layers of MACs times bits of weights times bits of activations.
std::int64_t bit_operations(const std::vector<std::int64_t>& macs, const Bits& bits);

}  // namespace bitmason::search
