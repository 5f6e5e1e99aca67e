#include "import/window.hpp"

#include <algorithm>

namespace bitmason::import {

namespace {

constexpr std::int64_t kMaxSide = 1 << 15;

/// One dimension of a window.
struct Side {
  std::int64_t size = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t begin = 0;
  std::int64_t end = 0;

  [[nodiscard]] std::int64_t extent() const { return (kernel - 1) * dilation + 1; }
  [[nodiscard]] std::int64_t slack() const { return size + begin + end - extent(); }
};

void apply_auto_pad(Side& side, const std::string& mode) {
  if (mode == "VALID") side.begin = side.end = 0;
  if (mode != "SAME_UPPER" && mode != "SAME_LOWER") return;
  const std::int64_t outputs = (side.size + side.stride - 1) / side.stride;
  const std::int64_t total =
      std::max<std::int64_t>(0, (outputs - 1) * side.stride + side.extent() - side.size);
  side.begin = mode == "SAME_UPPER" ? total / 2 : total - total / 2;
  side.end = total - side.begin;
}

/// Rows or columns that ceil_mode adds at the end; a last window that starts in the padding is dropped.
std::int64_t ceil_padding(const Side& side) {
  const std::int64_t rest = side.slack() % side.stride;
  if (side.slack() < 0 || rest == 0) return 0;
  const std::int64_t start = (side.slack() / side.stride + 1) * side.stride;
  return start < side.size + side.begin ? side.stride - rest : 0;
}

bool check(Scope& scope, const std::string& name, const std::vector<std::int64_t>& values, std::size_t count,
           std::int64_t least) {
  const bool fits = values.size() == count &&
                    std::ranges::all_of(values, [&](std::int64_t v) { return v >= least && v <= kMaxSide; });
  if (!fits) {
    scope.fail(diagnostics::kAttribute, {name, shape_text(values),
                                         std::to_string(count) + " integers from " + std::to_string(least) +
                                             " to " + std::to_string(kMaxSide)});
  }
  return fits;
}

/// One row for one column: rows and columns of a window change places.
ir::Window swapped(const ir::Window& w) {
  return {w.kernel_w, w.kernel_h, w.stride_w, w.stride_h, w.pad_left, w.pad_top, w.pad_right, w.pad_bottom};
}

}  // namespace

bool is_column_view(const Stream& stream) {
  const ir::Shape& f = stream.frame;
  const std::vector<std::int64_t> dims{1, f.channels, f.width, 1};
  return f.height == 1 && f.width > 1 && stream.layout.map.empty() && stream.layout.dims == dims &&
         !stream.padding.any();
}

std::optional<WindowAttributes> window_of(Scope& scope, const Stream& stream,
                                          std::vector<std::int64_t> kernel) {
  const std::size_t rank = stream.layout.dims.size() - 2;
  const auto ones = std::vector<std::int64_t>(rank, 1);
  const auto shape = scope.integers("kernel_shape", std::move(kernel));
  const auto strides = scope.integers("strides", ones);
  const auto dilations = scope.integers("dilations", ones);
  const std::string mode = scope.string("auto_pad", "NOTSET");
  auto pads = scope.integers("pads", std::vector<std::int64_t>(2 * rank, 0));
  const bool ceil = scope.integer("ceil_mode", 0) != 0;
  if (mode != "NOTSET" && mode != "SAME_UPPER" && mode != "SAME_LOWER" && mode != "VALID") {
    scope.fail(diagnostics::kAttribute,
               {"auto_pad", mode.substr(0, 100), "NOTSET, SAME_UPPER, SAME_LOWER or VALID"});
  }
  check(scope, "kernel_shape", shape, rank, 1);
  check(scope, "strides", strides, rank, 1);
  check(scope, "dilations", dilations, rank, 1);
  check(scope, "pads", pads, 2 * rank, 0);
  if (scope.failed()) return std::nullopt;
  Side sides[2];
  std::int64_t sizes[] = {stream.frame.height + stream.padding.top + stream.padding.bottom,
                          stream.frame.width + stream.padding.left + stream.padding.right};
  const bool column = is_column_view(stream);
  if (column) std::swap(sizes[0], sizes[1]);
  WindowAttributes result;
  for (std::size_t d = 0; d < rank; ++d) {
    Side& side = sides[d + 2 - rank];
    side = {sizes[d + 2 - rank], shape[d], strides[d], dilations[d], pads[d], pads[rank + d]};
    apply_auto_pad(side, mode);
    const std::int64_t extra = ceil ? ceil_padding(side) : 0;
    result.ceil_extra = result.ceil_extra || extra > 0;
    side.end += extra;
  }
  const auto narrow = [](std::int64_t v) { return static_cast<int>(v); };
  result.window = {narrow(sides[0].kernel), narrow(sides[1].kernel), narrow(sides[0].stride),
                   narrow(sides[1].stride), narrow(sides[0].begin),  narrow(sides[1].begin),
                   narrow(sides[0].end),    narrow(sides[1].end)};
  result.dilation_h = narrow(sides[0].dilation);
  result.dilation_w = narrow(sides[1].dilation);
  if (column) {
    result.window = swapped(result.window);
    std::swap(result.dilation_h, result.dilation_w);
  }
  return result;
}

std::optional<std::vector<Rational>> absorb_padding(Scope& scope, Stream& stream, ir::Window& window) {
  std::vector<Rational> value{Rational(0)};
  if (!stream.padding.any()) return value;
  if (window.has_padding() && stream.padding.value != value) {
    refuse_padding(scope, stream);
    return std::nullopt;
  }
  window.pad_top += stream.padding.top;
  window.pad_left += stream.padding.left;
  window.pad_bottom += stream.padding.bottom;
  window.pad_right += stream.padding.right;
  value = stream.padding.value;
  stream.padding = {};
  return value;
}

}  // namespace bitmason::import
