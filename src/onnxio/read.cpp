#include <google/protobuf/io/coded_stream.h>

#include <set>

#include "base/file.hpp"
#include "onnxio/diagnostics.hpp"
#include "onnxio/proto_tensor_internal.hpp"

namespace bitmason::onnxio {

namespace {

/// Protobuf refuses messages above 2 GiB.
constexpr std::uintmax_t kMaxFile = (std::uintmax_t{1} << 31) - 1;
constexpr int kMaxNesting = 64;

std::string label(std::string_view where, const std::string& kind, const std::string& name) {
  return std::string(where) + ": " + kind + " " + (name.empty() ? "(unnamed)" : name.substr(0, 200));
}

class Reader {
 public:
  explicit Reader(std::string_view where) : where_(where) {}

  Result<Model> run(const onnx::ModelProto& proto);

 private:
  void read_initializers(const onnx::GraphProto& graph);
  void read_nodes(const onnx::GraphProto& graph);
  Node read_node(const onnx::NodeProto& proto, const std::string& where);
  Attribute read_attribute(const onnx::AttributeProto& proto, const std::string& where);
  void read_ports(const onnx::GraphProto& graph);
  void claim(const std::string& name);

  std::string_view where_;
  Model model_;
  std::set<std::string> initializer_names_;
  std::set<std::string> values_;
  Diagnostics errors_;
};

ValueInfo read_value(const onnx::ValueInfoProto& proto) {
  ValueInfo info{.name = proto.name(), .type = "", .shape = {}};
  if (!proto.type().has_tensor_type()) return info;
  const auto& tensor = proto.type().tensor_type();
  info.type = type_name(tensor.elem_type());
  for (const auto& dim : tensor.shape().dim()) {
    info.shape.push_back(dim.has_dim_value() && dim.dim_value() >= 0 ? dim.dim_value() : -1);
  }
  return info;
}

void Reader::claim(const std::string& name) {
  if (name.empty() || values_.insert(name).second) return;
  errors_.push_back(make_diagnostic(diagnostics::kDuplicateName, label(where_, "value", name), {"values"}));
}

void Reader::read_initializers(const onnx::GraphProto& graph) {
  if (graph.sparse_initializer_size() > 0) {
    errors_.push_back(
        make_diagnostic(diagnostics::kSparse, where_, {std::to_string(graph.sparse_initializer_size())}));
  }
  for (const auto& proto : graph.initializer()) {
    initializer_names_.insert(proto.name());
    claim(proto.name());
    auto tensor = tensor_from_proto(proto, label(where_, "initializer", proto.name()));
    if (tensor) {
      model_.initializers.push_back(*std::move(tensor));
    } else {
      errors_.insert(errors_.end(), tensor.errors().begin(), tensor.errors().end());
    }
  }
}

Attribute Reader::read_attribute(const onnx::AttributeProto& proto, const std::string& where) {
  switch (proto.type()) {
    case onnx::AttributeProto::INT:
      return proto.i();
    case onnx::AttributeProto::FLOAT:
      return static_cast<double>(proto.f());
    case onnx::AttributeProto::STRING:
      return proto.s();
    case onnx::AttributeProto::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    case onnx::AttributeProto::FLOATS:
      return std::vector<double>(proto.floats().begin(), proto.floats().end());
    case onnx::AttributeProto::TENSOR: {
      auto tensor = tensor_from_proto(proto.t(), where + " attribute " + proto.name());
      if (tensor) return *std::move(tensor);
      errors_.insert(errors_.end(), tensor.errors().begin(), tensor.errors().end());
      return Tensor{};
    }
    default:
      // Subgraphs and lists of strings: whoever reads the attribute finds the wrong type and says so.
      return "(attribute of kind " + std::to_string(static_cast<int>(proto.type())) + ")";
  }
}

Node Reader::read_node(const onnx::NodeProto& proto, const std::string& where) {
  Node node{.name = proto.name(), .op_type = proto.op_type(), .domain = proto.domain()};
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  for (const auto& attribute : proto.attribute()) {
    if (!node.attributes.emplace(attribute.name(), read_attribute(attribute, where)).second) {
      errors_.push_back(
          make_diagnostic(diagnostics::kDuplicateAttribute, where, {attribute.name().substr(0, 200)}));
    }
  }
  return node;
}

void Reader::read_nodes(const onnx::GraphProto& graph) {
  for (const auto& proto : graph.node()) {
    const std::string name = proto.name().empty() ? proto.op_type() : proto.name();
    model_.nodes.push_back(read_node(proto, label(where_, "node", name)));
    for (const std::string& output : proto.output()) claim(output);
  }
}

void Reader::read_ports(const onnx::GraphProto& graph) {
  for (const auto& proto : graph.input()) {
    if (initializer_names_.contains(proto.name())) continue;
    claim(proto.name());
    model_.inputs.push_back(read_value(proto));
  }
  std::set<std::string> names;
  for (const auto& proto : graph.output()) {
    if (!names.insert(proto.name()).second) {
      errors_.push_back(
          make_diagnostic(diagnostics::kDuplicateName, label(where_, "output", proto.name()), {"outputs"}));
    }
    model_.outputs.push_back(read_value(proto));
  }
}

Result<Model> Reader::run(const onnx::ModelProto& proto) {
  const onnx::GraphProto& graph = proto.graph();
  if (!proto.has_graph() || graph.node_size() == 0) return make_diagnostic(diagnostics::kNoGraph, where_);
  model_.graph_name = graph.name();
  model_.producer = proto.producer_name();
  for (const auto& opset : proto.opset_import()) {
    const std::string domain = opset.domain() == "ai.onnx" ? "" : opset.domain();
    model_.opsets[domain] = opset.version();
  }
  for (const auto& property : proto.metadata_props()) model_.metadata[property.key()] = property.value();
  read_initializers(graph);
  read_ports(graph);
  read_nodes(graph);
  if (!errors_.empty()) return errors_;
  return std::move(model_);
}

/// False unless the bytes are one whole message.
bool parse(std::string_view bytes, google::protobuf::Message& message) {
  if (bytes.size() > kMaxFile) return false;
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kMaxNesting);
  return message.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
}

}  // namespace

Result<Model> parse_model(std::string_view bytes, std::string_view where) {
  onnx::ModelProto proto;
  if (!parse(bytes, proto))
    return make_diagnostic(diagnostics::kNotOnnx, where, {std::to_string(bytes.size())});
  return Reader(where).run(proto);
}

Result<Model> read_model(const std::filesystem::path& path) {
  const auto content = read_file(path, kMaxFile);
  if (!content) return content.errors();
  return parse_model(*content, path.string());
}

Result<Tensor> read_tensor(const std::filesystem::path& path) {
  const auto content = read_file(path, kMaxFile);
  if (!content) return content.errors();
  onnx::TensorProto proto;
  if (!parse(*content, proto))
    return make_diagnostic(diagnostics::kNotTensor, path.string(), {std::to_string(content->size())});
  return tensor_from_proto(proto, path.string());
}

}  // namespace bitmason::onnxio
