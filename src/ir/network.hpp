#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/integer_range.hpp"
#include "base/result.hpp"
#include "ir/host.hpp"

/// The network as integers: what every other room means by "the network".
///
/// Semantics, binding for simulation, hardware and export alike:
///  - A tensor is one frame of integer codes, shape (C, H, W); a batch is a sequence of independent frames.
///  - Every tensor has an exact range that holds all codes it can take (`ranges.hpp` derives it).
///  - Accumulators (results of Conv, SumPool, Add) are exact sums: no rounding, no wrap, no saturation.
///  - Rounding and clamping happen only in Requantise, which says how.
///  - Real values (codes times scale plus offset) exist only at the host boundary, see host.hpp.
namespace bitmason::ir {

struct Shape {
  int channels = 1;
  int height = 1;
  int width = 1;

  [[nodiscard]] std::int64_t elements() const { return std::int64_t{channels} * height * width; }
  /// Index of (c, y, x) in row-major (C, H, W) order.
  [[nodiscard]] std::size_t index(int c, int y, int x) const {
    return (static_cast<std::size_t>(c) * static_cast<std::size_t>(height) + static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(width) +
           static_cast<std::size_t>(x);
  }
  bool operator==(const Shape&) const = default;
};

struct TensorType {
  Shape shape;
  IntRange range;
  bool operator==(const TensorType&) const = default;
};

/// Identifies a layer and the one tensor that it produces: its position in Network::layers().
struct TensorId {
  int index = -1;
  auto operator<=>(const TensorId&) const = default;
};

/// Sliding window over rows and columns. 1-D convolution has height 1.
struct Window {
  int kernel_h = 1;
  int kernel_w = 1;
  int stride_h = 1;
  int stride_w = 1;
  int pad_top = 0;
  int pad_left = 0;
  int pad_bottom = 0;
  int pad_right = 0;

  /// (in + pads - kernel) / stride + 1, rounded down.
  [[nodiscard]] int output_height(int height) const {
    return (height + pad_top + pad_bottom - kernel_h) / stride_h + 1;
  }
  [[nodiscard]] int output_width(int width) const {
    return (width + pad_left + pad_right - kernel_w) / stride_w + 1;
  }
  [[nodiscard]] bool has_padding() const { return pad_top + pad_left + pad_bottom + pad_right > 0; }
  bool operator==(const Window&) const = default;
};

/// Integer weights in (output channel, input channel within the group, row, column) order.
struct Weights {
  int out_channels = 1;
  int in_channels = 1;  ///< per group
  int kernel_h = 1;
  int kernel_w = 1;
  std::vector<std::int32_t> values;
  /// The declared set of values (for example narrow 4 bit); the actual values lie within.
  IntRange range;

  [[nodiscard]] std::int32_t at(int o, int i, int y, int x) const {
    const std::int64_t plane = std::int64_t{o} * in_channels + i;
    return values[static_cast<std::size_t>((plane * kernel_h + y) * kernel_w + x)];
  }
  bool operator==(const Weights&) const = default;
};

/// The codes that enter from the host.
struct Input {
  TensorType type;
  bool operator==(const Input&) const = default;
};

/// acc[o, y, x] = bias[o] + sum over group inputs i and taps (ky, kx) of
///   w[o, i, ky, kx] * in[g * in_channels + i, y * stride_h + ky - pad_top, x * stride_w + kx - pad_left],
/// where positions outside the frame hold `pad_value`, and g is the group of o.
/// A dense layer is a Conv whose kernel covers the whole frame; depthwise has groups == channels.
struct Conv {
  Weights weights;
  Window window;
  int groups = 1;
  std::int64_t pad_value = 0;
  std::vector<std::int64_t> bias;  ///< empty, or one per output channel
  bool operator==(const Conv&) const = default;
};

/// Largest code in the window; padding never wins.
struct MaxPool {
  Window window;
  bool operator==(const MaxPool&) const = default;
};

/// Exact sum over the window, the numerator of average pooling; padding holds `pad_value`.
struct SumPool {
  Window window;
  std::int64_t pad_value = 0;
  bool operator==(const SumPool&) const = default;
};

/// acc = sum over inputs k of multipliers[k] * in[k] + constant; all inputs have one shape.
/// With one input it is an exact integer rescaling.
struct Add {
  std::vector<std::int64_t> multipliers;
  std::int64_t constant = 0;
  bool operator==(const Add&) const = default;
};

/// Channels of all inputs one after another; heights and widths are equal.
struct Concat {
  bool operator==(const Concat&) const = default;
};

/// How channels are numbered when blocks of pixels move to channels, by ONNX's names.
/// DepthColumnRow: deep channel = (dy * block + dx) * C + c; ColumnRowDepth: deep channel = (c * block + dy)
/// * block + dx.
enum class BlockOrder { DepthColumnRow, ColumnRowDepth };

/// (C, H, W) -> (C * block^2, H / block, W / block).
struct SpaceToDepth {
  int block = 2;
  BlockOrder order = BlockOrder::DepthColumnRow;
  bool operator==(const SpaceToDepth&) const = default;
};

/// (C, H, W) -> (C / block^2, H * block, W * block); the inverse of SpaceToDepth of the same order.
struct DepthToSpace {
  int block = 2;
  BlockOrder order = BlockOrder::DepthColumnRow;
  bool operator==(const DepthToSpace&) const = default;
};

/// Nearest-neighbour repetition: out[c, y, x] = in[c, y / factor_h, x / factor_w].
struct Upsample {
  int factor_h = 2;
  int factor_w = 2;
  bool operator==(const Upsample&) const = default;
};

/// Step function of the accumulator, one row per channel or one row for all.
///
/// Increasing row: code = output.lo + #{k : acc >= t[k]}. Decreasing row: code = output.hi - #{k : acc >=
/// t[k]}. Each row holds output.span() thresholds in ascending (not strictly) order.
struct Thresholds {
  IntRange output;
  int rows = 1;
  std::vector<std::int64_t> values;      ///< rows * output.span()
  std::vector<std::uint8_t> decreasing;  ///< one flag per row

  [[nodiscard]] std::span<const std::int64_t> row(int index) const {
    const auto steps = static_cast<std::size_t>(output.span());
    return std::span(values).subspan(static_cast<std::size_t>(index) * steps, steps);
  }
  bool operator==(const Thresholds&) const = default;
};

/// code = clamp((acc * multiplier + bias) >> shift, output.lo, output.hi), arithmetic shift (floor), one
/// triple per channel or one for all. Products are exact in 128 bits; the hardware uses the width that the
/// ranges need.
struct ScaleShift {
  IntRange output;
  std::vector<std::int64_t> multiplier;
  std::vector<std::int64_t> bias;
  int shift = 0;
  bool operator==(const ScaleShift&) const = default;
};

/// The only layer that rounds or clamps. Thresholds is the canonical form; ScaleShift where the output has
/// more levels than thresholds are practical (more than kMaxThresholdLevels).
struct Requantise {
  std::variant<Thresholds, ScaleShift> form;
  [[nodiscard]] const IntRange& output() const {
    return std::visit([](const auto& f) -> const IntRange& { return f.output; }, form);
  }
  bool operator==(const Requantise&) const = default;
};

inline constexpr std::int64_t kMaxThresholdLevels = 4096;

using Operation = std::variant<Input, Conv, MaxPool, SumPool, Add, Concat, SpaceToDepth, DepthToSpace,
                               Upsample, Requantise>;

/// Name of the operation's kind as printed: "conv", "max_pool", ...
std::string_view kind_name(const Operation& operation);

/// One operation and the tensor it produces.
struct Layer {
  std::string name;              ///< unique; usually the file's node name
  std::vector<TensorId> inputs;  ///< earlier layers
  Operation operation;
  TensorType type;  ///< of the tensor produced; derived, exact
};

/// Immutable directed acyclic graph of layers in an order in which every input precedes its users.
class Network {
 public:
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::vector<Layer>& layers() const { return layers_; }
  [[nodiscard]] const Layer& layer(TensorId id) const { return layers_[static_cast<std::size_t>(id.index)]; }
  [[nodiscard]] const TensorType& type(TensorId id) const { return layer(id).type; }
  [[nodiscard]] const std::vector<InputPort>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<OutputPort>& outputs() const { return outputs_; }
  [[nodiscard]] std::vector<TensorId> users(TensorId id) const;
  /// Multiply-accumulates of one frame: all Conv layers, padding included.
  [[nodiscard]] std::int64_t macs() const;

 private:
  friend class NetworkBuilder;
  std::string name_;
  std::vector<Layer> layers_;
  std::vector<InputPort> inputs_;
  std::vector<OutputPort> outputs_;
};

/// The names of the ports, in their order.
std::vector<std::string> names_of(const std::vector<InputPort>& ports);
std::vector<std::string> names_of(const std::vector<OutputPort>& ports);

/// The one way to make a Network: every add() derives shape and exact range and refuses what does not fit.
/// Bytes of a name that are not UTF-8 become U+FFFD, so that every text form of the network has the same
/// names.
class NetworkBuilder {
 public:
  explicit NetworkBuilder(std::string name);

  /// Adds an input layer and its host port. Errors: BM-IR-*.
  Result<TensorId> add_input(std::string name, TensorType type, InputPort port);
  /// Adds a layer; shapes, parameter sizes and ranges are checked, the output type derived. Accumulators
  /// beyond 2^62 are refused. A name in use gets a suffix "_2", "_3", ... Errors: BM-IR-*.
  Result<TensorId> add(std::string name, Operation operation, std::vector<TensorId> inputs);
  /// Declares a tensor as an output of the network. Errors: BM-IR-*.
  Status add_output(OutputPort port);
  [[nodiscard]] const TensorType& type(TensorId id) const { return network_.type(id); }
  /// Layers that no output needs are removed and ports renumbered. Errors: no input, no output, unused input.
  Result<Network> build() &&;

 private:
  Network network_;
};

}  // namespace bitmason::ir
