#include "zoo/graph.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::zoo {

namespace {

using Ints = std::vector<std::int64_t>;

constexpr double kEpsilon = 0x1p-16;

}  // namespace

ir::Conv convolution(const Step& step, const ir::Shape& in, const DrawnWeights& weights, int bits) {
  ir::Conv result;
  const auto* conv = std::get_if<Conv>(&step.operation);
  const bool depthwise = conv != nullptr && conv->depthwise;
  result.window = conv != nullptr ? conv->window : ir::Window{.kernel_h = in.height, .kernel_w = in.width};
  result.groups = depthwise ? in.channels : 1;
  result.weights = {.out_channels = step.shape.channels,
                    .in_channels = depthwise ? 1 : in.channels,
                    .kernel_h = result.window.kernel_h,
                    .kernel_w = result.window.kernel_w,
                    .values = weights.codes,
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

Real write_norm(onnxio::QonnxBuilder& graph, const std::string& step, const std::string& name,
                Values accumulators, const std::vector<ChannelNorm>& norms, const std::vector<double>& unit) {
  Real real{"", std::move(accumulators), {}, {}};
  std::vector<float> gain;
  std::vector<float> offset;
  std::vector<float> mean;
  std::vector<float> variance;
  for (std::size_t c = 0; c < norms.size(); ++c) {
    const ChannelNorm& norm = norms[c];
    const double own = unit.size() == 1 ? unit[0] : unit[c];
    mean.push_back(static_cast<float>(own * norm.mean));
    variance.push_back(static_cast<float>(own * own * norm.variance));
    const double deviation = std::sqrt(double{variance.back()} + kEpsilon);
    gain.push_back(static_cast<float>(norm.gain / own * deviation));
    const double slope = double{gain.back()} / deviation;
    offset.push_back(static_cast<float>(norm.offset + slope * double{mean.back()}));
    real.gain.push_back(slope * own);
    real.offset.push_back(double{offset.back()} - slope * double{mean.back()});
  }
  real.name =
      graph.node(step + "_norm", "BatchNormalization",
                 {name, graph.per_channel(step + "_gain", gain), graph.per_channel(step + "_offset", offset),
                  graph.per_channel(step + "_mean", mean), graph.per_channel(step + "_variance", variance)},
                 {{"epsilon", kEpsilon}});
  return real;
}

Coded write_quantiser(onnxio::QonnxBuilder& graph, const std::string& name, const Real& real,
                      const Target& target, double scale) {
  const int bits = target.bits + (target.is_signed ? 1 : 0);
  Coded coded{graph.quant(name, real.name, scale, {.bits = bits, .is_signed = target.is_signed}), {}, scale};
  const ir::Shape& shape = real.accumulators.type.shape;
  coded.values.type = {shape, target.is_signed ? IntRange::signed_bits(bits) : IntRange::unsigned_bits(bits)};
  const auto lo = static_cast<double>(coded.values.type.range.lo);
  const auto hi = static_cast<double>(coded.values.type.range.hi);
  const auto pixels = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  for (const sim::Codes& frame : real.accumulators.frames) {
    sim::Codes codes(frame.size());
    for (std::size_t i = 0; i < frame.size(); ++i) {
      const std::size_t c = i / pixels;
      const double value = (static_cast<double>(frame[i]) * real.gain[c] + real.offset[c]) / scale;
      codes[i] = static_cast<std::int64_t>(std::nearbyint(std::clamp(value, lo, hi)));
    }
    coded.values.frames.push_back(std::move(codes));
  }
  return coded;
}

}  // namespace bitmason::zoo
