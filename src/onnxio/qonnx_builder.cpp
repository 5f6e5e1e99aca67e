#include "onnxio/qonnx_builder.hpp"

#include <utility>

namespace bitmason::onnxio {

namespace {

constexpr const char* kQuantDomain = "qonnx.custom_op.general";

}  // namespace

QonnxBuilder::QonnxBuilder(std::string graph_name, std::string producer) {
  model_.graph_name = std::move(graph_name);
  model_.producer = std::move(producer);
  model_.opsets = {{"", 13}, {kQuantDomain, 1}};
}

std::string QonnxBuilder::input(const std::string& name, std::vector<std::int64_t> shape) {
  model_.inputs.push_back({name, "float32", std::move(shape)});
  return name;
}

std::string QonnxBuilder::constant(const std::string& name, std::vector<std::int64_t> shape,
                                   std::vector<double> values) {
  model_.initializers.push_back({name, std::move(shape), "float32", {}, std::move(values)});
  return name;
}

std::string QonnxBuilder::per_channel(const std::string& name, std::span<const float> values) {
  return constant(name, {static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()});
}

std::string QonnxBuilder::node(const std::string& name, const std::string& op_type,
                               std::vector<std::string> inputs, std::map<std::string, Attribute> attributes) {
  model_.nodes.push_back({name, op_type, "", std::move(inputs), {name + "_out"}, std::move(attributes)});
  return name + "_out";
}

std::string QonnxBuilder::quant(const std::string& name, const std::string& value, const std::string& scale,
                                const QuantForm& form) {
  const auto zero = constant(name + "_zero", {}, {0});
  const auto bits = constant(name + "_bits", {}, {static_cast<double>(form.bits)});
  model_.nodes.push_back({name + "_quant",
                          "Quant",
                          kQuantDomain,
                          {value, scale, zero, bits},
                          {name + "_quantised"},
                          {{"signed", std::int64_t{form.is_signed}},
                           {"narrow", std::int64_t{form.narrow}},
                           {"rounding_mode", std::string("ROUND")}}});
  return name + "_quantised";
}

std::string QonnxBuilder::quant(const std::string& name, const std::string& value, double scale,
                                const QuantForm& form) {
  return quant(name, value, constant(name + "_scale", {}, {scale}), form);
}

std::string QonnxBuilder::coded(const std::string& name, const CodedConstant& constant_codes) {
  const auto& [shape, bits, codes, scales, narrow] = constant_codes;
  const auto per_output = codes.size() / static_cast<std::size_t>(shape[0]);
  std::vector<double> values;
  values.reserve(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const float scale = scales.size() == 1 ? scales[0] : scales[i / per_output];
    values.push_back(static_cast<float>(codes[i]) * scale);
  }
  std::vector<std::int64_t> scale_shape(shape.size(), 1);
  scale_shape[0] = static_cast<std::int64_t>(scales.size());
  const auto real = constant(name, shape, std::move(values));
  const auto scale = constant(name + "_scale", std::move(scale_shape), {scales.begin(), scales.end()});
  if (bits > 1) return quant(name, real, scale, {.bits = bits, .is_signed = true, .narrow = narrow});
  model_.nodes.push_back(
      {name + "_quant", "BipolarQuant", kQuantDomain, {real, scale}, {name + "_quantised"}, {}});
  return name + "_quantised";
}

void QonnxBuilder::output(const std::string& name, std::vector<std::int64_t> shape) {
  model_.nodes.back().outputs = {name};
  model_.outputs = {{name, "float32", std::move(shape)}};
}

}  // namespace bitmason::onnxio
