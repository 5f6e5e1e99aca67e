#pragma once

#include <optional>
#include <vector>

#include "ir/network.hpp"
#include "plan/plan.hpp"

/// Dot products with constant weights as trees of adders, rtl/bm_dots.sv: a weight is the sum of the digits
/// of its non-adjacent form, and sums of two terms that several outputs need are made once (Hartley,
/// "Subexpression sharing in filters using canonic signed digit multipliers", IEEE TCAS-II 1996; here level
/// by level of the trees).
namespace bitmason::plan {

/// An adder, or a register alone, of a tree: (left << left_shift) +- (right << right_shift).
struct DotNode {
  enum class Kind { Add, Subtract, Pass };
  Kind kind = Kind::Pass;
  int left_shift = 0;
  int right_shift = 0;
  int left = 0;   ///< operands: leaves or nodes of the level below, counted from 0
  int right = 0;  ///< not used by Pass
  int width = 0;  ///< bits of the result, two's complement
};

/// One output: its leaves, and the nodes of every level, lowest level first; a level has half as many as the
/// one below, rounded up.
struct DotTree {
  std::vector<int> lanes;  ///< input channel of each leaf
  std::vector<DotNode> nodes;
  int levels = 0;
  int shift = 0;          ///< output = the tree's result << shift,
  bool negative = false;  ///< subtracted from the bias

  [[nodiscard]] bool adds(std::int64_t bias) const { return negative || (bias != 0 && !lanes.empty()); }
};

struct ConstantDots {
  std::vector<DotTree> trees;  ///< one per output channel
  int levels = 0;              ///< of the deepest tree
  Resources cost;  ///< estimated: adders and registers, equal ones once, and the FIFO of bm_credit
};

/// For a Conv layer with a kernel of one pixel, stride 1 and no padding. Nothing for other layers, for
/// grouped ones, for those of fewer pixels than a quarter of an input, and where finding common sums would
/// take long (more than 4 million pairs of terms) or the trees have more than 15,000 nodes.
std::optional<ConstantDots> constant_dots(const ir::Network& network, const ir::Layer& layer);

}  // namespace bitmason::plan
