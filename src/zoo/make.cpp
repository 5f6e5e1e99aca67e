#include "zoo/make.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "zoo/demand.hpp"
#include "zoo/graph.hpp"

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

  /// Sum of two branches whose scales differ by a power of two at most.
  void operator()(const Sum&) {
    const int bits = widest();
    const Coded& a = input(0, bits);
    const Coded& b = input(1, bits);
    const double unit = std::min(a.scale, b.scale);
    const auto multiple = [&](const Coded& coded) { return std::llround(coded.scale / unit); };
    Real real{graph_.node(step_->name, "Add", {a.name, b.name}),
              execute(ir::Add{{multiple(a), multiple(b)}}, {&a.values, &b.values}),
              {},
              {}};
    real.gain.assign(static_cast<std::size_t>(step_->shape.channels), unit);
    real.offset.assign(real.gain.size(), 0);
    relu(real);
    // Without batch norm, only the scale can keep the largest code from crowding.
    close(real, false, crowded(real) ? 2 : 1);
  }

  void operator()(const AveragePool&) {
    const Coded& in = input(0, widest());
    const ir::Shape& frame = in.values.type.shape;
    const auto mean = graph_.node(step_->name, "GlobalAveragePool", {in.name});
    const ir::Window window{.kernel_h = frame.height, .kernel_w = frame.width};
    normalise(mean, execute(ir::SumPool{window}, {&in.values}),
              {in.scale * frame.channels / static_cast<double>(frame.elements())}, false);
  }

 private:
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
    const Random random(order_.seed, 2 * layer_);
    const DrawnWeights drawn = last ? draw_shared_scale_weights(shape, random) : draw_weights(shape, random);
    const ir::Conv conv = convolution(*step_, in.values.type.shape, drawn, bits);
    const auto weights =
        graph_.coded(step_->name + "_weight", {file_shape(conv), bits, drawn.codes, drawn.scales});
    Values accumulators = execute(conv, {&in.values});
    if (last) {
      finish(in, weights, double{drawn.scales[0]} * in.scale, accumulators);
      return;
    }
    std::vector<double> unit;
    for (const float scale : drawn.scales) unit.push_back(double{scale} * in.scale);
    normalise(write_product(graph_, *step_, in.name, weights, ""), std::move(accumulators), unit, has_relu);
  }

  [[nodiscard]] std::vector<std::int64_t> file_shape(const ir::Conv& conv) const {
    const ir::Weights& w = conv.weights;
    if (std::holds_alternative<Dense>(step_->operation))
      return {w.out_channels, std::int64_t{w.in_channels} * w.kernel_h * w.kernel_w};
    return {w.out_channels, w.in_channels, w.kernel_h, w.kernel_w};
  }

  /// Batch norm and a quantiser per width; a value without ReLU is a branch of a sum, but for a mean.
  void normalise(const std::string& name, Values accumulators, const std::vector<double>& unit,
                 bool has_relu) {
    const bool is_signed = !has_relu && step_->has_weights();
    const Target target{widest(), is_signed, pooled_[value_]};
    const auto norms = calibrate(accumulators, target, Random(order_.seed, 2 * value_ + 1));
    Real real = write_norm(graph_, step_->name, name, std::move(accumulators), norms, unit);
    if (has_relu) relu(real);
    close(real, is_signed, 1);
  }

  void relu(Real& real) { real.name = graph_.node(step_->name + "_relu", "Relu", {real.name}); }

  void close(const Real& real, bool is_signed, double stretch) {
    for (const int bits : demands_[value_]) {
      coded_[{value_, bits}] =
          write_quantiser(graph_, named(bits), real, {bits, is_signed}, stretch * activation_scale(bits));
    }
  }

  /// True where more than 15 % of a sum's values exceed the largest code.
  [[nodiscard]] static bool crowded(const Real& real) {
    constexpr std::int64_t kPercent = 15;
    const double unit = real.gain[0];
    std::int64_t above = 0;
    std::int64_t all = 0;
    for (const sim::Codes& frame : real.accumulators.frames) {
      above += std::ranges::count_if(frame, [&](auto code) { return static_cast<double>(code) * unit >= 4; });
      all += static_cast<std::int64_t>(frame.size());
    }
    return above * 100 > all * kPercent;
  }

  /// The last layer: a bias of whole accumulator steps that centres every channel near 0.
  void finish(const Coded& in, const std::string& weights, double unit, const Values& accumulators) {
    Random random(order_.seed, 0);
    const auto channels = static_cast<std::size_t>(step_->shape.channels);
    std::vector<double> bias;
    const auto norms = calibrate(accumulators, {}, random);
    const auto limit = static_cast<double>(IntRange::narrow_bits(kBiasBits).hi);
    for (std::size_t c = 0; c < channels; ++c) {
      const double centre = norms[c].mean + 0.5 * random.normal() * std::sqrt(norms[c].variance);
      bias.push_back(unit * std::clamp(std::round(-centre), -limit, limit));
    }
    const auto real = graph_.constant(step_->name + "_bias", {static_cast<std::int64_t>(channels)}, bias);
    const auto quantised =
        graph_.quant(step_->name + "_bias", real, unit, {.bits = kBiasBits, .is_signed = true});
    write_product(graph_, *step_, in.name, weights, quantised);
    std::vector<std::int64_t> shape{1, step_->shape.channels};
    if (!std::holds_alternative<Dense>(step_->operation)) {
      shape.push_back(step_->shape.height);
      shape.push_back(step_->shape.width);
    }
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
