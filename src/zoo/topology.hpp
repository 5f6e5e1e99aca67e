#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ir/network.hpp"

/// Layers and connections of a network without weights and widths.
namespace bitmason::zoo {

/// Convolution, then batch norm and, where `relu`, a ReLU. Zero padding.
struct Conv {
  int channels = 1;
  ir::Window window;
  bool depthwise = false;  ///< one filter per channel; `channels` equals the input's
  bool relu = true;        ///< false: a branch of a sum, quantised with a sign
};
/// All inputs to each output, batch norm, ReLU.
struct Dense {
  int outputs = 1;
};
/// 2x2 windows, stride 2, rows and columns that do not fill one left out.
struct MaxPool {};
/// Mean of all pixels, then a scale and an offset per channel.
struct AveragePool {};
/// 2x2 pixels to channels.
struct SpaceToDepth {};
/// Channels of both inputs one after another.
struct Concat {};
/// Sum of two inputs of one shape, then ReLU.
struct Sum {};

using Operation = std::variant<Conv, Dense, MaxPool, AveragePool, SpaceToDepth, Concat, Sum>;

/// One operation; its inputs are values: 0 is the image, k the result of step k - 1.
struct Step {
  std::string name;
  Operation operation;
  std::vector<int> inputs;
  ir::Shape shape;  ///< of the result

  /// Conv or Dense.
  [[nodiscard]] bool has_weights() const {
    return std::holds_alternative<Conv>(operation) || std::holds_alternative<Dense>(operation);
  }
};

/// The last step has weights; its accumulators and a bias are the output.
struct Topology {
  std::string name;
  ir::Shape input;
  std::vector<Step> steps;  ///< in an order in which every input precedes its users

  [[nodiscard]] const ir::Shape& shape(int value) const {
    return value == 0 ? input : steps[static_cast<std::size_t>(value - 1)].shape;
  }
  /// Input channels of each filter of a step with weights, times its taps.
  [[nodiscard]] std::int64_t fan_in(const Step& step) const;
  /// Names of the steps with weights, in order.
  [[nodiscard]] std::vector<std::string> weighted() const;
  /// Multiply-accumulates of one frame, padding included.
  [[nodiscard]] std::int64_t macs() const;
  /// Weights without biases and batch norm.
  [[nodiscard]] std::int64_t weights() const;
};

/// Builds a topology step by step; every call returns the number of its value, which is the default input of
/// the next.
class Sketch {
 public:
  Sketch(std::string name, ir::Shape input) { topology_ = {std::move(name), input, {}}; }

  int add(std::string name, Operation operation, std::vector<int> inputs);
  int add(std::string name, Operation operation) { return add(std::move(name), operation, {last_}); }
  [[nodiscard]] int last() const { return last_; }
  [[nodiscard]] int last_channels() const { return topology_.shape(last_).channels; }
  Topology take() { return std::move(topology_); }

 private:
  Topology topology_;
  int last_ = 0;
};

/// Square window with padding of (kernel - 1) / 2 on each side.
ir::Window same(int kernel, int stride = 1);
/// Square window without padding.
ir::Window valid(int kernel);

}  // namespace bitmason::zoo
