#include "zoo/topology.hpp"

#include <cassert>

namespace bitmason::zoo {

namespace {

struct ShapeOf {
  const ir::Shape& in;
  int other_channels;

  ir::Shape operator()(const Conv& conv) const {
    assert(!conv.depthwise || conv.channels == in.channels);
    return {conv.channels, conv.window.output_height(in.height), conv.window.output_width(in.width)};
  }
  ir::Shape operator()(const Dense& dense) const { return {dense.outputs, 1, 1}; }
  ir::Shape operator()(const MaxPool&) const { return {in.channels, in.height / 2, in.width / 2}; }
  ir::Shape operator()(const AveragePool&) const { return {in.channels, 1, 1}; }
  ir::Shape operator()(const SpaceToDepth&) const { return {in.channels * 4, in.height / 2, in.width / 2}; }
  ir::Shape operator()(const Concat&) const { return {in.channels + other_channels, in.height, in.width}; }
  ir::Shape operator()(const Sum&) const { return in; }
};

}  // namespace

std::int64_t Topology::fan_in(const Step& step) const {
  const ir::Shape& in = shape(step.inputs[0]);
  const auto* conv = std::get_if<Conv>(&step.operation);
  if (conv == nullptr) return in.elements();
  return std::int64_t{conv->depthwise ? 1 : in.channels} * conv->window.kernel_h * conv->window.kernel_w;
}

std::vector<std::string> Topology::weighted() const {
  std::vector<std::string> names;
  for (const Step& step : steps) {
    if (step.has_weights()) names.push_back(step.name);
  }
  return names;
}

std::int64_t Topology::macs() const {
  std::int64_t sum = 0;
  for (const Step& step : steps) {
    if (step.has_weights()) sum += fan_in(step) * step.shape.elements();
  }
  return sum;
}

std::int64_t Topology::weights() const {
  std::int64_t sum = 0;
  for (const Step& step : steps) {
    if (step.has_weights()) sum += fan_in(step) * step.shape.channels;
  }
  return sum;
}

int Sketch::add(std::string name, Operation operation, std::vector<int> inputs) {
  const int other = inputs.size() > 1 ? topology_.shape(inputs[1]).channels : 0;
  const ir::Shape shape = std::visit(ShapeOf{topology_.shape(inputs[0]), other}, operation);
  topology_.steps.push_back({std::move(name), operation, std::move(inputs), shape});
  last_ = static_cast<int>(topology_.steps.size());
  return last_;
}

ir::Window same(int kernel, int stride) {
  const int pad = (kernel - 1) / 2;
  return {kernel, kernel, stride, stride, pad, pad, pad, pad};
}

ir::Window valid(int kernel) {
  return {.kernel_h = kernel, .kernel_w = kernel};
}

}  // namespace bitmason::zoo
