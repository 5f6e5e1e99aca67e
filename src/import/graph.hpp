#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "onnxio/model.hpp"

namespace bitmason::import {

/// Producers, consumers and order of the file's nodes.
struct GraphOrder {
  std::vector<std::size_t> order;  ///< live nodes, every producer before its consumers, else in file order
  std::vector<bool> live;          ///< nodes some output depends on
  Diagnostics findings;            ///< nodes in a cycle
};

GraphOrder order_of(const onnxio::Model& model);

/// Whether the first operator that fixes the meaning of the axes of graph input `name`, of `rank` dimensions,
/// has channels last there: a Transpose that moves them forward, or a MatMul.
bool is_channel_last(const onnxio::Model& model, const std::string& name, std::size_t rank);

}  // namespace bitmason::import
