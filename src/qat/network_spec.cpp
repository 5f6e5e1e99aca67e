#include "qat/network_spec.hpp"

#include <fmt/format.h>

#include "graph/initialise.hpp"
#include "graph/place.hpp"
#include "qat/diagnostics.hpp"

namespace bitmason::qat {
namespace {

struct Limit {
  const char* what;
  int value;
  int lo;
  int hi;
};

void check(Diagnostics& errors, const std::string& where, const Limit& limit) {
  if (limit.value < limit.lo || limit.value > limit.hi)
    errors.push_back(make_diagnostic(
        diagnostics::kSpecRange, where,
        {limit.what, std::to_string(limit.value), std::to_string(limit.lo), std::to_string(limit.hi)}));
}

/// Checks one layer after the other and follows the frame.
struct ShapeWalk {
  std::string where;
  ir::Shape shape;
  Diagnostics errors;

  void operator()(const ConvSpec& conv) {
    check(errors, where, {"channels", conv.channels, 1, 4096});
    check(errors, where, {"kernel", conv.kernel, 1, 11});
    check(errors, where, {"weight_bits", conv.weight_bits, 2, 8});
    check(errors, where, {"activation_bits", conv.activation_bits, 1, 8});
    if (conv.kernel % 2 == 0)
      errors.push_back(make_diagnostic(diagnostics::kSpecKernel, where,
                                       {std::to_string(conv.kernel), std::to_string(conv.kernel + 1)}));
    shape.channels = conv.channels;
  }
  void operator()(const MaxPoolSpec&) {
    if (shape.height % 2 != 0 || shape.width % 2 != 0)
      errors.push_back(make_diagnostic(diagnostics::kSpecPool, where,
                                       {fmt::format("{} x {}", shape.height, shape.width)}));
    shape = {shape.channels, shape.height / 2, shape.width / 2};
  }
  void operator()(const DenseSpec& dense) {
    check(errors, where, {"classes", dense.classes, 2, 256});
    check(errors, where, {"weight_bits", dense.weight_bits, 2, 8});
    shape = {dense.classes, 1, 1};
  }
};

/// Appends the steps of one layer after the other; weights and norms have their sizes and no values yet.
struct ChainBuilder {
  explicit ChainBuilder(const NetworkSpec& spec)
      : graph{spec.name, spec.input, 1, {}, {}}, shape(spec.input) {}

  void add(std::string name, graph::Operation operation) {
    const int value = graph.output();
    graph.steps.push_back({std::move(name), std::move(operation), {value}});
  }
  graph::Weights weights(std::vector<std::int64_t> sizes, int weight_bits) {
    std::int64_t count = 1;
    for (const auto size : sizes) count *= size;
    bits.weights.push_back(weight_bits);
    bits.activations.push_back(entering);
    return {std::move(sizes), std::vector<float>(static_cast<std::size_t>(count)), {}, {}};
  }
  void operator()(const ConvSpec& conv) {
    const auto name = fmt::format("conv{}", bits.weights.size() + 1);
    const int pad = conv.kernel / 2;
    add(name, graph::Conv{.weights = weights({conv.channels, shape.channels, conv.kernel, conv.kernel},
                                             conv.weight_bits),
                          .window = {conv.kernel, conv.kernel, 1, 1, pad, pad, pad, pad}});
    add(name + "_norm",
        graph::BatchNorm{.gain = std::vector<float>(static_cast<std::size_t>(conv.channels))});
    add(name + "_relu", graph::Relu{});
    shape.channels = conv.channels;
    entering = conv.activation_bits;
  }
  void operator()(const MaxPoolSpec&) {
    add(fmt::format("pool{}", bits.weights.size()),
        graph::MaxPool{{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}});
    shape = {shape.channels, shape.height / 2, shape.width / 2};
  }
  void operator()(const DenseSpec& dense) {
    add("flatten", graph::Flatten{});
    auto made = weights({dense.classes, shape.elements()}, dense.weight_bits);
    made.bias.resize(static_cast<std::size_t>(dense.classes));
    add("dense", graph::Linear{std::move(made)});
  }

  graph::Graph graph;
  graph::Bits bits;
  ir::Shape shape;
  int entering = 8;  ///< bits of the activations that enter the next layer
};

std::string_view kind_of(const LayerSpec& layer) {
  static constexpr std::string_view kNames[] = {"conv", "max_pool", "dense"};
  return kNames[layer.index()];
}

}  // namespace

Result<std::vector<ir::Shape>> output_shapes(const NetworkSpec& spec) {
  ShapeWalk walk{"input", spec.input, {}};
  check(walk.errors, "input", {"channels", spec.input.channels, 1, 4096});
  check(walk.errors, "input", {"height", spec.input.height, 1, 4096});
  check(walk.errors, "input", {"width", spec.input.width, 1, 4096});
  check(walk.errors, "layers", {"number of layers", static_cast<int>(spec.layers.size()), 1, 1000});
  std::vector<ir::Shape> shapes;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    walk.where = fmt::format("layers[{}]", i);
    const bool dense = std::holds_alternative<DenseSpec>(spec.layers[i]);
    if (dense != (i + 1 == spec.layers.size()))
      walk.errors.push_back(
          make_diagnostic(diagnostics::kSpecLast, walk.where, {std::string(kind_of(spec.layers[i]))}));
    std::visit(walk, spec.layers[i]);
    shapes.push_back(walk.shape);
  }
  if (!walk.errors.empty()) return walk.errors;
  return shapes;
}

graph::Graph to_graph(const NetworkSpec& spec, std::uint64_t seed) {
  ChainBuilder chain(spec);
  for (const auto& layer : spec.layers) std::visit(chain, layer);
  return graph::he_initialised(graph::place(chain.graph, {.bits = chain.bits}), seed);
}

}  // namespace bitmason::qat
