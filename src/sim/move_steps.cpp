#include <algorithm>
#include <cassert>

#include "sim/steps.hpp"

/// Steps that move codes without computing sums.
namespace bitmason::sim {

namespace {

class CopyStep final : public Step {
 public:
  CopyStep(Operand input, Operand output)
      : Step(output.layout.shape.height), input_(std::move(input)), output_(std::move(output)) {}

  void run(const State& state, Scratch&, int y) const override {
    const ir::Shape& shape = input_.layout.shape;
    const auto count = static_cast<std::size_t>(shape.width) * static_cast<std::size_t>(shape.channels);
    const std::int64_t delta = input_.layout.storage.offset - output_.layout.storage.offset;
    with_type(input_.layout.storage.element, [&](auto from) {
      with_type(output_.layout.storage.element, [&](auto to) {
        convert(state.row<decltype(from)>(input_.slot, y), state.row<decltype(to)>(output_.slot, y), count,
                delta);
      });
    });
  }

 private:
  Operand input_;
  Operand output_;
};

class MaxPoolStep final : public Step {
 public:
  MaxPoolStep(const ir::MaxPool& layer, Operand input, Operand output)
      : Step(output.layout.shape.height),
        window_(layer.window),
        input_(std::move(input)),
        output_(std::move(output)) {}

  void run(const State& state, Scratch& scratch, int y) const override {
    with_type(output_.layout.storage.element, [&](auto type) { run_as<decltype(type)>(state, scratch, y); });
  }

 private:
  template <class T>
  static void raise(T* to, const T* by, std::ptrdiff_t count) {
    for (std::ptrdiff_t i = 0; i < count; ++i) to[i] = std::max(to[i], by[i]);
  }

  /// Columns first: the maxima of a whole row need one pass each, whatever the channel count.
  template <class T>
  void run_as(const State& state, Scratch& scratch, int y) const {
    const ir::Shape& in = input_.layout.shape;
    const std::ptrdiff_t channels = in.channels;
    const std::ptrdiff_t row_size = in.width * channels;
    const int first = std::max(y * window_.stride_h - window_.pad_top, 0);
    const int last = std::min(y * window_.stride_h - window_.pad_top + window_.kernel_h, in.height);
    T* tallest = scratch.rows<T>(static_cast<std::size_t>(row_size));
    std::copy_n(state.row<T>(input_.slot, first), row_size, tallest);
    for (int row = first + 1; row < last; ++row) raise(tallest, state.row<T>(input_.slot, row), row_size);
    T* out = state.row<T>(output_.slot, y);
    for (int x = 0; x < output_.layout.shape.width; ++x, out += channels) {
      const int left = std::max(x * window_.stride_w - window_.pad_left, 0);
      const int right = std::min(x * window_.stride_w - window_.pad_left + window_.kernel_w, in.width);
      std::copy_n(tallest + left * channels, channels, out);
      for (int column = left + 1; column < right; ++column) raise(out, tallest + column * channels, channels);
    }
  }

  ir::Window window_;
  Operand input_;
  Operand output_;
};

class ConcatStep final : public Step {
 public:
  ConcatStep(std::vector<Operand> inputs, Operand output)
      : Step(output.layout.shape.height), inputs_(std::move(inputs)), output_(std::move(output)) {}

  void run(const State& state, Scratch&, int y) const override {
    std::ptrdiff_t first = 0;
    for (const Operand& input : inputs_) {
      with_type(input.layout.storage.element, [&](auto from) {
        with_type(output_.layout.storage.element,
                  [&](auto to) { run_as<decltype(from), decltype(to)>(state, input, y, first); });
      });
      first += input.layout.shape.channels;
    }
  }

 private:
  template <class From, class To>
  void run_as(const State& state, const Operand& input, int y, std::ptrdiff_t first) const {
    const From* from = state.row<From>(input.slot, y);
    To* to = state.row<To>(output_.slot, y) + first;
    const std::ptrdiff_t channels = input.layout.shape.channels;
    const std::int64_t delta = input.layout.storage.offset - output_.layout.storage.offset;
    for (int x = 0; x < input.layout.shape.width; ++x) {
      convert(from + x * channels, to + x * std::ptrdiff_t{output_.layout.shape.channels},
              static_cast<std::size_t>(channels), delta);
    }
  }

  std::vector<Operand> inputs_;
  Operand output_;
};

/// SpaceToDepth, DepthToSpace and Upsample: output (y, x) takes its channels from fixed places of the input.
class GatherStep final : public Step {
 public:
  struct Source {
    int channel;
    int dy;
    int dx;
  };
  /// Channel c of output pixel (y, x) with phase (y % phases_h, x % phases_w) is channel sources[phase][c] of
  /// input pixel (y / phases_h * stride + dy, x / phases_w * stride + dx).
  struct Pattern {
    int phases_h = 1;
    int phases_w = 1;
    int stride = 1;
    std::vector<Source> sources;
  };

  GatherStep(Pattern pattern, Operand input, Operand output)
      : Step(output.layout.shape.height),
        pattern_(std::move(pattern)),
        input_(std::move(input)),
        output_(std::move(output)) {}

  void run(const State& state, Scratch&, int y) const override {
    with_type(output_.layout.storage.element, [&](auto type) { run_as<decltype(type)>(state, y); });
  }

 private:
  template <class T>
  void run_as(const State& state, int y) const {
    const auto channels = static_cast<std::size_t>(output_.layout.shape.channels);
    const std::ptrdiff_t in_channels = input_.layout.shape.channels;
    const std::ptrdiff_t in_row = state.row_bytes(input_.slot) / static_cast<std::ptrdiff_t>(sizeof(T));
    const T* in = state.row<T>(input_.slot, y / pattern_.phases_h * pattern_.stride);
    T* out = state.row<T>(output_.slot, y);
    for (int x = 0; x < output_.layout.shape.width; ++x, out += channels) {
      const int phase = y % pattern_.phases_h * pattern_.phases_w + x % pattern_.phases_w;
      const Source* sources = pattern_.sources.data() + static_cast<std::size_t>(phase) * channels;
      const T* pixel = in + x / pattern_.phases_w * pattern_.stride * in_channels;
      for (std::size_t c = 0; c < channels; ++c) {
        out[c] = pixel[sources[c].dy * in_row + sources[c].dx * in_channels + sources[c].channel];
      }
    }
  }

  Pattern pattern_;
  Operand input_;
  Operand output_;
};

int deep_channel(ir::BlockOrder order, int block, int channels, int c, int dy, int dx) {
  return order == ir::BlockOrder::DepthColumnRow ? (dy * block + dx) * channels + c
                                                 : (c * block + dy) * block + dx;
}

}  // namespace

std::unique_ptr<Step> make_copy(Operand input, Operand output) {
  return std::make_unique<CopyStep>(std::move(input), std::move(output));
}

std::unique_ptr<Step> make_step(const ir::MaxPool& layer, Operand input, Operand output) {
  assert(input.layout.storage == output.layout.storage);
  return std::make_unique<MaxPoolStep>(layer, std::move(input), std::move(output));
}

std::unique_ptr<Step> make_concat(std::vector<Operand> inputs, Operand output) {
  return std::make_unique<ConcatStep>(std::move(inputs), std::move(output));
}

std::unique_ptr<Step> make_step(const ir::SpaceToDepth& layer, Operand input, Operand output) {
  const int channels = input.layout.shape.channels;
  GatherStep::Pattern pattern{1, 1, layer.block, {}};
  pattern.sources.resize(static_cast<std::size_t>(output.layout.shape.channels));
  for (int c = 0; c < channels; ++c) {
    for (int dy = 0; dy < layer.block; ++dy) {
      for (int dx = 0; dx < layer.block; ++dx) {
        const int deep = deep_channel(layer.order, layer.block, channels, c, dy, dx);
        pattern.sources[static_cast<std::size_t>(deep)] = {c, dy, dx};
      }
    }
  }
  return std::make_unique<GatherStep>(std::move(pattern), std::move(input), std::move(output));
}

std::unique_ptr<Step> make_step(const ir::DepthToSpace& layer, Operand input, Operand output) {
  const int channels = output.layout.shape.channels;
  GatherStep::Pattern pattern{layer.block, layer.block, 1, {}};
  for (int dy = 0; dy < layer.block; ++dy) {
    for (int dx = 0; dx < layer.block; ++dx) {
      for (int c = 0; c < channels; ++c) {
        pattern.sources.push_back({deep_channel(layer.order, layer.block, channels, c, dy, dx), 0, 0});
      }
    }
  }
  return std::make_unique<GatherStep>(std::move(pattern), std::move(input), std::move(output));
}

std::unique_ptr<Step> make_step(const ir::Upsample& layer, Operand input, Operand output) {
  GatherStep::Pattern pattern{layer.factor_h, layer.factor_w, 1, {}};
  for (int phase = 0; phase < layer.factor_h * layer.factor_w; ++phase) {
    for (int c = 0; c < output.layout.shape.channels; ++c) pattern.sources.push_back({c, 0, 0});
  }
  return std::make_unique<GatherStep>(std::move(pattern), std::move(input), std::move(output));
}

}  // namespace bitmason::sim
