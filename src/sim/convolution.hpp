#pragma once

#include <optional>

#include "ir/network.hpp"
#include "sim/requantiser.hpp"

namespace bitmason::sim {

/// A Conv layer prepared for one instruction set: arithmetic chosen from the exact ranges, weights repacked.
class Convolution {
 public:
  /// Narrowest first: products of bytes, of 16-bit numbers, of 64-bit numbers; the sums are 32 bits wide but
  /// for Wide.
  enum class Arithmetic { Bytes, Words, Wide, DepthwiseBytes, DepthwiseWords };

  /// `narrow_output` permits 32-bit accumulators.
  Convolution(const ir::Conv& layer, const ir::TensorType& input, bool narrow_output, Isa isa);

  /// The storage and margins in which this convolution reads its input.
  [[nodiscard]] const Slot& input() const { return input_; }
  [[nodiscard]] Arithmetic arithmetic() const { return arithmetic_; }
  [[nodiscard]] bool narrow() const { return arithmetic_ != Arithmetic::Wide; }

  /// Rows of the kernel.
  [[nodiscard]] int rows() const { return window_.kernel_h; }

  /// Accumulators between neighbouring pixels of a row; at least the number of output channels.
  [[nodiscard]] std::ptrdiff_t acc_stride() const { return acc_stride_; }

  /// Output row y from the input slot of `state`.
  void run(const State& state, int slot, int y, const AccRow<std::int32_t>& row) const;
  void run(const State& state, int slot, int y, const AccRow<std::int64_t>& row) const;

 private:
  void choose(const ir::Conv& layer, const ir::TensorType& input, bool narrow_output);
  void lay_out_steps(const ir::Conv& layer);
  void pack_weights(const ir::Conv& layer);
  void pack_depthwise(const ir::Conv& layer);
  void pack_corrections(const ir::Conv& layer, bool has_bias);
  /// Ends of the runs of steps whose 16-bit sums cannot wrap; nothing where one step can.
  [[nodiscard]] std::optional<std::vector<std::int32_t>> find_segments(const ir::Conv& layer) const;

  /// What one activation of a step meets: input channel within the group and tap; channel -1 for none.
  struct Tap {
    int channel = -1;
    int ky = 0;
    int kx = 0;
  };
  [[nodiscard]] std::int32_t weight(const ir::Conv& layer, int output, const Tap& tap) const;
  [[nodiscard]] int lanes() const;  ///< activations per step

  const Kernels* kernels_;
  Arithmetic arithmetic_ = Arithmetic::Wide;
  Slot input_;
  ir::Window window_;
  int groups_ = 1;
  int group_channels_ = 1;
  int group_outputs_ = 1;
  std::ptrdiff_t acc_stride_ = 0;
  std::int64_t largest_ = 0;           ///< largest stored activation, of Bytes
  std::vector<Tap> taps_;              ///< [step][lane]
  std::vector<std::int32_t> offsets_;  ///< bytes per step, group 0
  std::vector<std::int32_t> segments_;
  AlignedBytes weights_;
  std::size_t group_weight_bytes_ = 0;
  std::vector<std::int32_t> corrections_;  ///< [group][blocks of kBlock]
  std::vector<std::int64_t> biases_;
};

}  // namespace bitmason::sim
