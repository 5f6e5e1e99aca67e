#pragma once

#include <map>
#include <optional>
#include <string>

#include "onnxio/model.hpp"

namespace bitmason::exporting {

/// Number of dimensions of every value of a graph, as far as the operators alone tell it.
class Ranks {
 public:
  explicit Ranks(const onnxio::Model& model);
  [[nodiscard]] std::optional<int> of(const std::string& value) const;

 private:
  void infer(const onnxio::Node& node, const std::map<std::string, const onnxio::Tensor*>& constants);
  std::map<std::string, int> ranks_;
};

}  // namespace bitmason::exporting
