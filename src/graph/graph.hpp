#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/integer_range.hpp"
#include "base/result.hpp"
#include "ir/network.hpp"

/// Float networks in normal form, with the quantisers under which they become integers: what training reads,
/// changes and writes.
///
/// Semantics: every value is a real tensor (C, H, W) per frame. Zero padding is the real number 0. A step
/// `Quantise` rounds a value to code * scale; without such steps the network is float.
namespace bitmason::graph {

/// How weights become codes: clamp(w / scale, lo, hi), rounded half to even. One bit: -1 and +1.
struct WeightQuantiser {
  int bits = 8;
  bool narrow = true;         ///< symmetric codes, without -2^(bits - 1)
  bool per_channel = true;    ///< a scale per output channel
  std::vector<float> scales;  ///< one, or one per output channel; empty: not chosen yet
  [[nodiscard]] IntRange range() const;
  bool operator==(const WeightQuantiser&) const = default;
};

/// Weights, output channel first, and an optional bias per output channel.
struct Weights {
  std::vector<std::int64_t> shape;  ///< (O, I / groups, kernel_h, kernel_w) or (O, I)
  std::vector<float> values;
  std::vector<float> bias;  ///< empty: none
  WeightQuantiser quantiser;
  [[nodiscard]] std::size_t outputs() const { return static_cast<std::size_t>(shape[0]); }
  /// Weights of one output channel.
  [[nodiscard]] std::size_t fan_in() const { return values.size() / outputs(); }
  bool operator==(const Weights&) const = default;
};

/// Convolution with zero padding; depthwise has groups equal to the input's channels.
struct Conv {
  Weights weights;
  ir::Window window;
  int groups = 1;
  bool operator==(const Conv&) const = default;
};
/// All elements of a flat value to each output.
struct Linear {
  Weights weights;
  bool operator==(const Linear&) const = default;
};
/// y = gain * (x - mean) / sqrt(variance + epsilon) + offset, per channel. Epsilon 0 says that mean and
/// variance are constants of the network, no statistics of its images.
struct BatchNorm {
  std::vector<float> gain;
  std::vector<float> offset;
  std::vector<float> mean;
  std::vector<float> variance;
  double epsilon = 0x1p-16;
  bool operator==(const BatchNorm&) const = default;
};
struct Relu {
  bool operator==(const Relu&) const = default;
};
/// Padding never wins.
struct MaxPool {
  ir::Window window;
  bool operator==(const MaxPool&) const = default;
};
/// Mean of each window, padding counted as 0; over the whole frame it is global pooling.
struct AveragePool {
  ir::Window window;
  bool operator==(const AveragePool&) const = default;
};
/// Sum of two values of one shape.
struct Add {
  bool operator==(const Add&) const = default;
};
/// Channels of all inputs one after another.
struct Concat {
  bool operator==(const Concat&) const = default;
};
/// Deep channel = (dy * block + dx) * C + c, as ONNX says.
struct SpaceToDepth {
  int block = 2;
  bool operator==(const SpaceToDepth&) const = default;
};
/// (C, H, W) to (C * H * W, 1, 1), in C order.
struct Flatten {
  bool operator==(const Flatten&) const = default;
};
/// code = clamp(x / scale, lo, hi), rounded half to even; y = code * scale. Steps that name the same scale
/// share it.
struct Quantise {
  int bits = 8;
  bool is_signed = false;
  int scale = 0;  ///< index in Graph::scales
  [[nodiscard]] IntRange range() const {
    return is_signed ? IntRange::signed_bits(bits) : IntRange::unsigned_bits(bits);
  }
  bool operator==(const Quantise&) const = default;
};

using Operation = std::variant<Conv, Linear, BatchNorm, Relu, MaxPool, AveragePool, Add, Concat, SpaceToDepth,
                               Flatten, Quantise>;

/// "Conv", "Linear", ...
std::string_view kind_name(const Operation& operation);

/// One operation; its inputs are values: 0 is the image, k the result of step k - 1.
struct Step {
  std::string name;  ///< unique
  Operation operation;
  std::vector<int> inputs;
  /// Those of a Conv or Linear, else null.
  [[nodiscard]] const Weights* weights() const;
  [[nodiscard]] Weights* weights();
  bool operator==(const Step&) const = default;
};

/// The last step is a Conv or Linear: its sums and bias are the output.
struct Graph {
  std::string name;
  ir::Shape input;
  float pixel = 1;            ///< real value of one step of an image's unsigned 8-bit pixels
  std::vector<Step> steps;    ///< in an order in which every input precedes its users
  std::vector<float> scales;  ///< real value of a code, by Quantise::scale; 0: not chosen yet
  [[nodiscard]] int output() const { return static_cast<int>(steps.size()); }
  bool operator==(const Graph&) const = default;
};

/// Shape of a step's result from its inputs' shapes. Errors: BM-GRAPH-001.
Result<ir::Shape> shape_of(const Step& step, const std::vector<ir::Shape>& inputs);

/// Shape of every value, the image's first. Errors: BM-GRAPH-001 (sizes that do not fit), 002 (the network
/// ends with another step).
Result<std::vector<ir::Shape>> shapes(const Graph& graph);

/// Whether the graph has Quantise steps.
bool is_quantised(const Graph& graph);

/// Codes of all weights. Precondition: scales are chosen.
std::vector<std::int32_t> codes_of(const Weights& weights);

/// Weights without biases and norms, and multiply-accumulates of one frame, padding included.
struct Size {
  std::int64_t weights = 0;
  std::int64_t macs = 0;
};
/// Precondition: shapes(graph).ok().
Size size_of(const Graph& graph);

}  // namespace bitmason::graph
