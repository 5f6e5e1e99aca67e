#include "support/graph_writer.hpp"

namespace bitmason::test {

GraphWriter::GraphWriter(std::string name) {
  model_.graph_name = std::move(name);
  model_.producer = "bitmason tests";
  model_.opsets = {{"", 13}, {"qonnx.custom_op.general", 1}};
}

std::string GraphWriter::input(std::string name, std::vector<std::int64_t> shape) {
  model_.inputs.push_back({name, "float32", std::move(shape)});
  return name;
}

std::string GraphWriter::constant(std::vector<std::int64_t> shape, std::vector<double> values) {
  // What a float32 file holds is the rounded value.
  for (double& value : values) value = static_cast<double>(static_cast<float>(value));
  model_.initializers.push_back({fresh("constant"), std::move(shape), "float32", {}, std::move(values)});
  return model_.initializers.back().name;
}

std::string GraphWriter::integers(std::vector<std::int64_t> shape, std::vector<std::int64_t> values) {
  model_.initializers.push_back({fresh("integers"), std::move(shape), "int64", std::move(values), {}});
  return model_.initializers.back().name;
}

std::string GraphWriter::zero_point(bool is_signed) {
  model_.initializers.push_back({fresh("zero"), {}, is_signed ? "int8" : "uint8", {0}, {}});
  return model_.initializers.back().name;
}

std::string GraphWriter::node(const std::string& op_type, std::vector<std::string> inputs,
                              std::map<std::string, onnxio::Attribute> attributes) {
  const bool custom =
      op_type == "IntQuant" || op_type == "BipolarQuant" || op_type == "MultiThreshold" || op_type == "Trunc";
  const std::string name = fresh(op_type);
  model_.nodes.push_back({name,
                          op_type,
                          custom ? "qonnx.custom_op.general" : "",
                          std::move(inputs),
                          {name + "_out"},
                          std::move(attributes)});
  return name + "_out";
}

std::string GraphWriter::quant(const std::string& x, std::vector<std::int64_t> scale_shape,
                               std::vector<double> scale, int bits, bool is_signed, bool narrow,
                               const std::string& rounding) {
  return node(
      "IntQuant",
      {x, constant(std::move(scale_shape), std::move(scale)), constant({}, {0}),
       constant({}, {double(bits)})},
      {{"signed", std::int64_t{is_signed}}, {"narrow", std::int64_t{narrow}}, {"rounding_mode", rounding}});
}

onnxio::Model GraphWriter::finish(const std::string& output, std::vector<std::int64_t> shape) && {
  model_.outputs.push_back({output, "float32", std::move(shape)});
  return std::move(model_);
}

}  // namespace bitmason::test
