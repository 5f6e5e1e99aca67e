#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "onnxio/model.hpp"

namespace bitmason::exporting {

/// Appends standard nodes and constants to a model under construction; names derive from the node that is
/// replaced.
class Rewriter {
 public:
  Rewriter(onnxio::Model& model, const onnxio::Node& replaced) : model_(model), replaced_(replaced) {}

  /// Adds a node of one output and returns the output's name; the last node of a rewrite is given the
  /// replaced output.
  std::string node(std::string_view op_type, std::vector<std::string> inputs,
                   std::map<std::string, onnxio::Attribute> attributes = {}, bool last = false);
  std::string constant(std::string_view suffix, std::vector<std::int64_t> shape, std::vector<double> values);
  std::string constant(std::string_view suffix, std::string_view type, std::vector<std::int64_t> shape,
                       std::vector<std::int64_t> values);
  std::string scalar(std::string_view suffix, double value) { return constant(suffix, {}, {value}); }

 private:
  [[nodiscard]] std::string base_name() const;

  onnxio::Model& model_;
  const onnxio::Node& replaced_;
  int count_ = 0;
};

}  // namespace bitmason::exporting
