#include "base/file.hpp"
#include "onnxio/proto_tensor_internal.hpp"

namespace bitmason::onnxio {

namespace {

struct WriteAttribute {
  onnx::AttributeProto& proto;

  void operator()(std::int64_t value) const {
    proto.set_type(onnx::AttributeProto::INT);
    proto.set_i(value);
  }
  void operator()(double value) const {
    proto.set_type(onnx::AttributeProto::FLOAT);
    proto.set_f(static_cast<float>(value));
  }
  void operator()(const std::string& value) const {
    proto.set_type(onnx::AttributeProto::STRING);
    proto.set_s(value);
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    proto.set_type(onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) proto.add_ints(value);
  }
  void operator()(const std::vector<double>& values) const {
    proto.set_type(onnx::AttributeProto::FLOATS);
    for (const double value : values) proto.add_floats(static_cast<float>(value));
  }
  void operator()(const Tensor& tensor) const {
    proto.set_type(onnx::AttributeProto::TENSOR);
    tensor_to_proto(tensor, *proto.mutable_t());
  }
};

void write_value(const ValueInfo& info, onnx::ValueInfoProto& proto) {
  proto.set_name(info.name);
  auto& tensor = *proto.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(data_type_of(info.type));
  auto& shape = *tensor.mutable_shape();
  for (const std::int64_t dim : info.shape) {
    auto& target = *shape.add_dim();
    if (dim >= 0) {
      target.set_dim_value(dim);
    } else {
      target.set_dim_param("N");
    }
  }
}

void write_node(const Node& node, onnx::NodeProto& proto) {
  proto.set_name(node.name);
  proto.set_op_type(node.op_type);
  proto.set_domain(node.domain);
  for (const std::string& input : node.inputs) proto.add_input(input);
  for (const std::string& output : node.outputs) proto.add_output(output);
  for (const auto& [name, value] : node.attributes) {
    auto& attribute = *proto.add_attribute();
    attribute.set_name(name);
    std::visit(WriteAttribute{attribute}, value);
  }
}

}  // namespace

Status write_model(const std::filesystem::path& path, const Model& model) {
  onnx::ModelProto proto;
  proto.set_ir_version(8);
  proto.set_producer_name(model.producer);
  for (const auto& [domain, version] : model.opsets) {
    auto& opset = *proto.add_opset_import();
    opset.set_domain(domain);
    opset.set_version(version);
  }
  for (const auto& [key, value] : model.metadata) {
    auto& property = *proto.add_metadata_props();
    property.set_key(key);
    property.set_value(value);
  }
  auto& graph = *proto.mutable_graph();
  graph.set_name(model.graph_name);
  for (const Node& node : model.nodes) write_node(node, *graph.add_node());
  for (const Tensor& tensor : model.initializers) tensor_to_proto(tensor, *graph.add_initializer());
  for (const ValueInfo& info : model.inputs) write_value(info, *graph.add_input());
  for (const ValueInfo& info : model.outputs) write_value(info, *graph.add_output());
  return write_file(path, proto.SerializeAsString());
}

}  // namespace bitmason::onnxio
