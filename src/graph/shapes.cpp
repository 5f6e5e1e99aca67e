#include <fmt/format.h>

#include "graph/diagnostics.hpp"
#include "graph/graph.hpp"

namespace bitmason::graph {

namespace {

std::string text_of(const ir::Shape& shape) {
  return fmt::format("{} x {} x {}", shape.channels, shape.height, shape.width);
}

/// Shape of one step's result; `misfit` names what the inputs do not fit.
struct ShapeOf {
  const std::vector<ir::Shape>& in;
  std::string misfit;

  ir::Shape windowed(const ir::Window& w, int channels) {
    const ir::Shape& x = in[0];
    if (x.height + w.pad_top + w.pad_bottom < w.kernel_h || x.width + w.pad_left + w.pad_right < w.kernel_w)
      misfit = fmt::format("a window of {} x {}", w.kernel_h, w.kernel_w);
    return {channels, w.output_height(x.height), w.output_width(x.width)};
  }
  ir::Shape per_channel(std::size_t channels) {
    if (channels != static_cast<std::size_t>(in[0].channels)) misfit = fmt::format("{} channels", channels);
    return in[0];
  }
  ir::Shape operator()(const Conv& conv) {
    const auto& shape = conv.weights.shape;
    if (shape[1] * conv.groups != in[0].channels || shape[0] % conv.groups != 0)
      misfit = fmt::format("weights of {} groups of {} inputs", conv.groups, shape[1]);
    return windowed(conv.window, static_cast<int>(shape[0]));
  }
  ir::Shape operator()(const Linear& linear) {
    const auto& shape = linear.weights.shape;
    if (shape[1] != in[0].channels || in[0].height * in[0].width != 1)
      misfit = fmt::format("weights of {} inputs", shape[1]);
    return {static_cast<int>(shape[0]), 1, 1};
  }
  ir::Shape operator()(const BatchNorm& norm) { return per_channel(norm.gain.size()); }
  ir::Shape operator()(const Relu&) { return in[0]; }
  ir::Shape operator()(const MaxPool& pool) { return windowed(pool.window, in[0].channels); }
  ir::Shape operator()(const AveragePool& pool) { return windowed(pool.window, in[0].channels); }
  ir::Shape operator()(const Add&) {
    if (!(in[0] == in[1])) misfit = "the other input of " + text_of(in[1]);
    return in[0];
  }
  ir::Shape operator()(const Concat&) {
    ir::Shape sum = in[0];
    for (std::size_t i = 1; i < in.size(); ++i) {
      if (in[i].height != sum.height || in[i].width != sum.width)
        misfit = "the other input of " + text_of(in[i]);
      sum.channels += in[i].channels;
    }
    return sum;
  }
  ir::Shape operator()(const SpaceToDepth& depth) {
    if (in[0].height % depth.block != 0 || in[0].width % depth.block != 0)
      misfit = fmt::format("blocks of {}", depth.block);
    return {in[0].channels * depth.block * depth.block, in[0].height / depth.block,
            in[0].width / depth.block};
  }
  ir::Shape operator()(const Flatten&) { return {static_cast<int>(in[0].elements()), 1, 1}; }
  ir::Shape operator()(const Quantise&) { return in[0]; }
};

}  // namespace

Result<ir::Shape> shape_of(const Step& step, const std::vector<ir::Shape>& inputs) {
  ShapeOf shape_of{inputs, {}};
  const ir::Shape shape = std::visit(shape_of, step.operation);
  if (!shape_of.misfit.empty())
    return make_diagnostic(diagnostics::kShape, step.name,
                           {std::string(kind_name(step.operation)), text_of(inputs[0]), shape_of.misfit});
  return shape;
}

Result<std::vector<ir::Shape>> shapes(const Graph& graph) {
  std::vector<ir::Shape> all{graph.input};
  for (const Step& step : graph.steps) {
    std::vector<ir::Shape> inputs;
    for (const int value : step.inputs) inputs.push_back(all[static_cast<std::size_t>(value)]);
    const auto shape = shape_of(step, inputs);
    if (!shape) return shape.errors();
    all.push_back(*shape);
  }
  if (graph.steps.empty() || graph.steps.back().weights() == nullptr) {
    const std::string last =
        graph.steps.empty() ? "its input" : std::string(kind_name(graph.steps.back().operation));
    return make_diagnostic(diagnostics::kLast, graph.name, {last});
  }
  return all;
}

}  // namespace bitmason::graph
