#include <fmt/format.h>

#include "onnxio/qonnx_builder.hpp"
#include "qat/qonnx.hpp"

namespace bitmason::qat {
namespace {

/// Appends layers one after another; `value_` names the tensor that the next one consumes.
class Writer {
 public:
  explicit Writer(const TrainedNetwork& network) : graph_(network.name, "bitmason-train") {
    const auto& shape = network.input;
    value_ = graph_.input("image", {1, shape.channels, shape.height, shape.width});
    value_ = graph_.quant("input", value_, 1, {.bits = 8});
  }

  void operator()(const TrainedConv& conv) {
    const auto name = fmt::format("conv{}", ++convs_);
    const auto weights = coded(name + "_weight", conv.weights);
    const std::int64_t kernel = conv.weights.shape[2];
    const std::int64_t pad = kernel / 2;
    using Ints = std::vector<std::int64_t>;
    value_ = graph_.node(name, "Conv", {value_, weights},
                         {{"kernel_shape", Ints{kernel, kernel}},
                          {"pads", Ints{pad, pad, pad, pad}},
                          {"strides", Ints{1, 1}},
                          {"dilations", Ints{1, 1}},
                          {"group", std::int64_t{1}}});
    const auto& norm = conv.norm;
    value_ = graph_.node(
        name + "_norm", "BatchNormalization",
        {value_, graph_.per_channel(name + "_gain", norm.gain),
         graph_.per_channel(name + "_offset", norm.offset), graph_.per_channel(name + "_mean", norm.mean),
         graph_.per_channel(name + "_variance", norm.variance)},
        {{"epsilon", kBatchNormEpsilon}});
    value_ = graph_.node(name + "_relu", "Relu", {value_});
    value_ = graph_.quant(name, value_, double{conv.activation_scale}, {.bits = conv.activation_bits});
  }

  void operator()(const MaxPoolSpec&) {
    using Ints = std::vector<std::int64_t>;
    value_ = graph_.node(fmt::format("pool{}", ++pools_), "MaxPool", {value_},
                         {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}, {"pads", Ints{0, 0, 0, 0}}});
  }

  void operator()(const TrainedDense& dense) {
    const auto flat = graph_.node("flatten", "Flatten", {value_}, {{"axis", std::int64_t{1}}});
    const auto weights = coded("dense_weight", dense.weights);
    const double scale = double{dense.weights.scales[0]} * double{dense.input_scale};
    const auto classes = static_cast<std::int64_t>(dense.bias.size());
    std::vector<double> bias;
    for (const auto code : dense.bias) bias.push_back(code * scale);
    // In this order: files are read back by writing them again.
    const auto bias_scale = graph_.constant("dense_bias_scale", {}, {scale});
    const auto real_bias = graph_.constant("dense_bias", {classes}, bias);
    const auto quantised_bias =
        graph_.quant("dense_bias", real_bias, bias_scale, {.bits = kBiasBits, .is_signed = true});
    graph_.node("dense", "Gemm", {flat, weights, quantised_bias},
                {{"alpha", 1.0}, {"beta", 1.0}, {"transA", std::int64_t{0}}, {"transB", std::int64_t{1}}});
    graph_.output("logits", {1, classes});
  }

  onnxio::Model take() { return graph_.take(); }

 private:
  std::string coded(const std::string& name, const QuantisedWeights& weights) {
    return graph_.coded(name, {weights.shape, weights.bits, weights.codes, weights.scales});
  }

  onnxio::QonnxBuilder graph_;
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
