#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "graph/graph.hpp"
#include "ir/network.hpp"

/// Chains of layers as a recipe describes them.
namespace bitmason::qat {

/// Stride-1 convolution that keeps the frame (zero padding), batch norm, ReLU, unsigned quantiser.
struct ConvSpec {
  int channels = 16;
  int kernel = 3;
  int weight_bits = 4;
  int activation_bits = 4;
  bool operator==(const ConvSpec&) const = default;
};

/// 2x2 windows, stride 2.
struct MaxPoolSpec {
  bool operator==(const MaxPoolSpec&) const = default;
};

/// The last layer: all inputs to one logit per class.
struct DenseSpec {
  int classes = 10;
  int weight_bits = 8;
  bool operator==(const DenseSpec&) const = default;
};

using LayerSpec = std::variant<ConvSpec, MaxPoolSpec, DenseSpec>;

struct NetworkSpec {
  std::string name;
  ir::Shape input;  ///< frames of unsigned 8-bit codes
  std::vector<LayerSpec> layers;
  bool operator==(const NetworkSpec&) const = default;
};

/// Shape of each layer's output, for a spec that can be trained. Errors: BM-QAT-020..023.
Result<std::vector<ir::Shape>> output_shapes(const NetworkSpec& spec);

/// The network with its quantisers, whose weights graph::he_initialised draws. Precondition:
/// output_shapes(spec).ok().
graph::Graph to_graph(const NetworkSpec& spec, std::uint64_t seed);

}  // namespace bitmason::qat
