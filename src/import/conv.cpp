#include "import/handlers.hpp"
#include "import/linear.hpp"
#include "import/window.hpp"

namespace bitmason::import {

namespace {

/// Kernel rows and columns with dilation and, where padding reaches the kernel's size, zeros around it.
struct Stretched {
  ir::Window window;
  int margin_h = 0;
  int margin_w = 0;
};

Stretched stretch(const WindowAttributes& attributes) {
  Stretched result{.window = attributes.window};
  ir::Window& w = result.window;
  w.kernel_h = (w.kernel_h - 1) * attributes.dilation_h + 1;
  w.kernel_w = (w.kernel_w - 1) * attributes.dilation_w + 1;
  // Both grow by the same margin, so no output moves; padding must stay below the kernel's size.
  result.margin_h = std::max(0, std::max(w.pad_top, w.pad_bottom) - w.kernel_h + 1);
  result.margin_w = std::max(0, std::max(w.pad_left, w.pad_right) - w.kernel_w + 1);
  w.kernel_h += 2 * result.margin_h;
  w.kernel_w += 2 * result.margin_w;
  w.pad_top += result.margin_h;
  w.pad_bottom += result.margin_h;
  w.pad_left += result.margin_w;
  w.pad_right += result.margin_w;
  return result;
}

/// Elements of the kernel in (o, i, y, x) order of the stretched kernel.
std::vector<std::int64_t> kernel_elements(std::int64_t planes, const WindowAttributes& attributes,
                                          const Stretched& stretched) {
  const ir::Window& w = stretched.window;
  std::vector<std::int64_t> result;
  result.reserve(static_cast<std::size_t>(planes * w.kernel_h * w.kernel_w));
  for (std::int64_t plane = 0; plane < planes; ++plane) {
    for (int y = 0; y < w.kernel_h; ++y) {
      for (int x = 0; x < w.kernel_w; ++x) {
        const int dy = y - stretched.margin_h;
        const int dx = x - stretched.margin_w;
        const int ky = dy / attributes.dilation_h;
        const int kx = dx / attributes.dilation_w;
        const bool tap = dy >= 0 && dx >= 0 && dy % attributes.dilation_h == 0 &&
                         dx % attributes.dilation_w == 0 && ky < attributes.window.kernel_h &&
                         kx < attributes.window.kernel_w;
        result.push_back(tap ? (plane * attributes.window.kernel_h + ky) * attributes.window.kernel_w + kx
                             : WeightOrder::kZero);
      }
    }
  }
  return result;
}

bool add_bias(Scope& scope, Stream& stream, std::size_t index) {
  if (!scope.has(index)) return true;
  const Constant* bias = scope.need_constant(index, "B");
  if (bias == nullptr) return false;
  if (bias->size() != static_cast<std::size_t>(stream.frame.channels)) {
    scope.fail(diagnostics::kShape,
               {shape_text(bias->shape), std::to_string(stream.frame.channels) + " output channels"});
    return false;
  }
  std::vector<Rational> offset;
  for (std::size_t c = 0; c < bias->size(); ++c) offset.push_back(bias->at(c));
  append_affine(stream.value, {Rational(1)}, offset);
  return true;
}

bool shapes_agree(Scope& scope, const Stream& stream, const Constant& weights, std::int64_t groups) {
  const auto& s = weights.shape;
  const bool agree = s.size() == stream.layout.dims.size() && groups >= 1 && groups <= s[0] &&
                     s[0] % groups == 0 && s[0] <= (1 << 24) && s[1] * groups == stream.frame.channels &&
                     weights.size() > 0;
  if (!agree) {
    scope.fail(diagnostics::kShape,
               {"of weights " + shape_text(s),
                "input " + shape_text(stream.layout.dims) + " in " + std::to_string(groups) + " groups"});
  }
  return agree;
}

/// A finding where the attribute kernel_shape is not the weights' own.
bool kernels_agree(Scope& scope, const Constant& weights, const ir::Window& window) {
  const std::int64_t w = weights.shape.back();
  const std::int64_t h = weights.shape.size() == 4 ? weights.shape[2] : 1;
  if (w == window.kernel_w && h == window.kernel_h) return true;
  scope.fail(diagnostics::kAttribute,
             {"kernel_shape", std::to_string(window.kernel_h) + "x" + std::to_string(window.kernel_w),
              "the weights' " + std::to_string(h) + "x" + std::to_string(w)});
  return false;
}

struct Geometry {
  const WindowAttributes& attributes;
  const Stretched& stretched;
  const std::vector<Rational>& pad_value;
};

bool emit_conv(Scope& scope, Stream& stream, const Constant& weights, std::int64_t groups,
               const Geometry& geometry) {
  const std::size_t rank = stream.layout.dims.size();
  const LinearLayer layer{.weights = weights,
                          .element = kernel_elements(weights.shape[0] * weights.shape[1], geometry.attributes,
                                                     geometry.stretched),
                          .out_channels = static_cast<int>(weights.shape[0]),
                          .in_channels = static_cast<int>(weights.shape[1]),
                          .window = geometry.stretched.window,
                          .groups = static_cast<int>(groups),
                          .pad_value = geometry.pad_value};
  if (!emit_linear(scope, stream, layer)) return false;
  stream.layout = canonical_layout(stream.frame, rank);
  return true;
}

}  // namespace

Values import_conv(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* weights = scope.need_constant(1, "W");
  const std::int64_t groups = scope.integer("group", 1);
  if (scope.stream(0) == nullptr && !scope.failed())
    scope.fail(diagnostics::kOperator, {"convolution of a constant", "fold the constant before export"});
  if (scope.failed()) return {};
  if (weights->shape.size() != 3 && weights->shape.size() != 4) {
    return scope.fail(
        diagnostics::kOperator,
        {std::to_string(weights->shape.size() < 2 ? 0 : weights->shape.size() - 2) + "-D convolution",
         "use 1-D or 2-D convolution"});
  }
  Stream stream = *scope.stream(0);
  if (!make_canonical(scope, stream) || !shapes_agree(scope, stream, *weights, groups)) return {};
  auto attributes = window_of(scope, stream, {weights->shape.begin() + 2, weights->shape.end()});
  if (!attributes || !kernels_agree(scope, *weights, attributes->window)) return {};
  const auto pad_value = absorb_padding(scope, stream, attributes->window);
  if (!pad_value) return {};
  const Stretched stretched = stretch(*attributes);
  const std::int64_t planes = weights->shape[0] * weights->shape[1];
  const auto taps = std::int64_t{stretched.window.kernel_h} * stretched.window.kernel_w;
  if (taps > kMaxFoldedElements / planes) {
    return scope.fail(diagnostics::kTooLarge,
                      {std::to_string(planes), "kernels of " + std::to_string(taps) + " taps",
                       std::to_string(kMaxFoldedElements)});
  }
  if (!emit_conv(scope, stream, *weights, groups, {*attributes, stretched, *pad_value})) return {};
  if (!add_bias(scope, stream, 2)) return {};
  const bool dilated = attributes->dilation_h * attributes->dilation_w > 1;
  return scope.done(std::move(stream), Fate::Layer, dilated ? "dilation as zeros in the kernel" : "");
}

}  // namespace bitmason::import
