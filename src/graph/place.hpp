#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"

/// Where a network is quantised, and in how many bits.
namespace bitmason::graph {

/// Bits of each layer with weights, in the order of the steps: of its weights, and of the activations that
/// enter it, the first of which is the image.
struct Bits {
  std::vector<int> weights;
  std::vector<int> activations;
  bool operator==(const Bits&) const = default;
};

/// Names of the layers with weights, in order.
std::vector<std::string> weighted(const Graph& graph);

/// One number per layer: those given (one number stands for all layers; empty: those of `otherwise`). Errors:
/// BM-GRAPH-020 (count), 021 (not 1 to 8 bits).
Result<Bits> bits_for(const Bits& given, const Bits& otherwise);

/// The bits of a network with quantisers; 8 where a layer has none.
Bits bits_of(const Graph& graph);

/// The float network: without Quantise steps, and equal steps of equal inputs are one.
Graph without_quantisers(const Graph& graph);

struct PlaceOptions {
  Bits bits;
  bool narrow = true;
  bool per_channel = true;  ///< scales of weights; the last layer has one, a power of two
};

/// The network with a quantiser at each place where integers need codes, as `bitmason zoo` has them.
///
/// Real values (sums of a convolution, dense layer, Add or mean, and the norms and ReLUs behind them) are
/// quantised behind the last of these, once in every width that their users ask for, before any pooling:
/// unsigned behind a ReLU, else signed with at least 2 bits. Pooling, reordering and concatenation pass the
/// wish on; sums and means take their inputs in their own greatest width. The inputs of an Add or Concat
/// share one scale; the image's is fixed by its pixels. Scales of quantisers that keep their place and width
/// are kept, others are 0 or empty: not chosen. Precondition: shapes(graph).ok(), one number of bits per
/// layer, no step without a user.
Graph place(const Graph& graph, const PlaceOptions& options);

}  // namespace bitmason::graph
