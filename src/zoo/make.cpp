#include "zoo/make.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "zoo/demand.hpp"
#include "zoo/graph.hpp"
#include "zoo/weights.hpp"

namespace bitmason::zoo {

namespace {

constexpr int kBiasBits = 24;

/// Writes the steps in order and keeps the integers of every quantised value.
class Maker {
 public:
  Maker(const Order& order, const std::vector<sim::Codes>& frames, const Progress& progress)
      : order_(order),
        progress_(progress),
        demands_(demands(order.topology, order.bits)),
        pooled_(pooled(order.topology)),
        graph_(order.topology.name, "bitmason-zoo") {
    const ir::Shape& in = order.topology.input;
    const auto image = graph_.input("image", {1, in.channels, in.height, in.width});
    const int bits = order.bits.activations.front();
    coded_[{0, bits}] = {graph_.quant("input", image, 1, {.bits = bits}), {image_type(order), frames}, 1};
  }

  void write(const Step& step) {
    step_ = &step;
    value_ = static_cast<std::size_t>(&step - order_.topology.steps.data()) + 1;
    std::visit([&](const auto& operation) { (*this)(operation); }, step.operation);
  }
  onnxio::Model take() { return graph_.take(); }

  void operator()(const Conv& conv) { weighted(conv.relu); }
  void operator()(const Dense&) { weighted(true); }

  void operator()(const MaxPool&) {
    using Ints = std::vector<std::int64_t>;
    pass("MaxPool", {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"pads", Ints{0, 0, 0, 0}}},
         ir::MaxPool{{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}});
  }
  void operator()(const SpaceToDepth&) {
    pass("SpaceToDepth", {{"blocksize", std::int64_t{2}}}, ir::SpaceToDepth{});
  }
  void operator()(const Concat&) { pass("Concat", {{"axis", std::int64_t{1}}}, ir::Concat{}); }

  /// Sum of two values whose scales differ by a power of two.
  void operator()(const Sum&) {
    const int bits = widest();
    const Coded& a = input(0, bits);
    const Coded& b = input(1, bits);
    const double unit = std::min(a.scale, b.scale);
    const auto multiple = [&](const Coded& coded) { return std::llround(coded.scale / unit); };
    const auto channels = static_cast<std::size_t>(step_->shape.channels);
    Real real{graph_.node(step_->name, "Add", {a.name, b.name}),
              execute(ir::Add{{multiple(a), multiple(b)}}, {&a.values, &b.values}),
              std::vector<std::int64_t>(channels), std::vector<double>(channels, unit)};
    real.name = graph_.node(step_->name + "_relu", "Relu", {real.name});
    // Only the quantiser's scale can keep a code from crowding: the sum has no norm of its own.
    const Target target{.bits = bits};
    constexpr double kStretches[] = {1, 2, 0.5};
    close(real, target, *std::ranges::min_element(kStretches, {}, [&](double stretch) {
            return crowding(real, target, stretch);
          }));
  }

  void operator()(const AveragePool&) {
    const Coded& in = input(0, widest());
    const ir::Shape& frame = in.values.type.shape;
    const auto pixels = frame.elements() / frame.channels;
    const auto mean = graph_.node(step_->name, "GlobalAveragePool", {in.name});
    const auto count = graph_.constant(step_->name + "_pixels", {}, {static_cast<double>(pixels)});
    const auto sum = graph_.node(step_->name + "_sum", "Mul", {mean, count});
    normalise(sum, in.scale,
              execute(ir::SumPool{{.kernel_h = frame.height, .kernel_w = frame.width}}, {&in.values}),
              {.bits = widest()});
  }

 private:
  [[nodiscard]] Random stream(std::uint64_t index) const {
    return {order_.seed, (order_.attempt << 32) + index};
  }
  [[nodiscard]] int widest() const { return *demands_[value_].begin(); }
  [[nodiscard]] const Coded& input(std::size_t index, int bits) const {
    return coded_.at({static_cast<std::size_t>(step_->inputs[index]), bits});
  }

  /// Reordering of codes, once per width that is asked for.
  void pass(const char* op_type, const std::map<std::string, onnxio::Attribute>& attributes,
            const ir::Operation& operation) {
    for (const int bits : demands_[value_]) {
      std::vector<std::string> names;
      std::vector<const Values*> values;
      for (std::size_t i = 0; i < step_->inputs.size(); ++i) {
        names.push_back(input(i, bits).name);
        values.push_back(&input(i, bits).values);
      }
      coded_[{value_, bits}] = {graph_.node(named(bits), op_type, names, attributes),
                                execute(operation, values), input(0, bits).scale};
    }
  }

  /// The step's name; with the width where there are several.
  [[nodiscard]] std::string named(int bits) const {
    return demands_[value_].size() == 1 ? step_->name : fmt::format("{}_a{}", step_->name, bits);
  }

  void weighted(bool has_relu) {
    const auto layers = order_.bits.weights.size();
    const int bits = order_.bits.weights[layer_];
    const Coded& in = input(0, order_.bits.activations[layer_]);
    progress_(fmt::format("{} {} of {}: {}", order_.topology.name, layer_ + 1, layers, step_->name));
    const bool last = ++layer_ == layers;
    const WeightShape shape{step_->shape.channels, order_.topology.fan_in(*step_), bits};
    const float scale = weight_scale(shape);
    Product product = draw_lively(in, shape);
    const auto weights = graph_.coded(
        step_->name + "_weight", {file_shape(product.conv), bits, product.conv.weights.values, {&scale, 1}});
    const double unit = double{scale} * in.scale;
    if (last) {
      finish(in, weights, unit, product.accumulators);
      return;
    }
    const auto name = write_product(graph_, *step_, in.name, weights, "");
    // Signed codes of one bit are -1 and +1, which is no branch of a sum.
    const Target target{has_relu ? widest() : std::max(2, widest()), !has_relu, pooled_[value_]};
    normalise(name, unit, std::move(product.accumulators), target);
  }

  struct Product {
    ir::Conv conv;
    Values accumulators;
  };

  /// Filters whose accumulators are all equal (few pixels, few bits) are drawn again, some times.
  [[nodiscard]] Product draw_lively(const Coded& in, const WeightShape& shape) const {
    constexpr int kTimes = 8;
    Random random = stream(2 * layer_);
    Product product{convolution(*step_, in.values.type.shape, draw_weights(shape, random), shape.bits), {}};
    for (int k = 0;; ++k) {
      product.accumulators = execute(product.conv, {&in.values});
      const auto constant = constant_channels(product.accumulators);
      if (k == kTimes || std::ranges::count(constant, true) == 0) return product;
      for (std::size_t c = 0; c < constant.size(); ++c) {
        if (constant[c]) redraw(shape, static_cast<std::int64_t>(c), random, product.conv.weights.values);
      }
    }
  }

  [[nodiscard]] std::vector<std::int64_t> file_shape(const ir::Conv& conv) const {
    const ir::Weights& w = conv.weights;
    if (std::holds_alternative<Dense>(step_->operation))
      return {w.out_channels, std::int64_t{w.in_channels} * w.kernel_h * w.kernel_w};
    return {w.out_channels, w.in_channels, w.kernel_h, w.kernel_w};
  }

  /// Norm, ReLU but for a branch, and a quantiser per width.
  void normalise(const std::string& name, double unit, Values accumulators, const Target& target) {
    const auto norm = calibrate(accumulators, target, stream(2 * value_ + 1));
    Real real = write_norm(graph_, *step_, name, unit, std::move(accumulators), norm, target.scale());
    if (!target.is_signed) real.name = graph_.node(step_->name + "_relu", "Relu", {real.name});
    close(real, target, 1);
  }

  void close(const Real& real, Target target, double stretch) {
    for (const int bits : demands_[value_]) {
      // A branch is wanted once, in the width that its target has.
      if (!target.is_signed) target.bits = bits;
      const double scale = stretch * target.scale();
      const auto name =
          graph_.quant(named(bits), real.name, scale, {.bits = target.bits, .is_signed = target.is_signed});
      coded_[{value_, bits}] = {name, quantise(real, target.range(), scale), scale};
    }
  }

  /// How many values hold the most frequent code.
  [[nodiscard]] static std::int64_t crowding(const Real& real, const Target& target, double stretch) {
    std::map<std::int64_t, std::int64_t> seen;
    std::int64_t most = 0;
    for (const auto& frame : quantise(real, target.range(), stretch * target.scale()).frames) {
      for (const std::int64_t code : frame) most = std::max(most, ++seen[code]);
    }
    return most;
  }

  /// The last layer: a bias of whole accumulator steps.
  void finish(const Coded& in, const std::string& weights, double unit, const Values& accumulators) {
    std::vector<double> bias;
    for (const auto code : centring_bias(accumulators, stream(0)))
      bias.push_back(static_cast<double>(code) * unit);
    const auto real = graph_.constant(step_->name + "_bias", {step_->shape.channels}, std::move(bias));
    const auto quantised =
        graph_.quant(step_->name + "_bias", real, unit, {.bits = kBiasBits, .is_signed = true});
    write_product(graph_, *step_, in.name, weights, quantised);
    std::vector<std::int64_t> shape{1, step_->shape.channels};
    if (!std::holds_alternative<Dense>(step_->operation))
      shape.insert(shape.end(), {step_->shape.height, step_->shape.width});
    graph_.output("output", std::move(shape));
  }

  const Order& order_;
  const Progress& progress_;
  const std::vector<std::set<int, std::greater<>>> demands_;
  const std::vector<bool> pooled_;
  onnxio::QonnxBuilder graph_;
  std::map<std::pair<std::size_t, int>, Coded> coded_;  ///< by value and width
  const Step* step_ = nullptr;                          ///< being written
  std::size_t value_ = 0;                               ///< of step_
  std::size_t layer_ = 0;                               ///< steps with weights so far
};

}  // namespace

ir::TensorType image_type(const Order& order) {
  return {order.topology.input, IntRange::unsigned_bits(order.bits.activations.front())};
}

onnxio::Model make_model(const Order& order, const std::vector<sim::Codes>& frames,
                         const Progress& progress) {
  Maker maker(order, frames, progress);
  for (const Step& step : order.topology.steps) maker.write(step);
  return maker.take();
}

}  // namespace bitmason::zoo
