#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "onnxio/model.hpp"

namespace bitmason::test {

/// Builds an onnxio::Model node by node; value names are made from the node's operator and a counter.
class GraphWriter {
 public:
  explicit GraphWriter(std::string name);

  std::string input(std::string name, std::vector<std::int64_t> shape);
  std::string constant(std::vector<std::int64_t> shape, std::vector<double> values);
  /// Zero point 0 of QuantizeLinear, int8 or uint8.
  std::string zero_point(bool is_signed);
  std::string integers(std::vector<std::int64_t> shape, std::vector<std::int64_t> values);
  /// Adds a node of the standard domain, or of QONNX's for IntQuant, BipolarQuant, MultiThreshold and Trunc.
  std::string node(const std::string& op_type, std::vector<std::string> inputs,
                   std::map<std::string, onnxio::Attribute> attributes = {});
  /// IntQuant with zero point 0; `scale` broadcasts as given by `scale_shape` (empty: scalar).
  std::string quant(const std::string& x, std::vector<std::int64_t> scale_shape, std::vector<double> scale,
                    int bits, bool is_signed, bool narrow, const std::string& rounding = "ROUND");
  onnxio::Model finish(const std::string& output, std::vector<std::int64_t> shape) &&;

 private:
  std::string fresh(const std::string& stem) { return stem + "_" + std::to_string(count_++); }
  onnxio::Model model_;
  int count_ = 0;
};

}  // namespace bitmason::test
