#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "onnxio/model.hpp"

namespace bitmason::onnxio {

/// Clamp of a Quant node; it rounds half to even.
struct QuantForm {
  int bits = 8;
  bool is_signed = false;
  bool narrow = false;
};

/// Integer codes of a constant; real value = code * scale.
struct CodedConstant {
  std::vector<std::int64_t> shape;  ///< output channel first
  int bits = 4;                     ///< signed codes; 1: -1 and +1
  std::span<const std::int32_t> codes;
  std::span<const float> scales;  ///< one, or one per output channel
  bool narrow = true;             ///< without the code -2^(bits - 1)
};

/// A float graph with QONNX quantisers, written node by node as Brevitas does: opset 13 and
/// qonnx.custom_op.general 1. Every name derives from the name that the caller gives to a node.
class QonnxBuilder {
 public:
  QonnxBuilder(std::string graph_name, std::string producer);

  std::string input(const std::string& name, std::vector<std::int64_t> shape);
  /// A float32 initializer; returns its name.
  std::string constant(const std::string& name, std::vector<std::int64_t> shape, std::vector<double> values);
  std::string per_channel(const std::string& name, std::span<const float> values);
  /// A standard node of one output, which is returned.
  std::string node(const std::string& name, const std::string& op_type, std::vector<std::string> inputs,
                   std::map<std::string, Attribute> attributes = {});
  /// A Quant node over the value with zero point 0; returns its output. `scale` names a constant.
  std::string quant(const std::string& name, const std::string& value, const std::string& scale,
                    const QuantForm& form);
  /// The same with one scale for the whole value.
  std::string quant(const std::string& name, const std::string& value, double scale, const QuantForm& form);
  /// The float nearest to code * scale, and the Quant node that gives the codes back (BipolarQuant for one
  /// bit); returns its output.
  std::string coded(const std::string& name, const CodedConstant& constant);

  /// Renames the output of the last node and makes it the graph's.
  void output(const std::string& name, std::vector<std::int64_t> shape);
  Model take() { return std::move(model_); }

 private:
  Model model_;
};

}  // namespace bitmason::onnxio
