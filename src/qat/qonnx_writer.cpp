#include <fmt/format.h>

#include "qat/qonnx.hpp"

namespace bitmason::qat {
namespace {

constexpr const char* kQuantDomain = "qonnx.custom_op.general";

/// Clamp and rounding of a Quant node.
struct QuantForm {
  int bits = 8;
  bool is_signed = false;
  bool narrow = false;
};

/// Appends nodes one after another; `value` names the tensor that the next one consumes.
class Writer {
 public:
  explicit Writer(const TrainedNetwork& network) {
    model_.graph_name = network.name;
    model_.producer = "bitmason-train";
    model_.opsets = {{"", 13}, {kQuantDomain, 1}};
    const auto& shape = network.input;
    model_.inputs = {{"image", "float32", {1, shape.channels, shape.height, shape.width}}};
    value_ = "image";
    quantise_value("input", 1, {.bits = 8});
  }

  void operator()(const TrainedConv& conv) {
    const auto name = fmt::format("conv{}", ++convs_);
    const auto weights = quantised_constant(name + "_weight", conv.weights);
    const std::int64_t kernel = conv.weights.shape[2];
    const std::int64_t pad = kernel / 2;
    using Ints = std::vector<std::int64_t>;
    node(name, "Conv", {value_, weights},
         {{"kernel_shape", Ints{kernel, kernel}},
          {"pads", Ints{pad, pad, pad, pad}},
          {"strides", Ints{1, 1}},
          {"dilations", Ints{1, 1}},
          {"group", std::int64_t{1}}});
    const auto& norm = conv.norm;
    node(name + "_norm", "BatchNormalization",
         {value_, per_channel(name + "_gain", norm.gain), per_channel(name + "_offset", norm.offset),
          per_channel(name + "_mean", norm.mean), per_channel(name + "_variance", norm.variance)},
         {{"epsilon", kBatchNormEpsilon}});
    node(name + "_relu", "Relu", {value_}, {});
    quantise_value(name, conv.activation_scale, {.bits = conv.activation_bits});
  }

  void operator()(const MaxPoolSpec&) {
    using Ints = std::vector<std::int64_t>;
    node(fmt::format("pool{}", ++pools_), "MaxPool", {value_},
         {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"pads", Ints{0, 0, 0, 0}}});
  }

  void operator()(const TrainedDense& dense) {
    node("flatten", "Flatten", {value_}, {{"axis", std::int64_t{1}}});
    const auto flat = value_;
    const auto weights = quantised_constant("dense_weight", dense.weights);
    const double scale = double{dense.weights.scales[0]} * double{dense.input_scale};
    const auto classes = static_cast<std::int64_t>(dense.bias.size());
    std::vector<double> bias;
    for (const auto code : dense.bias) bias.push_back(code * scale);
    const auto quantised_bias =
        quant("dense_bias", constant("dense_bias", {classes}, bias),
              constant("dense_bias_scale", {}, {scale}), {.bits = kBiasBits, .is_signed = true});
    node("dense", "Gemm", {flat, weights, quantised_bias},
         {{"alpha", 1.0}, {"beta", 1.0}, {"transA", std::int64_t{0}}, {"transB", std::int64_t{1}}});
    model_.nodes.back().outputs = {"logits"};
    model_.outputs = {{"logits", "float32", {1, classes}}};
  }

  onnxio::Model take() { return std::move(model_); }

 private:
  std::string constant(const std::string& name, std::vector<std::int64_t> shape, std::vector<double> values) {
    model_.initializers.push_back({name, std::move(shape), "float32", {}, std::move(values)});
    return name;
  }

  std::string per_channel(const std::string& name, const std::vector<float>& values) {
    return constant(name, {static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()});
  }

  void node(const std::string& name, const std::string& op_type, std::vector<std::string> inputs,
            std::map<std::string, onnxio::Attribute> attributes) {
    value_ = name + "_out";
    model_.nodes.push_back({name, op_type, "", std::move(inputs), {value_}, std::move(attributes)});
  }

  /// Quant node over `input`; returns its output.
  std::string quant(const std::string& name, const std::string& input, const std::string& scale,
                    const QuantForm& form) {
    const auto zero = constant(name + "_zero", {}, {0});
    const auto bits = constant(name + "_bits", {}, {static_cast<double>(form.bits)});
    model_.nodes.push_back({name + "_quant",
                            "Quant",
                            kQuantDomain,
                            {input, scale, zero, bits},
                            {name + "_quantised"},
                            {{"signed", std::int64_t{form.is_signed}},
                             {"narrow", std::int64_t{form.narrow}},
                             {"rounding_mode", std::string("ROUND")}}});
    return name + "_quantised";
  }

  void quantise_value(const std::string& name, double scale, const QuantForm& form) {
    value_ = quant(name, value_, constant(name + "_scale", {}, {scale}), form);
  }

  /// Weights as real values, the float nearest to code * scale, and their Quant node; returns its output.
  std::string quantised_constant(const std::string& name, const QuantisedWeights& weights) {
    const auto per_output = weights.codes.size() / static_cast<std::size_t>(weights.shape[0]);
    std::vector<double> values;
    for (std::size_t i = 0; i < weights.codes.size(); ++i) {
      const float scale = weights.scales.size() == 1 ? weights.scales[0] : weights.scales[i / per_output];
      values.push_back(static_cast<float>(weights.codes[i]) * scale);
    }
    std::vector<std::int64_t> scale_shape(weights.shape.size(), 1);
    scale_shape[0] = static_cast<std::int64_t>(weights.scales.size());
    const auto real = constant(name, weights.shape, std::move(values));
    const auto scale =
        constant(name + "_scale", std::move(scale_shape), {weights.scales.begin(), weights.scales.end()});
    return quant(name, real, scale, {.bits = weights.bits, .is_signed = true, .narrow = true});
  }

  onnxio::Model model_;
  std::string value_;
  int convs_ = 0;
  int pools_ = 0;
};

}  // namespace

onnxio::Model to_qonnx(const TrainedNetwork& network) {
  Writer writer(network);
  for (const auto& layer : network.layers) std::visit(writer, layer);
  return writer.take();
}

}  // namespace bitmason::qat
