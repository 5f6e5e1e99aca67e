#include <algorithm>
#include <cassert>

#include "hw/lower_layers.hpp"
#include "hw/word.hpp"
#include "plan/constant_dots.hpp"

namespace bitmason::hw {

namespace {

void append(Word& word, const plan::DotNode& node) {
  const int kind = node.kind == plan::DotNode::Kind::Add        ? 0
                   : node.kind == plan::DotNode::Kind::Subtract ? 1
                                                                : 2;
  word.append(kind, 2);
  word.append(node.left_shift, 6);
  word.append(node.right_shift, 6);
  word.append(node.width, 18);
  word.append(node.left, 16);
  word.append(node.right, 16);
}

}  // namespace

StreamId lower_dots(const LayerContext& context, const ir::Conv& conv) {
  const auto dots = plan::constant_dots(context.network, context.layer);
  assert(dots.has_value());
  const Format operand = format_of(context.builder.stream(context.inputs[0]));
  const Format sum = signed_format_of(context.layer.type.range);
  Word outputs, leaves, nodes, biases;
  std::int64_t leaf_count = 0;
  std::int64_t node_count = 0;
  int slot = std::max(sum.bits, operand.bits + 1);
  for (std::size_t k = 0; k < dots->trees.size(); ++k) {
    const plan::DotTree& tree = dots->trees[k];
    outputs.append(static_cast<std::int64_t>(tree.lanes.size()), 16);
    outputs.append(static_cast<std::int64_t>(tree.nodes.size()), 16);
    outputs.append(0, 8);
    outputs.append(tree.levels, 8);
    outputs.append(tree.shift, 8);
    outputs.append(std::int64_t{tree.negative}, 8);
    outputs.append(leaf_count, 32);
    outputs.append(node_count, 32);
    for (const int lane : tree.lanes) leaves.append(lane, 16);
    for (const plan::DotNode& node : tree.nodes) {
      append(nodes, node);
      slot = std::max(slot, node.width);
    }
    leaf_count += static_cast<std::int64_t>(tree.lanes.size());
    node_count += static_cast<std::int64_t>(tree.nodes.size());
    biases.append(conv.bias.empty() ? 0 : conv.bias[k], sum.bits);
  }
  leaves.append(0, 16);
  nodes.append(0, 64);
  Parameters parameters{{"CIN", std::int64_t{context.input_shape().channels}},
                        {"COUT", std::int64_t{context.layer.type.shape.channels}},
                        {"ABITS", std::int64_t{operand.bits}},
                        {"ASIGNED", std::int64_t{operand.is_signed}},
                        {"OUT_BITS", std::int64_t{sum.bits}},
                        {"LEVELS", std::int64_t{dots->levels}},
                        {"SLOT", std::int64_t{slot}},
                        {"LEAF_COUNT", leaf_count + 1},
                        {"NODE_COUNT", node_count + 1},
                        {"OUTPUTS", outputs.constant()},
                        {"LEAVES", leaves.constant()},
                        {"NODES", nodes.constant()},
                        {"BIASES", biases.constant()}};
  const StreamId in = context.prepared(0, context.input_shape().channels, operand);
  const StreamId out = context.output(sum);
  context.add("bm_dots", std::move(parameters), {{"in", in}}, out, true);
  return out;
}

}  // namespace bitmason::hw
