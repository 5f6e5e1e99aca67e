#pragma once

#include <random>
#include <string>

#include "device/device.hpp"
#include "ir/network.hpp"
#include "plan/plan.hpp"

/// Networks with the published shapes and random values, for planning and lowering.
namespace bitmason::plan::testing {

class NetworkMaker {
 public:
  NetworkMaker(ir::TensorType input, unsigned seed) : builder_("net"), random_(seed) {
    last_ = *builder_.add_input("image", input, {.name = "image"});
  }

  int draw(const IntRange& range) {
    return static_cast<int>(std::uniform_int_distribution<std::int64_t>(range.lo, range.hi)(random_));
  }

  /// Adds a layer behind the last one.
  void add(const std::string& name, ir::Operation operation) {
    last_ = *builder_.add(name, std::move(operation), {last_});
  }

  /// Square kernel, stride 1, "same" padding, weights of `bits` bits.
  void conv(const std::string& name, int outputs, int kernel, int bits, int groups = 1) {
    const int inputs = builder_.type(last_).shape.channels / groups;
    const int pad = kernel / 2;
    ir::Conv op{.weights = {.out_channels = outputs,
                            .in_channels = inputs,
                            .kernel_h = kernel,
                            .kernel_w = kernel,
                            .values = {},
                            .range = IntRange::signed_bits(bits)},
                .window = {kernel, kernel, 1, 1, pad, pad, pad, pad},
                .groups = groups};
    const auto count = static_cast<std::size_t>(outputs) * static_cast<std::size_t>(inputs * kernel * kernel);
    for (std::size_t k = 0; k < count; ++k) op.weights.values.push_back(draw(op.weights.range));
    // The extremes occur, so that packings face the declared range.
    op.weights.values.front() = static_cast<std::int32_t>(op.weights.range.lo);
    op.weights.values.back() = static_cast<std::int32_t>(op.weights.range.hi);
    add(name, op);
  }

  /// Even steps over the accumulator's range to `bits` bits, one row per channel.
  void requantise(const std::string& name, int bits) {
    const ir::TensorType& type = builder_.type(last_);
    ir::Thresholds form{.output = IntRange::unsigned_bits(bits), .rows = type.shape.channels};
    for (int channel = 0; channel < form.rows; ++channel) {
      const std::int64_t step = std::max<std::int64_t>(1, type.range.hi / (2 * form.output.span())) + channel;
      for (std::int64_t k = 1; k <= form.output.span(); ++k) form.values.push_back(k * step);
      form.decreasing.push_back(0);
    }
    add(name, ir::Requantise{form});
  }

  [[nodiscard]] ir::TensorId last() const { return last_; }
  ir::NetworkBuilder& builder() { return builder_; }
  void move_to(ir::TensorId id) { last_ = id; }

  ir::Network finish() {
    (void)builder_.add_output({.name = "out", .layer = last_.index});
    return *std::move(builder_).build();
  }

 private:
  ir::NetworkBuilder builder_;
  std::mt19937 random_;
  ir::TensorId last_;
};

/// UltraNet, 4 bit weights and activations, 8 bit image.
inline ir::Network ultranet() {
  NetworkMaker maker({{3, 160, 320}, {0, 255}}, 1);
  const int channels[] = {16, 32, 64, 64, 64, 64, 64, 64};
  for (int k = 0; k < 8; ++k) {
    const std::string name = "conv" + std::to_string(k);
    maker.conv(name, channels[k], 3, 4);
    maker.requantise(name + "_act", 4);
    if (k < 4) maker.add(name + "_pool", ir::MaxPool{.window = {2, 2, 2, 2}});
  }
  maker.conv("conv8", 36, 1, 4);
  return maker.finish();
}

inline device::Primitive dsp48e2() {
  device::Primitive primitive;
  primitive.name = "DSP48E2";
  primitive.wide_bits = 27;
  primitive.narrow_bits = 18;
  primitive.accumulator_bits = 48;
  primitive.cascade = true;
  primitive.rtl_module = "bm_dsp_dsp48e2";
  return primitive;
}

inline device::Part xczu3eg() {
  device::Part part;
  part.name = "xczu3eg";
  part.primitive = "DSP48E2";
  part.dsps = Dsps(360);
  part.luts = Luts(70560);
  part.flip_flops = FlipFlops(141120);
  part.bram18s = Bram18s(432);
  return part;
}

/// Everything the part has.
inline Budget budget_of(const device::Part& part, double clock_mhz = 250) {
  return {.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams}, .clock_mhz = clock_mhz};
}

}  // namespace bitmason::plan::testing
