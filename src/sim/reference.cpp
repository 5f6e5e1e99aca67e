#include <algorithm>
#include <cassert>
#include <limits>

#include "ir/scalar_function.hpp"
#include "sim/engine.hpp"

namespace bitmason::sim {

namespace {

using ir::Shape;

/// Evaluates one layer by its definition in ir/network.hpp.
class Definition {
 public:
  Definition(const ir::Network& network, const ir::Layer& layer, const Trace& trace)
      : network_(network), layer_(layer), trace_(trace) {}

  Codes operator()(const ir::Input&) const { return {}; }

  Codes operator()(const ir::Conv& op) const {
    const int outputs_per_group = op.weights.out_channels / op.groups;
    return each([&](int o, int y, int x) {
      const int first = o / outputs_per_group * op.weights.in_channels;
      // Terms may pass 2^63 before the sum returns below 2^62; unsigned arithmetic wraps and returns too.
      std::uint64_t sum =
          op.bias.empty() ? 0 : static_cast<std::uint64_t>(op.bias[static_cast<std::size_t>(o)]);
      for (int i = 0; i < op.weights.in_channels; ++i) {
        for (int ky = 0; ky < op.weights.kernel_h; ++ky) {
          for (int kx = 0; kx < op.weights.kernel_w; ++kx) {
            const std::int64_t value = padded(op.window, op.pad_value, first + i, y, x, ky, kx);
            sum += static_cast<std::uint64_t>(std::int64_t{op.weights.at(o, i, ky, kx)}) *
                   static_cast<std::uint64_t>(value);
          }
        }
      }
      return static_cast<std::int64_t>(sum);
    });
  }

  Codes operator()(const ir::MaxPool& op) const {
    return each([&](int c, int y, int x) {
      std::int64_t largest = std::numeric_limits<std::int64_t>::min();
      for (int ky = 0; ky < op.window.kernel_h; ++ky) {
        for (int kx = 0; kx < op.window.kernel_w; ++kx) {
          largest =
              std::max(largest, padded(op.window, std::numeric_limits<std::int64_t>::min(), c, y, x, ky, kx));
        }
      }
      return largest;
    });
  }

  Codes operator()(const ir::SumPool& op) const {
    return each([&](int c, int y, int x) {
      std::int64_t sum = 0;
      for (int ky = 0; ky < op.window.kernel_h; ++ky) {
        for (int kx = 0; kx < op.window.kernel_w; ++kx) {
          sum += padded(op.window, op.pad_value, c, y, x, ky, kx);
        }
      }
      return sum;
    });
  }

  Codes operator()(const ir::Add& op) const {
    return each([&](int c, int y, int x) {
      auto sum = static_cast<std::uint64_t>(op.constant);
      for (std::size_t k = 0; k < op.multipliers.size(); ++k) {
        sum += static_cast<std::uint64_t>(op.multipliers[k]) *
               static_cast<std::uint64_t>(input(k)[shape(k).index(c, y, x)]);
      }
      return static_cast<std::int64_t>(sum);
    });
  }

  Codes operator()(const ir::Concat&) const {
    Codes out;
    for (std::size_t k = 0; k < layer_.inputs.size(); ++k)
      out.insert(out.end(), input(k).begin(), input(k).end());
    return out;
  }

  Codes operator()(const ir::SpaceToDepth& op) const {
    return each([&](int deep, int y, int x) {
      const auto [c, dy, dx] = split(op.order, op.block, shape(0).channels, deep);
      return input(0)[shape(0).index(c, y * op.block + dy, x * op.block + dx)];
    });
  }

  Codes operator()(const ir::DepthToSpace& op) const {
    const Shape& out = layer_.type.shape;
    return each([&](int c, int y, int x) {
      const int dy = y % op.block;
      const int dx = x % op.block;
      const int deep = op.order == ir::BlockOrder::DepthColumnRow ? (dy * op.block + dx) * out.channels + c
                                                                  : (c * op.block + dy) * op.block + dx;
      return input(0)[shape(0).index(deep, y / op.block, x / op.block)];
    });
  }

  Codes operator()(const ir::Upsample& op) const {
    return each(
        [&](int c, int y, int x) { return input(0)[shape(0).index(c, y / op.factor_h, x / op.factor_w)]; });
  }

  Codes operator()(const ir::Requantise& op) const {
    return each(
        [&](int c, int y, int x) { return ir::requantise(op, input(0)[shape(0).index(c, y, x)], c); });
  }

 private:
  struct Split {
    int channel;
    int dy;
    int dx;
  };
  static Split split(ir::BlockOrder order, int block, int channels, int deep) {
    if (order == ir::BlockOrder::DepthColumnRow) {
      return {deep % channels, deep / channels / block, deep / channels % block};
    }
    return {deep / block / block, deep / block % block, deep % block};
  }

  [[nodiscard]] const Shape& shape(std::size_t k) const { return network_.type(layer_.inputs[k]).shape; }
  [[nodiscard]] const Codes& input(std::size_t k) const {
    return trace_[static_cast<std::size_t>(layer_.inputs[k].index)];
  }

  /// Input value under tap (ky, kx) of the window at output (y, x); `pad` outside the frame.
  [[nodiscard]] std::int64_t padded(const ir::Window& window, std::int64_t pad, int c, int y, int x, int ky,
                                    int kx) const {
    const int row = y * window.stride_h + ky - window.pad_top;
    const int column = x * window.stride_w + kx - window.pad_left;
    const Shape& s = shape(0);
    const bool inside = row >= 0 && row < s.height && column >= 0 && column < s.width;
    return inside ? input(0)[s.index(c, row, column)] : pad;
  }

  template <class Value>
  [[nodiscard]] Codes each(Value value) const {
    const Shape& out = layer_.type.shape;
    Codes codes;
    codes.reserve(static_cast<std::size_t>(out.elements()));
    for (int c = 0; c < out.channels; ++c) {
      for (int y = 0; y < out.height; ++y) {
        for (int x = 0; x < out.width; ++x) codes.push_back(value(c, y, x));
      }
    }
    return codes;
  }

  const ir::Network& network_;
  const ir::Layer& layer_;
  const Trace& trace_;
};

}  // namespace

Trace run_reference(const ir::Network& network, std::span<const Codes> inputs) {
  assert(inputs.size() == network.inputs().size());
  Trace trace(network.layers().size());
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    trace[static_cast<std::size_t>(network.inputs()[k].layer)] = inputs[k];
  }
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const ir::Layer& layer = network.layers()[i];
    if (!std::holds_alternative<ir::Input>(layer.operation)) {
      trace[i] = std::visit(Definition(network, layer, trace), layer.operation);
    }
    assert(trace[i].size() == static_cast<std::size_t>(layer.type.shape.elements()));
  }
  return trace;
}

}  // namespace bitmason::sim
