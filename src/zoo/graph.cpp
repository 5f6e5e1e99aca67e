#include "zoo/graph.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::zoo {

using Ints = std::vector<std::int64_t>;

ir::Conv convolution(const Step& step, const ir::Shape& in, std::vector<std::int32_t> weights, int bits) {
  ir::Conv result;
  const auto* conv = std::get_if<Conv>(&step.operation);
  const bool depthwise = conv != nullptr && conv->depthwise;
  result.window = conv != nullptr ? conv->window : ir::Window{.kernel_h = in.height, .kernel_w = in.width};
  result.groups = depthwise ? in.channels : 1;
  result.weights = {.out_channels = step.shape.channels,
                    .in_channels = depthwise ? 1 : in.channels,
                    .kernel_h = result.window.kernel_h,
                    .kernel_w = result.window.kernel_w,
                    .values = std::move(weights),
                    .range = bits == 1 ? IntRange{-1, 1} : IntRange::narrow_bits(bits)};
  return result;
}

std::string write_product(onnxio::QonnxBuilder& graph, const Step& step, const std::string& input,
                          const std::string& weights, const std::string& bias) {
  std::vector<std::string> inputs{input, weights};
  if (!bias.empty()) inputs.push_back(bias);
  const auto* conv = std::get_if<Conv>(&step.operation);
  if (conv == nullptr) {
    inputs[0] = graph.node(step.name + "_flatten", "Flatten", {input}, {{"axis", std::int64_t{1}}});
    return graph.node(
        step.name, "Gemm", inputs,
        {{"alpha", 1.0}, {"beta", 1.0}, {"transA", std::int64_t{0}}, {"transB", std::int64_t{1}}});
  }
  const ir::Window& w = conv->window;
  return graph.node(step.name, "Conv", inputs,
                    {{"kernel_shape", Ints{w.kernel_h, w.kernel_w}},
                     {"pads", Ints{w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}},
                     {"strides", Ints{w.stride_h, w.stride_w}},
                     {"dilations", Ints{1, 1}},
                     {"group", std::int64_t{conv->depthwise ? conv->channels : 1}}});
}

Real write_norm(onnxio::QonnxBuilder& graph, const Step& step, const std::string& name, double unit,
                Values accumulators, const IntegerNorm& norm, double scale) {
  Real real{"", std::move(accumulators), norm.bias, {}};
  std::vector<double> offsets;
  std::vector<double> factors;
  for (std::size_t c = 0; c < norm.bias.size(); ++c) {
    real.gain.push_back(std::ldexp(static_cast<double>(norm.multiplier[c]), -norm.shift) * scale);
    offsets.push_back(static_cast<double>(norm.bias[c]) / 8 * unit);
    factors.push_back(real.gain.back() / unit);
  }
  Ints shape{static_cast<std::int64_t>(norm.bias.size())};
  if (!std::holds_alternative<Dense>(step.operation)) shape.insert(shape.end(), {1, 1});
  const auto offset = graph.constant(step.name + "_offset", shape, std::move(offsets));
  const auto factor = graph.constant(step.name + "_factor", shape, std::move(factors));
  const auto sum = graph.node(step.name + "_shift", "Add", {name, offset});
  real.name = graph.node(step.name + "_scale", "Mul", {sum, factor});
  return real;
}

Values quantise(const Real& real, const IntRange& range, double scale) {
  const ir::Shape& shape = real.accumulators.type.shape;
  Values values{{shape, range}, {}};
  const auto lo = static_cast<double>(range.lo);
  const auto hi = static_cast<double>(range.hi);
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (const sim::Codes& frame : real.accumulators.frames) {
    sim::Codes codes(frame.size());
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const std::size_t c = i / pixels;
      const double value = static_cast<double>(8 * frame[i] + real.eighths[c]) * (real.gain[c] / (8 * scale));
      codes[i] = static_cast<std::int64_t>(std::nearbyint(std::clamp(value, lo, hi)));
    }
    values.frames.push_back(std::move(codes));
  }
  return values;
}

}  // namespace bitmason::zoo
