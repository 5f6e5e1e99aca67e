#include "sim/random_network.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace bitmason::sim::testing_support {
namespace {

using ir::TensorId;

/// Grows a network by one random layer after the other.
class Grower {
 public:
  explicit Grower(std::uint64_t seed) : random_(seed), builder_("random") {}

  ir::Network grow() {
    const int inputs = static_cast<int>(pick(random_, 1, 2));
    for (int k = 0; k < inputs; ++k) add_input(k);
    const auto layers = pick(random_, 3, 9);
    for (std::int64_t k = 0; k < layers; ++k) add_layer();
    // Every tensor nobody reads leaves the network, so no input is unused.
    for (const TensorId id : tensors_) {
      if (used_.count(id.index) > 0) continue;
      EXPECT_TRUE(builder_.add_output({.name = "out" + std::to_string(id.index), .layer = id.index}));
    }
    auto network = std::move(builder_).build();
    EXPECT_TRUE(network);
    return std::move(*network);
  }

 private:
  std::int64_t draw(std::int64_t lo, std::int64_t hi) { return pick(random_, lo, hi); }
  int small(int lo, int hi) { return static_cast<int>(draw(lo, hi)); }

  /// Codes of 1 to 8 bits mostly, sometimes wider, sometimes far from zero.
  IntRange random_range() {
    const int bits = draw(0, 5) == 0 ? small(9, 18) : small(1, 8);
    if (draw(0, 2) == 0) return IntRange::signed_bits(bits);
    IntRange range = IntRange::unsigned_bits(bits);
    if (draw(0, 6) == 0) {
      const std::int64_t offset = draw(-1000, 1000);
      range = {range.lo + offset, range.hi + offset};
    }
    return range;
  }

  void add_input(int k) {
    const ir::TensorType type{{small(1, 20), small(1, 9), small(1, 9)}, random_range()};
    const auto id = builder_.add_input("in" + std::to_string(k), type, {.name = "in" + std::to_string(k)});
    ASSERT_TRUE(id);
    tensors_.push_back(*id);
  }

  TensorId any() {
    return tensors_[static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(tensors_.size()) - 1))];
  }

  /// Adds where the network accepts it; what it refuses (a window too large, say) is simply not added.
  void try_add(ir::Operation operation, const std::vector<TensorId>& from) {
    const auto id = builder_.add("layer" + std::to_string(layers_++), std::move(operation), from);
    if (!id) return;
    if (builder_.type(*id).shape.elements() > 20000) return;
    for (const TensorId input : from) used_.insert(input.index);
    tensors_.push_back(*id);
  }

  ir::Window random_window() {
    ir::Window w{
        .kernel_h = small(1, 4), .kernel_w = small(1, 4), .stride_h = small(1, 3), .stride_w = small(1, 3)};
    if (draw(0, 1) == 0) {
      w.pad_top = small(0, w.kernel_h - 1);
      w.pad_bottom = small(0, w.kernel_h - 1);
      w.pad_left = small(0, w.kernel_w - 1);
      w.pad_right = small(0, w.kernel_w - 1);
    }
    return w;
  }

  std::int64_t random_padding(const IntRange& range) {
    const auto kind = draw(0, 3);
    return kind == 0 ? 0 : kind == 1 ? range.lo : kind == 2 ? range.hi : draw(-300, 300);
  }

  ir::Operation random_conv(const ir::TensorType& in) {
    const int channels = in.shape.channels;
    std::vector<int> divisors;
    for (int d = 1; d <= channels; ++d) {
      if (channels % d == 0) divisors.push_back(d);
    }
    const auto kind = draw(0, 2);
    const int groups =
        kind == 0 ? 1
        : kind == 1
            ? channels
            : divisors[static_cast<std::size_t>(draw(0, static_cast<std::int64_t>(divisors.size()) - 1))];
    const int per_group = kind == 1 && draw(0, 2) > 0 ? 1 : groups == 1 ? small(1, 70) : small(1, 20);
    ir::Conv conv;
    conv.window = random_window();
    conv.groups = groups;
    const int bits = draw(0, 6) == 0 ? small(9, 20) : small(1, 8);
    const IntRange range = bits == 1 ? IntRange{-1, 1} : IntRange::signed_bits(bits);
    conv.weights = {.out_channels = groups * per_group,
                    .in_channels = channels / groups,
                    .kernel_h = conv.window.kernel_h,
                    .kernel_w = conv.window.kernel_w,
                    .values = {},
                    .range = range};
    const auto count =
        conv.weights.out_channels * conv.weights.in_channels * conv.weights.kernel_h * conv.weights.kernel_w;
    const bool extreme = draw(0, 3) == 0;
    for (int i = 0; i < count; ++i) {
      conv.weights.values.push_back(static_cast<std::int32_t>(
          extreme ? (draw(0, 1) == 0 ? range.lo : range.hi) : draw(range.lo, range.hi)));
    }
    conv.pad_value = random_padding(in.range);
    if (draw(0, 1) == 0) {
      for (int o = 0; o < conv.weights.out_channels; ++o) conv.bias.push_back(draw(-5000, 5000));
    }
    return conv;
  }

  ir::Operation random_requantise(const ir::TensorType& in) {
    const IntRange output = random_range();
    const bool per_channel = draw(0, 1) == 0;
    const int rows = per_channel ? in.shape.channels : 1;
    const IntRange aim{in.range.lo - in.range.span() / 8 - 1, in.range.hi + in.range.span() / 8 + 1};
    if (draw(0, 4) == 0 || output.span() > 300) {
      ir::ScaleShift form{.output = output, .multiplier = {}, .bias = {}, .shift = small(0, 40)};
      for (int r = 0; r < rows; ++r) form.multiplier.push_back(draw(-100000, 100000));
      for (int r = 0; r < (draw(0, 1) == 0 ? rows : 1); ++r)
        form.bias.push_back(draw(-(std::int64_t{1} << 40), std::int64_t{1} << 40));
      return ir::Requantise{form};
    }
    ir::Thresholds form{.output = output, .rows = rows, .values = {}, .decreasing = {}};
    for (int r = 0; r < rows; ++r) {
      form.decreasing.push_back(draw(0, 3) == 0 ? 1 : 0);
      std::vector<std::int64_t> row;
      for (std::int64_t k = 0; k < output.span(); ++k) row.push_back(draw(aim.lo, aim.hi));
      if (draw(0, 5) == 0) std::fill(row.begin(), row.end(), row.empty() ? 0 : row.front());
      std::ranges::sort(row);
      form.values.insert(form.values.end(), row.begin(), row.end());
    }
    return ir::Requantise{form};
  }

  void add_layer() {
    const TensorId from = any();
    const ir::TensorType in = builder_.type(from);
    switch (draw(0, 10)) {
      case 0:
        return try_add(ir::MaxPool{random_window()}, {from});
      case 1:
        return try_add(ir::SumPool{random_window(), random_padding(in.range)}, {from});
      case 2:
        return add_sum(from);
      case 3:
        return add_concat(from);
      case 4:
        return try_add(ir::SpaceToDepth{small(1, 3), draw(0, 1) == 0 ? ir::BlockOrder::DepthColumnRow
                                                                     : ir::BlockOrder::ColumnRowDepth},
                       {from});
      case 5:
        return try_add(ir::DepthToSpace{small(1, 3), draw(0, 1) == 0 ? ir::BlockOrder::DepthColumnRow
                                                                     : ir::BlockOrder::ColumnRowDepth},
                       {from});
      case 6:
        return try_add(ir::Upsample{small(1, 3), small(1, 3)}, {from});
      case 7:
        return try_add(random_requantise(in), {from});
      default:
        add_conv(from);
    }
  }

  void add_conv(TensorId from) {
    const auto before = tensors_.size();
    try_add(random_conv(builder_.type(from)), {from});
    // Usually requantised at once, as in real networks.
    if (tensors_.size() > before && draw(0, 3) > 0)
      try_add(random_requantise(builder_.type(tensors_.back())), {tensors_.back()});
  }

  void add_sum(TensorId from) {
    ir::Add add;
    std::vector<TensorId> inputs;
    for (const TensorId id : tensors_) {
      if (builder_.type(id).shape == builder_.type(from).shape) inputs.push_back(id);
    }
    const bool large = draw(0, 5) == 0;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      add.multipliers.push_back(large ? draw(-(std::int64_t{1} << 33), std::int64_t{1} << 33) : draw(-9, 9));
    }
    add.constant = draw(-1000, 1000);
    try_add(add, inputs);
  }

  void add_concat(TensorId from) {
    std::vector<TensorId> inputs;
    for (const TensorId id : tensors_) {
      const ir::Shape& s = builder_.type(id).shape;
      if (s.height == builder_.type(from).shape.height && s.width == builder_.type(from).shape.width)
        inputs.push_back(id);
    }
    try_add(ir::Concat{}, inputs);
  }

  std::mt19937_64 random_;
  ir::NetworkBuilder builder_;
  int layers_ = 0;
  std::vector<TensorId> tensors_;
  std::set<int> used_;
};

}  // namespace

ir::Network random_network(std::uint64_t seed) {
  return Grower(seed).grow();
}

std::vector<Codes> random_frame(const ir::Network& network, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Codes> frame;
  for (const ir::InputPort& port : network.inputs()) {
    const ir::TensorType& type = network.type({port.layer});
    Codes codes;
    for (std::int64_t i = 0; i < type.shape.elements(); ++i) {
      const auto kind = random() % 4;
      codes.push_back(kind == 0   ? type.range.lo
                      : kind == 1 ? type.range.hi
                                  : pick(random, type.range.lo, type.range.hi));
    }
    frame.push_back(std::move(codes));
  }
  return frame;
}

}  // namespace bitmason::sim::testing_support
