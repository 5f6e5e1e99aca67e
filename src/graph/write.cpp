#include "graph/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "graph/read.hpp"
#include "onnxio/qonnx_builder.hpp"

namespace bitmason::graph {

namespace {

using Ints = std::vector<std::int64_t>;
constexpr int kBiasBits = 24;

std::map<std::string, onnxio::Attribute> attributes_of(const ir::Window& w) {
  return {{"kernel_shape", Ints{w.kernel_h, w.kernel_w}},
          {"pads", Ints{w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}},
          {"strides", Ints{w.stride_h, w.stride_w}}};
}

/// Scale of the codes that enter the last layer.
double entering_scale(const Graph& graph) {
  int value = graph.steps.back().inputs[0];
  while (value > 0) {
    const Step& step = graph.steps[static_cast<std::size_t>(value - 1)];
    if (const auto* quantise = std::get_if<Quantise>(&step.operation))
      return double{graph.scales[static_cast<std::size_t>(quantise->scale)]};
    value = step.inputs[0];
  }
  return double{graph.pixel};
}

/// Writes step after step; `names_` are the file's names of the values.
class Writer {
 public:
  explicit Writer(const Graph& graph)
      : graph_(graph), file_(graph.name, "bitmason-train"), quantised_(is_quantised(graph)) {
    const ir::Shape& in = graph.input;
    names_ = {file_.input("image", {1, in.channels, in.height, in.width})};
  }

  void write(const Step& step) {
    step_ = &step;
    names_.push_back(std::visit(*this, step.operation));
  }

  std::string operator()(const Conv& conv) {
    auto attributes = attributes_of(conv.window);
    attributes["dilations"] = Ints{1, 1};
    attributes["group"] = std::int64_t{conv.groups};
    return layer("Conv", conv.weights, std::move(attributes));
  }
  std::string operator()(const Linear& linear) {
    return layer("Gemm", linear.weights,
                 {{"alpha", 1.0}, {"beta", 1.0}, {"transA", std::int64_t{0}}, {"transB", std::int64_t{1}}});
  }
  std::string operator()(const BatchNorm& norm) {
    const std::string& name = step_->name;
    return node(
        "BatchNormalization",
        {in(0), file_.per_channel(name + "_gain", norm.gain),
         file_.per_channel(name + "_offset", norm.offset), file_.per_channel(name + "_mean", norm.mean),
         file_.per_channel(name + "_variance", norm.variance)},
        {{"epsilon", norm.epsilon}});
  }
  std::string operator()(const Relu&) { return node("Relu", {in(0)}); }
  std::string operator()(const MaxPool& pool) { return node("MaxPool", {in(0)}, attributes_of(pool.window)); }
  std::string operator()(const AveragePool& pool) {
    auto attributes = attributes_of(pool.window);
    attributes["count_include_pad"] = std::int64_t{1};
    return node("AveragePool", {in(0)}, std::move(attributes));
  }
  std::string operator()(const Add&) { return node("Add", {in(0), in(1)}); }
  std::string operator()(const Concat&) {
    std::vector<std::string> inputs;
    for (std::size_t i = 0; i < step_->inputs.size(); ++i) inputs.push_back(in(i));
    return node("Concat", std::move(inputs), {{"axis", std::int64_t{1}}});
  }
  std::string operator()(const SpaceToDepth& depth) {
    return node("SpaceToDepth", {in(0)}, {{"blocksize", std::int64_t{depth.block}}});
  }
  std::string operator()(const Flatten&) { return node("Flatten", {in(0)}, {{"axis", std::int64_t{1}}}); }
  std::string operator()(const Quantise& quantise) {
    return file_.quant(step_->name, in(0), double{graph_.scales[static_cast<std::size_t>(quantise.scale)]},
                       {.bits = quantise.bits, .is_signed = quantise.is_signed});
  }

  onnxio::Model take(const ir::Shape& output) {
    Ints shape{1, output.channels};
    if (std::holds_alternative<Conv>(step_->operation))
      shape.insert(shape.end(), {output.height, output.width});
    file_.output("output", std::move(shape));
    onnxio::Model model = file_.take();
    if (!quantised_) model.metadata[kPixelProperty] = fmt::format("{}", graph_.pixel);
    return model;
  }

 private:
  [[nodiscard]] const std::string& in(std::size_t index) const {
    return names_[static_cast<std::size_t>(step_->inputs[index])];
  }
  std::string node(const char* type, std::vector<std::string> inputs,
                   std::map<std::string, onnxio::Attribute> attributes = {}) {
    return file_.node(step_->name, type, std::move(inputs), std::move(attributes));
  }

  std::string layer(const char* type, const Weights& weights,
                    std::map<std::string, onnxio::Attribute> attributes) {
    const std::string& name = step_->name;
    std::vector<std::string> inputs{
        in(0), quantised_ ? coded(weights)
                          : file_.constant(name + "_weight", weights.shape,
                                           {weights.values.begin(), weights.values.end()})};
    if (!weights.bias.empty()) inputs.push_back(bias(weights));
    return node(type, std::move(inputs), std::move(attributes));
  }

  std::string coded(const Weights& weights) {
    const auto& quantiser = weights.quantiser;
    const auto codes = codes_of(weights);
    return file_.coded(step_->name + "_weight",
                       {weights.shape, quantiser.bits, codes, quantiser.scales, quantiser.narrow});
  }

  std::string bias(const Weights& weights) {
    const auto name = step_->name + "_bias";
    const auto value = file_.per_channel(name, weights.bias);
    if (!quantised_ || step_ != &graph_.steps.back()) return value;
    const auto units = output_units(graph_);
    const auto scale = file_.constant(
        name + "_scale", units.size() == 1 ? Ints{} : Ints{static_cast<std::int64_t>(units.size())}, units);
    return file_.quant(name, value, scale, {.bits = kBiasBits, .is_signed = true});
  }

  const Graph& graph_;
  onnxio::QonnxBuilder file_;
  bool quantised_ = false;
  std::vector<std::string> names_;
  const Step* step_ = nullptr;
};

}  // namespace

std::vector<double> output_units(const Graph& graph) {
  std::vector<double> units;
  for (const float scale : graph.steps.back().weights()->quantiser.scales)
    units.push_back(double{scale} * entering_scale(graph));
  return units;
}

std::vector<std::int64_t> output_bias(const Graph& graph) {
  constexpr double kMost = (1 << (kBiasBits - 1)) - 1;
  const auto units = output_units(graph);
  std::vector<std::int64_t> codes;
  for (const float value : graph.steps.back().weights()->bias) {
    const double code = double{value} / units[units.size() == 1 ? 0 : codes.size()];
    codes.push_back(std::llrint(std::clamp(code, -kMost, kMost)));
  }
  return codes;
}

Graph rounded(const Graph& graph) {
  Graph result = graph;
  for (Step& step : result.steps) {
    Weights* weights = step.weights();
    if (weights == nullptr) continue;
    const auto codes = codes_of(*weights);
    const auto& scales = weights->quantiser.scales;
    for (std::size_t i = 0; i < codes.size(); ++i)
      weights->values[i] =
          static_cast<float>(codes[i]) * scales[scales.size() == 1 ? 0 : i / weights->fan_in()];
  }
  const auto units = output_units(graph);
  const auto codes = output_bias(graph);
  for (std::size_t c = 0; c < codes.size(); ++c)
    result.steps.back().weights()->bias[c] =
        static_cast<float>(static_cast<double>(codes[c]) * units[units.size() == 1 ? 0 : c]);
  return result;
}

onnxio::Model to_onnx(const Graph& graph) {
  const Graph exact = is_quantised(graph) ? rounded(graph) : graph;
  Writer writer(exact);
  for (const Step& step : exact.steps) writer.write(step);
  return writer.take(shapes(exact)->back());
}

}  // namespace bitmason::graph
