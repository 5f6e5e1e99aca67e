#include "support/random_network.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include "support/graph_writer.hpp"

namespace bitmason::test {

namespace {

using Attributes = std::map<std::string, onnxio::Attribute>;

/// A value of the graph with what the next layer must know: shape and the spread of its real values.
struct Value {
  std::string name;
  int channels = 1;
  int height = 1;
  int width = 1;
  double spread = 1;  ///< rough largest magnitude
  double step = 0;    ///< real value of one code where it has just been quantised, else 0
  int bits = 0;       ///< of these codes
};

class Generator {
 public:
  explicit Generator(const RandomNetworkOptions& options)
      : options_(options),
        random_(options.seed * 2654435761u + 12345),
        graph_("random_" + std::to_string(options.seed)) {}

  onnxio::Model run();

 private:
  int draw(int lo, int hi) {
    return lo + static_cast<int>(random_() % static_cast<std::uint64_t>(hi - lo + 1));
  }
  bool chance(int percent) { return draw(0, 99) < percent; }
  double uniform(double lo, double hi) {
    return lo + (hi - lo) * static_cast<double>(random_() >> 11) / 9007199254740992.0;
  }
  double scale(double wanted) {
    return options_.exact_scales_only ? std::exp2(std::round(std::log2(wanted)))
                                      : wanted * uniform(0.8, 1.25);
  }

  Value quantised(Value x, bool after_relu);
  Value activated(const Value& x, bool after_relu);
  Value thresholded(Value x);
  Value linearly_quantised(Value x, bool is_signed);
  Value truncated(Value x);
  Value convolution(const Value& x, bool depthwise, bool keep_shape);
  Value normalised(Value x);
  Value pooled(const Value& x);
  Value wide_convolution(const Value& x);
  Value padded_pool(const Value& x);
  Value block_of_every_kind(const Value& x);
  std::string wide_weights(int out, int in, int kh, int kw, double weight_scale, int& bits);
  Attributes window(int kh, int kw, int stride, const std::vector<std::int64_t>& pads) const;
  [[nodiscard]] std::vector<std::int64_t> shape_of(const Value& x) const;
  Value residual(const Value& x);
  Value concatenated(const Value& x);
  Value moved(const Value& x);
  Value block(const Value& x);
  Value dense(const Value& x);
  std::vector<double> weights(std::size_t count, int bits, double weight_scale);

  RandomNetworkOptions options_;
  bool line_ = false;  ///< 1-D: shapes have no height
  std::mt19937_64 random_;
  GraphWriter graph_;
};

std::string rounding_name(int index) {
  static const char* const kNames[] = {"ROUND", "HALF_EVEN", "CEIL",    "FLOOR",
                                       "UP",    "DOWN",      "HALF_UP", "HALF_DOWN"};
  return kNames[index];
}

Value Generator::quantised(Value x, bool after_relu) {
  const int bits = draw(1, 8);
  if (bits == 1 && !after_relu) {
    const double s = scale(1.0);
    x.name = graph_.node("BipolarQuant", {x.name, graph_.constant({}, {s})});
    x.spread = s;
    return x;
  }
  const bool is_signed = !after_relu && bits > 1;
  const double levels = std::exp2(bits - (is_signed ? 1 : 0));
  // Clamp somewhat below the largest value, as trained networks do.
  const double s = scale(std::max(x.spread * 0.5 / levels, 1e-4));
  x.name = graph_.quant(x.name, {}, {s}, bits, is_signed, is_signed && chance(30),
                        chance(70) ? "ROUND" : rounding_name(draw(0, 7)));
  x.spread = s * levels;
  x.step = static_cast<double>(static_cast<float>(s));
  x.bits = bits;
  return x;
}

/// Up to 15 thresholds that grow, per tensor or per channel.
Value Generator::thresholded(Value x) {
  const int steps = draw(1, 15);
  const int rows = chance(50) ? x.channels : 1;
  std::vector<double> table;
  for (int row = 0; row < rows; ++row) {
    double threshold = -x.spread * uniform(0.3, 0.6);
    for (int k = 0; k < steps; ++k) {
      table.push_back(threshold);
      threshold += x.spread * uniform(0.01, 1.2 / steps);
    }
  }
  const auto s = static_cast<double>(static_cast<float>(scale(0.25)));
  // A bias of whole codes, so that zero stays a code for padding.
  x.name = graph_.node(
      "MultiThreshold", {x.name, graph_.constant({rows, steps}, table)},
      {{"out_scale", s}, {"out_bias", chance(50) ? 0.0 : -s}, {"out_dtype", std::string("INT8")}});
  x.spread = s * steps;
  x.step = 0;
  return x;
}

/// QuantizeLinear and DequantizeLinear, as QCDQ files have them; the interpreter reads the sign of the codes
/// from the attribute.
Value Generator::linearly_quantised(Value x, bool is_signed) {
  const double s = scale(std::max(x.spread * 0.5 / (is_signed ? 128 : 256), 1e-4));
  const std::string step = graph_.constant({}, {s});
  const std::string zero = graph_.zero_point(is_signed);
  x.name = graph_.node("QuantizeLinear", {x.name, step, zero}, {{"signed", std::int64_t{is_signed}}});
  x.name = graph_.node("DequantizeLinear", {x.name, step, zero});
  x.spread = s * (is_signed ? 128 : 256);
  x.step = static_cast<double>(static_cast<float>(s));
  x.bits = 8;
  return x;
}

/// Drops one or two of the lowest bits.
Value Generator::truncated(Value x) {
  const int dropped = std::min(draw(1, 2), x.bits - 2);
  const std::string mode = chance(50) ? "FLOOR" : "ROUND";
  x.name =
      graph_.node("Trunc",
                  {x.name, graph_.constant({}, {x.step}), graph_.constant({}, {0}),
                   graph_.constant({}, {double(x.bits)}), graph_.constant({}, {double(x.bits - dropped)})},
                  {{"rounding_mode", mode}});
  x.spread /= 1 << dropped;
  x.step = 0;
  return x;
}

/// One of the quantisers.
Value Generator::activated(const Value& x, bool after_relu) {
  if (chance(15)) return thresholded(x);
  if (chance(15)) return linearly_quantised(x, !after_relu);
  Value y = quantised(x, after_relu);
  return y.bits > 3 && y.step > 0 && chance(20) ? truncated(y) : y;
}

std::vector<double> Generator::weights(std::size_t count, int bits, double weight_scale) {
  std::vector<double> values(count);
  const int top = (1 << (bits - 1)) - (bits > 1 ? 1 : 0);
  for (double& value : values) value = weight_scale * draw(-top, top);
  return values;
}

Value Generator::normalised(Value x) {
  const auto c = static_cast<std::size_t>(x.channels);
  std::vector<double> gain(c), offset(c), mean(c), variance(c);
  for (std::size_t i = 0; i < c; ++i) {
    gain[i] = uniform(0.5, 1.5) * (chance(20) ? -1 : 1);
    offset[i] = uniform(-0.3, 0.3) * x.spread;
    mean[i] = uniform(-0.2, 0.2) * x.spread;
    variance[i] = uniform(0.5, 2.0);
  }
  const std::vector<std::int64_t> flat{x.channels};
  const std::vector<std::int64_t> wide{1, x.channels, 1, 1};
  if (chance(50)) {
    x.name = graph_.node("BatchNormalization",
                         {x.name, graph_.constant(flat, gain), graph_.constant(flat, offset),
                          graph_.constant(flat, mean), graph_.constant(flat, variance)},
                         {{"epsilon", 1e-5}});
  } else {
    x.name = graph_.node("Mul", {x.name, graph_.constant(wide, gain)});
    x.name = graph_.node(chance(50) ? "Add" : "Sub", {x.name, graph_.constant(wide, offset)});
  }
  x.spread *= 1.6;
  return x;
}

Value Generator::convolution(const Value& x, bool depthwise, bool keep_shape) {
  const int kh = std::min(draw(1, 3), x.height);
  const int kw = std::min(draw(1, 3), x.width);
  const bool same = keep_shape || chance(60);
  const int stride = keep_shape ? 1 : draw(1, 2);
  const int top = same ? (kh - 1) / 2 : 0;
  const int left = same ? (kw - 1) / 2 : 0;
  const int bottom = same ? kh - 1 - top : 0;
  const int right = same ? kw - 1 - left : 0;
  const int out = keep_shape || depthwise ? x.channels : draw(1, 8);
  const int in = depthwise ? 1 : x.channels;
  const int bits = draw(2, 8);
  const double s = scale(0.1);
  const auto count = static_cast<std::size_t>(out) * static_cast<std::size_t>(in * kh * kw);
  std::string w = graph_.constant({out, in, kh, kw}, weights(count, bits, s));
  const bool per_channel = chance(40);
  std::vector<double> scales(per_channel ? static_cast<std::size_t>(out) : 1, s);
  for (double& value : scales) value = per_channel ? scale(s) : value;
  w = graph_.quant(w, per_channel ? std::vector<std::int64_t>{out, 1, 1, 1} : std::vector<std::int64_t>{},
                   scales, bits, true, true);
  std::vector<std::string> inputs{x.name, w};
  if (chance(40)) {
    std::vector<double> bias(static_cast<std::size_t>(out));
    for (double& b : bias) b = uniform(-0.2, 0.2) * x.spread;
    inputs.push_back(graph_.constant({out}, bias));
  }
  Value y{graph_.node("Conv", inputs,
                      {{"kernel_shape", std::vector<std::int64_t>{kh, kw}},
                       {"strides", std::vector<std::int64_t>{stride, stride}},
                       {"pads", std::vector<std::int64_t>{top, left, bottom, right}},
                       {"group", std::int64_t{depthwise ? x.channels : 1}}}),
          out, (x.height + top + bottom - kh) / stride + 1, (x.width + left + right - kw) / stride + 1,
          x.spread * s * std::exp2(bits - 1) * std::sqrt(in * kh * kw) * 0.6};
  if (chance(60)) y = normalised(y);
  const bool relu = chance(60);
  if (relu) y.name = graph_.node("Relu", {y.name});
  return quantised(y, relu);
}

Value Generator::pooled(const Value& x) {
  const int k = std::min({draw(2, 3), x.height, x.width});
  const int stride = draw(1, 2);
  const Attributes window{{"kernel_shape", std::vector<std::int64_t>{k, k}},
                          {"strides", std::vector<std::int64_t>{stride, stride}}};
  Value y{"", x.channels, (x.height - k) / stride + 1, (x.width - k) / stride + 1, x.spread};
  const bool average = chance(35);
  y.name = graph_.node(average ? "AveragePool" : "MaxPool", {x.name}, window);
  return average ? quantised(y, false) : y;
}

Attributes Generator::window(int kh, int kw, int stride, const std::vector<std::int64_t>& pads) const {
  if (line_) {
    return {{"kernel_shape", std::vector<std::int64_t>{kw}},
            {"strides", std::vector<std::int64_t>{stride}},
            {"pads", std::vector<std::int64_t>{pads[1], pads[3]}}};
  }
  return {{"kernel_shape", std::vector<std::int64_t>{kh, kw}},
          {"strides", std::vector<std::int64_t>{stride, stride}},
          {"pads", pads}};
}

std::vector<std::int64_t> Generator::shape_of(const Value& x) const {
  if (line_) return {1, x.channels, x.width};
  return {1, x.channels, x.height, x.width};
}

/// Quantised weights of 1 to 8 bits; 1 bit is bipolar.
std::string Generator::wide_weights(int out, int in, int kh, int kw, double weight_scale, int& bits) {
  bits = chance(25) ? 1 : draw(2, 8);
  std::vector<std::int64_t> shape{out, in, kh, kw};
  if (line_) shape.erase(shape.begin() + 2);
  const auto count = static_cast<std::size_t>(out) * static_cast<std::size_t>(in * kh * kw);
  const std::string plain = graph_.constant(shape, weights(count, std::max(bits, 2), weight_scale));
  if (bits == 1 && chance(50)) {
    return graph_.node("BipolarQuant", {plain, graph_.constant({}, {weight_scale})});
  }
  return graph_.quant(plain, {}, {weight_scale}, bits, true, bits > 1);
}

/// Kernels up to 7, groups, any padding, also with a code other than zero.
Value Generator::wide_convolution(const Value& x) {
  const int most = chance(20) ? 7 : 5;
  const int kh = line_ ? 1 : draw(1, std::min(most, x.height));
  const int kw = draw(1, std::min(most, x.width));
  const int stride = chance(70) ? 1 : 2;
  std::vector<std::int64_t> pads(4, 0);
  for (std::size_t side = 0; side < 4; ++side) {
    const int kernel = side % 2 == 0 ? kh : kw;
    if (chance(60)) pads[side] = draw(0, kernel - 1);
  }
  std::vector<int> groups;
  for (int g = 1; g <= x.channels; ++g) {
    if (x.channels % g == 0) groups.push_back(g);
  }
  const int group = groups[static_cast<std::size_t>(draw(0, static_cast<int>(groups.size()) - 1))];
  const int out = group * draw(1, std::max(1, 8 / group));
  const int height = (x.height + static_cast<int>(pads[0] + pads[2]) - kh) / stride + 1;
  const int width = (x.width + static_cast<int>(pads[1] + pads[3]) - kw) / stride + 1;
  std::string from = x.name;
  std::vector<std::int64_t> own = pads;
  if (x.step > 0 && chance(30)) {
    std::vector<std::int64_t> around{0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]};
    if (line_) around = {0, 0, pads[1], 0, 0, pads[3]};
    const auto rank = static_cast<std::int64_t>(around.size());
    from = graph_.node("Pad", {from, graph_.integers({rank}, around), graph_.constant({}, {x.step})});
    own.assign(4, 0);
  }
  const double s = scale(0.1);
  int bits = 0;
  Attributes attributes = window(kh, kw, stride, own);
  attributes["group"] = std::int64_t{group};
  const std::string w = wide_weights(out, x.channels / group, kh, kw, s, bits);
  Value y{graph_.node("Conv", {from, w}, attributes), out, height, width,
          x.spread * s * std::exp2(bits - 1) * std::sqrt(x.channels / group * kh * kw) * 0.6};
  if (!line_ && chance(40)) y = normalised(y);
  const bool relu = chance(50);
  if (relu) y.name = graph_.node("Relu", {y.name});
  return activated(y, relu);
}

/// Pooling with padding; an average counts the padding, as exact sums need it.
Value Generator::padded_pool(const Value& x) {
  const int kh = line_ ? 1 : std::min(draw(1, 3), x.height);
  const int kw = std::min(draw(1, 4), x.width);
  const int stride = draw(1, 2);
  const std::vector<std::int64_t> pads{draw(0, kh - 1), draw(0, kw - 1), draw(0, kh - 1), draw(0, kw - 1)};
  Attributes attributes = window(kh, kw, stride, pads);
  Value y{"", x.channels, (x.height + static_cast<int>(pads[0] + pads[2]) - kh) / stride + 1,
          (x.width + static_cast<int>(pads[1] + pads[3]) - kw) / stride + 1, x.spread};
  if (x.step > 0 && chance(35)) {
    attributes["count_include_pad"] = std::int64_t{1};
    y.name = graph_.node("AveragePool", {x.name}, attributes);
    return activated(y, false);
  }
  y.name = graph_.node("MaxPool", {x.name}, attributes);
  return y;
}

Value Generator::block_of_every_kind(const Value& x) {
  if (x.height * x.width > 144) return pooled(x);
  switch (draw(0, line_ ? 4 : 8)) {
    case 0:
    case 1:
    case 2:
      return wide_convolution(x);
    case 3:
    case 4:
      return padded_pool(x);
    case 5:
      return moved(x);
    case 6:
      return residual(x);
    case 7:
      return concatenated(x);
    default:
      return convolution(x, true, false);
  }
}

Value Generator::residual(const Value& x) {
  const Value branch = convolution(x, false, true);
  Value sum{graph_.node("Add", {branch.name, x.name}), x.channels, x.height, x.width,
            branch.spread + x.spread};
  const bool relu = chance(50);
  if (relu) sum.name = graph_.node("Relu", {sum.name});
  return quantised(sum, relu);
}

Value Generator::concatenated(const Value& x) {
  const Value left = convolution(x, false, true);
  const Value right = chance(50) ? x : convolution(x, false, true);
  const Value joined{graph_.node("Concat", {left.name, right.name}, {{"axis", std::int64_t{1}}}),
                     left.channels + right.channels, x.height, x.width, std::max(left.spread, right.spread)};
  // One quantiser brings both branches to one scale.
  return quantised(joined, false);
}

Value Generator::moved(const Value& x) {
  if (x.height % 2 == 0 && x.width % 2 == 0 && chance(50)) {
    return {graph_.node("SpaceToDepth", {x.name}, {{"blocksize", std::int64_t{2}}}), x.channels * 4,
            x.height / 2, x.width / 2, x.spread};
  }
  if (x.channels % 4 == 0 && chance(50)) {
    const std::string mode = chance(50) ? "CRD" : "DCR";
    return {graph_.node("DepthToSpace", {x.name}, {{"blocksize", std::int64_t{2}}, {"mode", mode}}),
            x.channels / 4, x.height * 2, x.width * 2, x.spread};
  }
  if (x.height * x.width > 36) return pooled(x);
  const std::string none = graph_.constant({0}, {});
  return {graph_.node("Resize", {x.name, none, graph_.constant({4}, {1, 1, 2, 2})},
                      {{"mode", std::string("nearest")},
                       {"coordinate_transformation_mode", std::string("asymmetric")},
                       {"nearest_mode", std::string("floor")}}),
          x.channels, x.height * 2, x.width * 2, x.spread};
}

Value Generator::block(const Value& x) {
  switch (draw(0, 7)) {
    case 0:
      return x.height > 2 && x.width > 2 ? pooled(x) : convolution(x, false, false);
    case 1:
      return residual(x);
    case 2:
      return concatenated(x);
    case 3:
      return moved(x);
    case 4:
      return convolution(x, true, false);
    default:
      return convolution(x, false, false);
  }
}

Value Generator::dense(const Value& x) {
  const int in = x.channels * x.height * x.width;
  const int out = draw(2, 10);
  const int bits = draw(2, 8);
  const double s = scale(0.1);
  const std::string flat = graph_.node("Flatten", {x.name});
  std::string w = graph_.constant({out, in}, weights(static_cast<std::size_t>(in * out), bits, s));
  w = graph_.quant(w, {}, {s}, bits, true, true);
  std::vector<double> bias(static_cast<std::size_t>(out));
  for (double& b : bias) b = uniform(-1, 1) * x.spread;
  return {graph_.node("Gemm", {flat, w, graph_.constant({out}, bias)}, {{"transB", std::int64_t{1}}}), out, 1,
          1, 1};
}

onnxio::Model Generator::run() {
  Value x{"image", draw(1, 4), draw(3, 10), draw(3, 10), 1.0};
  line_ = options_.every_kind && chance(15);
  if (line_) x.height = 1;
  graph_.input("image", shape_of(x));
  x = quantised(x, false);
  const int blocks = draw(1, options_.max_blocks);
  for (int i = 0; i < blocks; ++i) x = options_.every_kind ? block_of_every_kind(x) : block(x);
  if (chance(60)) {
    x = dense(x);
    return std::move(graph_).finish(x.name, {1, x.channels});
  }
  x = line_ ? wide_convolution(x) : convolution(x, false, false);
  return std::move(graph_).finish(x.name, shape_of(x));
}

}  // namespace

onnxio::Model random_network(const RandomNetworkOptions& options) {
  return Generator(options).run();
}

}  // namespace bitmason::test
