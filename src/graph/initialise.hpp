#pragma once

#include <cstdint>

#include "graph/graph.hpp"

namespace bitmason::graph {

/// The network before training: weights normal with variance 2 / fan-in (He et al. 2015), biases 0, norms
/// without effect and with statistics of the images, scales not chosen but for the image's. The same seed
/// gives the same weights.
Graph he_initialised(Graph graph, std::uint64_t seed);

/// By scale of the graph: true where pixels define it, so that nothing may choose it.
std::vector<bool> fixed_scales(const Graph& graph);

}  // namespace bitmason::graph
