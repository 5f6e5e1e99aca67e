#include <algorithm>
#include <optional>

#include "support/exact_operators.hpp"

namespace bitmason::test {

namespace {

/// Sliding window over the trailing dimensions of (N, C, spatial...).
struct WindowGeometry {
  std::vector<std::int64_t> kernel, strides, dilations, begin, output;

  WindowGeometry(const Operands& in, const std::vector<std::int64_t>& x,
                 std::vector<std::int64_t> kernel_shape)
      : kernel(std::move(kernel_shape)) {
    const std::size_t rank = kernel.size();
    strides = in.integers("strides", std::vector<std::int64_t>(rank, 1));
    dilations = in.integers("dilations", std::vector<std::int64_t>(rank, 1));
    const auto pads = in.integers("pads", std::vector<std::int64_t>(2 * rank, 0));
    const std::string auto_pad = in.text("auto_pad", "NOTSET");
    for (std::size_t d = 0; d < rank; ++d) {
      const std::int64_t size = x[d + 2];
      const std::int64_t reach = (kernel[d] - 1) * dilations[d] + 1;
      std::int64_t low = pads[d];
      std::int64_t total = pads[d] + pads[d + rank];
      if (auto_pad.starts_with("SAME")) {
        const std::int64_t wanted = (size + strides[d] - 1) / strides[d];
        total = std::max<std::int64_t>(0, (wanted - 1) * strides[d] + reach - size);
        low = auto_pad == "SAME_UPPER" ? total / 2 : (total + 1) / 2;
      } else if (auto_pad == "VALID") {
        low = total = 0;
      }
      begin.push_back(low);
      output.push_back((size + total - reach) / strides[d] + 1);
    }
  }

  /// Calls visit(tap position, input position) for every tap inside the frame at an output position.
  template <class Visit>
  void taps(const std::vector<std::int64_t>& x, const std::int64_t* at, Visit visit) const {
    const std::size_t rank = kernel.size();
    std::vector<std::int64_t> tap(rank, 0), position(rank);
    for (std::int64_t t = 0; t < element_count(kernel); ++t) {
      bool inside = true;
      for (std::size_t d = 0; d < rank; ++d) {
        position[d] = at[d] * strides[d] + tap[d] * dilations[d] - begin[d];
        inside = inside && position[d] >= 0 && position[d] < x[d + 2];
      }
      if (inside) visit(t, position);
      for (std::size_t d = rank; d-- > 0;) {
        if (++tap[d] < kernel[d]) break;
        tap[d] = 0;
      }
    }
  }
};

std::size_t flat(const std::vector<std::int64_t>& shape, std::int64_t n, std::int64_t c,
                 const std::vector<std::int64_t>& position) {
  std::int64_t index = n * shape[1] + c;
  for (std::size_t d = 0; d < position.size(); ++d) index = index * shape[d + 2] + position[d];
  return static_cast<std::size_t>(index);
}

/// Calls value(n, c, output position) for every output element in C order.
template <class Value>
Exact each_output(std::int64_t batch, std::int64_t channels, const WindowGeometry& window, Value value) {
  std::vector<std::int64_t> shape{batch, channels};
  shape.insert(shape.end(), window.output.begin(), window.output.end());
  Exact result{shape, {}};
  std::vector<std::int64_t> position(shape.size(), 0);
  for (std::int64_t i = 0; i < element_count(shape); ++i) {
    result.values.push_back(value(position[0], position[1], position.data() + 2));
    for (std::size_t d = position.size(); d-- > 0;) {
      if (++position[d] < shape[d]) break;
      position[d] = 0;
    }
  }
  return result;
}

Exact conv(const Operands& in) {
  const Exact& x = in[0];
  const Exact& w = in[1];
  const WindowGeometry window(in, x.shape, {w.shape.begin() + 2, w.shape.end()});
  const std::int64_t groups = in.integer("group", 1);
  const std::int64_t out_per_group = w.shape[0] / groups;
  const std::int64_t taps = element_count(window.kernel);
  return each_output(x.shape[0], w.shape[0], window,
                     [&](std::int64_t n, std::int64_t o, const std::int64_t* at) {
                       Rational sum = in.has(2) ? in[2].values[static_cast<std::size_t>(o)] : Rational();
                       window.taps(x.shape, at, [&](std::int64_t tap, const auto& position) {
                         for (std::int64_t i = 0; i < w.shape[1]; ++i) {
                           sum += x.values[flat(x.shape, n, o / out_per_group * w.shape[1] + i, position)] *
                                  w.values[static_cast<std::size_t>((o * w.shape[1] + i) * taps + tap)];
                         }
                       });
                       return sum;
                     });
}

Exact max_pool(const Operands& in) {
  const Exact& x = in[0];
  const WindowGeometry window(in, x.shape, in.integers("kernel_shape", {}));
  return each_output(x.shape[0], x.shape[1], window,
                     [&](std::int64_t n, std::int64_t c, const std::int64_t* at) {
                       std::optional<Rational> best;
                       window.taps(x.shape, at, [&](std::int64_t, const auto& position) {
                         const Rational& value = x.values[flat(x.shape, n, c, position)];
                         if (!best || value > *best) best = value;
                       });
                       return best.value();
                     });
}

Exact average(const Exact& x, const WindowGeometry& window, bool count_padding) {
  return each_output(x.shape[0], x.shape[1], window,
                     [&](std::int64_t n, std::int64_t c, const std::int64_t* at) {
                       Rational sum;
                       std::int64_t count = 0;
                       window.taps(x.shape, at, [&](std::int64_t, const auto& position) {
                         sum += x.values[flat(x.shape, n, c, position)];
                         ++count;
                       });
                       return sum / Rational(count_padding ? element_count(window.kernel) : count);
                     });
}

Exact average_pool(const Operands& in) {
  const WindowGeometry window(in, in[0].shape, in.integers("kernel_shape", {}));
  return average(in[0], window, in.integer("count_include_pad", 0) != 0);
}

Exact global_average_pool(const Operands& in) {
  const WindowGeometry window(in, in[0].shape, {in[0].shape.begin() + 2, in[0].shape.end()});
  return average(in[0], window, true);
}

Exact reduce_mean(const Operands& in) {
  const Exact& x = in[0];
  std::vector<std::int64_t> axes = in.has(1) ? to_integers(in[1]) : in.integers("axes", {});
  const auto rank = static_cast<std::int64_t>(x.shape.size());
  std::vector<std::int64_t> kept = x.shape;
  for (const std::int64_t axis : axes) kept[static_cast<std::size_t>((axis + rank) % rank)] = 1;
  Exact result{kept, std::vector<Rational>(static_cast<std::size_t>(element_count(kept)))};
  const auto from = strides_of(x.shape);
  const auto to = strides_of(kept);
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    std::int64_t target = 0;
    for (std::size_t d = 0; d < kept.size(); ++d)
      target += static_cast<std::int64_t>(i) / from[d] % x.shape[d] % kept[d] * to[d];
    result.values[static_cast<std::size_t>(target)] += x.values[i];
  }
  const Rational count(element_count(x.shape) / element_count(kept));
  for (Rational& value : result.values) value = value / count;
  if (in.integer("keepdims", 1) != 0) return result;
  result.shape.clear();
  for (std::size_t d = 0; d < kept.size(); ++d) {
    const auto here = [&](std::int64_t axis) { return (axis + rank) % rank == static_cast<std::int64_t>(d); };
    if (std::none_of(axes.begin(), axes.end(), here)) result.shape.push_back(x.shape[d]);
  }
  return result;
}

}  // namespace

std::map<std::string, Operator> window_operators() {
  return {{"Conv", conv},
          {"MaxPool", max_pool},
          {"AveragePool", average_pool},
          {"GlobalAveragePool", global_average_pool},
          {"ReduceMean", reduce_mean}};
}

}  // namespace bitmason::test
