#pragma once

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "graph/place.hpp"

/// Private to the room: what placing quantisers needs to know.
namespace bitmason::graph {

/// Widths in which a value is wanted, widest first.
using Widths = std::set<int, std::greater<>>;

struct Demand {
  Widths codes;   ///< in which users want the value; empty where they read real numbers
  Widths behind;  ///< and those in which the norms and ReLUs behind it are wanted
};

/// By value of the float network.
std::vector<Demand> demands(const Graph& graph, const Bits& bits);

/// True where no element can be negative: behind ReLU and what keeps its sign.
bool is_positive(const Graph& graph, int value);

/// Scales of quantisers, by value of the float network and bits.
using Hints = std::map<std::pair<int, int>, float>;

/// The float network and the scales that its quantisers had.
struct Stripped {
  Graph graph;
  Hints hints;
};
Stripped strip(const Graph& graph);

}  // namespace bitmason::graph
