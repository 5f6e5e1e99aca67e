#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/rational.hpp"
#include "onnxio/model.hpp"

/// ONNX and QONNX graphs executed operator by operator in exact rational arithmetic: the oracle for import.
///
/// Written from the operators' definitions alone; shares nothing with the import room. Slow: for small
/// networks.
namespace bitmason::test {

/// Dense tensor in C order.
struct Exact {
  std::vector<std::int64_t> shape;
  std::vector<Rational> values;
};

using ExactValues = std::map<std::string, Exact>;

/// Value of every name in the graph for these inputs. Throws std::runtime_error on an operator it does not
/// know.
ExactValues interpret(const onnxio::Model& model, const ExactValues& inputs);

}  // namespace bitmason::test
