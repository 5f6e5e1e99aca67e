#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "qat/diagnostics.hpp"
#include "qat/qonnx.hpp"

namespace bitmason::qat {
namespace {

/// Takes what a trained network consists of out of a model by the names that the writer gives, without
/// judging the rest; from_qonnx then demands that writing the network again yields the same model.
class Reader {
 public:
  explicit Reader(const onnxio::Model& model) : model_(model) {
    for (const auto& tensor : model.initializers) constants_.emplace(tensor.name, &tensor);
  }

  /// Nothing where a part is missing; `missing` then names it.
  bool read(TrainedNetwork& network) {
    network.name = model_.graph_name;
    const auto shape = model_.inputs.empty() ? std::vector<std::int64_t>{} : model_.inputs[0].shape;
    constexpr std::int64_t kMost = 4096;
    for (const auto extent : shape) {
      if (extent < 1 || extent > kMost) return lacks("image");
    }
    if (shape.size() != 4) return lacks("image");
    network.input = {static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3])};
    for (const auto& node : model_.nodes) {
      if (node.op_type == "Conv" && !read_conv(node.name, network)) return false;
      if (node.op_type == "MaxPool") network.layers.emplace_back(MaxPoolSpec{});
      if (node.op_type == "Gemm" && !read_dense(node.name, network)) return false;
    }
    return true;
  }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  bool lacks(const std::string& name) {
    missing_ = name;
    return false;
  }

  /// Values of a float constant; `rank` and `count` -1: any.
  bool reals(const std::string& name, std::vector<double>& values) {
    const auto found = constants_.find(name);
    if (found == constants_.end() || found->second->is_integer() || found->second->reals.empty())
      return lacks(name);
    values = found->second->reals;
    return true;
  }

  bool floats(const std::string& name, std::vector<float>& values, std::size_t count) {
    std::vector<double> wide;
    if (!reals(name, wide) || (count > 0 && wide.size() != count)) return lacks(name);
    values.assign(wide.size(), 0);
    for (std::size_t i = 0; i < wide.size(); ++i) values[i] = static_cast<float>(wide[i]);
    return true;
  }

  bool bits(const std::string& name, int& value) {
    std::vector<double> values;
    if (!reals(name + "_bits", values) || !(values[0] >= 1 && values[0] <= 32)) return lacks(name + "_bits");
    value = static_cast<int>(values[0]);
    return true;
  }

  bool code(double real, double scale, std::int32_t& value) {
    const double ratio = real / scale;
    if (!(std::abs(ratio) < 1e6)) return false;
    value = static_cast<std::int32_t>(std::lround(ratio));
    return true;
  }

  bool weights(const std::string& name, std::size_t rank, QuantisedWeights& result) {
    std::vector<double> values;
    if (!reals(name, values)) return false;
    result.shape = constants_.at(name)->shape;
    if (result.shape.size() != rank || result.shape[0] < 1 || result.shape[0] > 4096) return lacks(name);
    const auto outputs = static_cast<std::size_t>(result.shape[0]);
    if (values.size() % outputs != 0 || !bits(name, result.bits)) return lacks(name);
    if (!floats(name + "_scale", result.scales, 0)) return false;
    if (result.scales.size() != 1 && result.scales.size() != outputs) return lacks(name + "_scale");
    result.codes.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto row = result.scales.size() == 1 ? 0 : i / (values.size() / outputs);
      if (!code(values[i], double{result.scales[row]}, result.codes[i])) return lacks(name);
    }
    return true;
  }

  bool read_conv(const std::string& name, TrainedNetwork& network) {
    TrainedConv conv;
    if (!weights(name + "_weight", 4, conv.weights)) return false;
    const auto channels = static_cast<std::size_t>(conv.weights.shape[0]);
    std::vector<float> scale;
    if (!floats(name + "_gain", conv.norm.gain, channels) ||
        !floats(name + "_offset", conv.norm.offset, channels) ||
        !floats(name + "_mean", conv.norm.mean, channels) ||
        !floats(name + "_variance", conv.norm.variance, channels) || !bits(name, conv.activation_bits) ||
        !floats(name + "_scale", scale, 1))
      return false;
    conv.activation_scale = scale[0];
    input_scale_ = scale[0];
    network.layers.emplace_back(std::move(conv));
    return true;
  }

  bool read_dense(const std::string& name, TrainedNetwork& network) {
    TrainedDense dense;
    std::vector<double> bias;
    if (!weights(name + "_weight", 2, dense.weights) || !reals(name + "_bias", bias)) return false;
    dense.input_scale = input_scale_;
    const double scale = double{dense.weights.scales[0]} * double{input_scale_};
    dense.bias.resize(bias.size());
    for (std::size_t i = 0; i < bias.size(); ++i) {
      if (!code(bias[i], scale, dense.bias[i])) return lacks(name + "_bias");
    }
    network.layers.emplace_back(std::move(dense));
    return true;
  }

  const onnxio::Model& model_;
  std::map<std::string, const onnxio::Tensor*> constants_;
  float input_scale_ = 1;
  std::string missing_;
};

bool same(const onnxio::Attribute& a, const onnxio::Attribute& b) {
  return std::visit(
      [&](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, onnxio::Tensor>) {
          return false;
        } else {
          const auto* other = std::get_if<Value>(&b);
          return other != nullptr && *other == value;
        }
      },
      a);
}

bool same(const onnxio::Node& a, const onnxio::Node& b) {
  if (a.attributes.size() != b.attributes.size()) return false;
  for (const auto& [name, value] : a.attributes) {
    const auto other = b.attributes.find(name);
    if (other == b.attributes.end() || !same(value, other->second)) return false;
  }
  return a.name == b.name && a.op_type == b.op_type && a.domain == b.domain && a.inputs == b.inputs &&
         a.outputs == b.outputs;
}

bool same(const onnxio::Tensor& a, const onnxio::Tensor& b) {
  return a.name == b.name && a.shape == b.shape && a.type == b.type && a.integers == b.integers &&
         a.reals == b.reals;
}

bool same(const onnxio::ValueInfo& a, const onnxio::ValueInfo& b) {
  return a.name == b.name && a.type == b.type && a.shape == b.shape;
}

/// Name of the first element that differs; empty where the lists are the same.
template <class Element>
std::string difference(const std::vector<Element>& given, const std::vector<Element>& written) {
  for (std::size_t i = 0; i < given.size() && i < written.size(); ++i) {
    if (!same(given[i], written[i]))
      return given[i].name.empty() ? fmt::format("element {}", i) : given[i].name;
  }
  if (given.size() > written.size()) return given[written.size()].name;
  return given.size() < written.size() ? written[given.size()].name : "";
}

std::string difference(const onnxio::Model& given, const onnxio::Model& written) {
  for (const auto& text :
       {difference(given.inputs, written.inputs), difference(given.nodes, written.nodes),
        difference(given.initializers, written.initializers), difference(given.outputs, written.outputs)}) {
    if (!text.empty()) return text;
  }
  if (given.opsets != written.opsets) return "the opsets";
  return given.producer == written.producer ? "" : "the producer";
}

}  // namespace

Result<TrainedNetwork> from_qonnx(const onnxio::Model& model, std::string_view where) {
  const auto foreign = [&](const std::string& at) {
    return make_diagnostic(diagnostics::kForeignNetwork, where, {at});
  };
  Reader reader(model);
  TrainedNetwork network;
  if (!reader.read(network)) return foreign(reader.missing());
  for (const auto& layer : network.layers) {
    const auto* conv = std::get_if<TrainedConv>(&layer);
    if (conv != nullptr && conv->weights.shape[2] != conv->weights.shape[3]) return foreign("a kernel");
  }
  if (!output_shapes(spec_of(network))) return foreign("its layers");
  const auto first_difference = difference(model, to_qonnx(network));
  if (!first_difference.empty()) return foreign(first_difference);
  return network;
}

}  // namespace bitmason::qat
