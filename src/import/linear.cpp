#include "import/linear.hpp"

#include <algorithm>

namespace bitmason::import {

namespace {

/// Codes k with real = scale * k + pad_value, so that the padding is code 0.
bool rescale_for_padding(Scope& scope, Stream& stream, ir::AffineStep& affine, const Rational& pad) {
  const auto refuse = [&] {
    scope.fail(diagnostics::kPadding,
               {pad.to_string(), affine.scale[0].to_string(), affine.offset[0].to_string()});
    return false;
  };
  if (affine.scale.size() != 1 || affine.offset.size() != 1) return refuse();
  const Rational unit = Rational::gcd(affine.scale[0], affine.offset[0] - pad);
  if (unit.sign() == 0) return refuse();
  const auto multiplier = (affine.scale[0] / unit).to_int64();
  const auto constant = ((affine.offset[0] - pad) / unit).to_int64();
  constexpr std::int64_t kLimit = 1 << 16;
  if (!multiplier || !constant || std::max(std::abs(*multiplier), std::abs(*constant)) > kLimit)
    return refuse();
  const auto id = scope.add(ir::Add{.multipliers = {*multiplier}, .constant = *constant}, {stream.tensor},
                            scope.label + "_rescaled");
  if (!id) return false;
  if (scope.session.type(*id).range.bits() > 16) return refuse();
  stream.tensor = *id;
  affine = {{unit}, {pad}};
  return true;
}

/// The code of the padding, the same in every channel; rescales the stream where that needs a finer scale.
std::optional<std::int64_t> pad_code(Scope& scope, Stream& stream, ir::AffineStep& affine,
                                     const LinearLayer& layer) {
  if (!layer.window.has_padding()) return 0;
  std::optional<std::int64_t> code;
  for (int c = 0; c < stream.frame.channels; ++c) {
    const Rational& scale = row(affine.scale, c);
    const Rational difference = row(layer.pad_value, c) - row(affine.offset, c);
    const auto own = scale.sign() == 0 ? std::nullopt : (difference / scale).to_int64();
    if (!own || (code && *code != *own)) {
      if (uniform(layer.pad_value) && rescale_for_padding(scope, stream, affine, layer.pad_value[0]))
        return 0;
      if (!scope.failed()) {
        scope.fail(diagnostics::kPadding, {row(layer.pad_value, c).to_string(), scale.to_string(),
                                           row(affine.offset, c).to_string()});
      }
      return std::nullopt;
    }
    code = own;
  }
  return code;
}

/// Scale of the input per output channel where it is uniform within each group; otherwise nothing.
std::optional<std::vector<Rational>> group_scales(const ir::AffineStep& affine, const LinearLayer& layer) {
  if (affine.scale.size() == 1) return affine.scale;
  std::vector<Rational> result;
  const int per_group = layer.out_channels / layer.groups;
  for (int o = 0; o < layer.out_channels; ++o) {
    const int first = o / per_group * layer.in_channels;
    for (int i = 0; i < layer.in_channels; ++i) {
      if (row(affine.scale, first + i) != row(affine.scale, first)) return std::nullopt;
    }
    result.push_back(row(affine.scale, first));
  }
  return result;
}

/// Sum over an output's weights of real weight times the input's offset.
std::vector<Rational> offset_sums(const ir::AffineStep& affine, const LinearLayer& layer) {
  if (std::ranges::all_of(affine.offset, [](const Rational& o) { return o.sign() == 0; }))
    return {Rational(0)};
  std::vector<Rational> result;
  const int taps = layer.window.kernel_h * layer.window.kernel_w;
  const int per_group = layer.out_channels / layer.groups;
  std::size_t k = 0;
  for (int o = 0; o < layer.out_channels; ++o) {
    Rational total;
    for (int i = 0; i < layer.in_channels; ++i) {
      Rational weights;
      for (int t = 0; t < taps; ++t, ++k) {
        if (layer.element[k] != WeightOrder::kZero)
          weights += layer.weights.at(static_cast<std::size_t>(layer.element[k]));
      }
      total += weights * row(affine.offset, o / per_group * layer.in_channels + i);
    }
    result.push_back(std::move(total));
  }
  return result;
}

std::vector<Rational> product(const std::vector<Rational>& a, const std::vector<Rational>& b) {
  std::vector<Rational> result;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    result.push_back(row(a, static_cast<int>(i)) * row(b, static_cast<int>(i)));
  return result;
}

/// Weights that carry the different scales of the input channels; `scale` is then their own.
std::optional<IntegerWeights> weights_with_scales(Scope& scope, const ir::AffineStep& affine,
                                                  const LinearLayer& layer, WeightOrder order) {
  std::optional<IntegerWeights> weights;
  if (layer.groups == 1) {
    const int taps = layer.window.kernel_h * layer.window.kernel_w;
    for (int i = 0; i < layer.in_channels; ++i) {
      for (int t = 0; t < taps; ++t) order.factor.push_back(row(affine.scale, i));
    }
    weights = integer_weights(layer.weights, order);
  }
  if (!weights) {
    const auto other =
        std::ranges::find_if(affine.scale, [&](const Rational& s) { return s != affine.scale[0]; });
    scope.fail(diagnostics::kChannelScales, {affine.scale[0].to_string(), other->to_string()});
  }
  return weights;
}

void fail_float(Scope& scope, const Constant& weights) {
  scope.fail(diagnostics::kFloatWeights, {"of shape " + shape_text(weights.shape)});
}

}  // namespace

void check_weights(Scope& scope, const Constant& weights, std::vector<std::int64_t> element,
                   std::size_t outputs) {
  if (outputs == 0 || element.empty() || !weights.all_finite()) return;
  if (!integer_weights(weights, {.element = std::move(element), .outputs = outputs, .factor = {}}))
    fail_float(scope, weights);
}

bool emit_linear(Scope& scope, Stream& stream, const LinearLayer& layer) {
  WeightOrder order{
      .element = layer.element, .outputs = static_cast<std::size_t>(layer.out_channels), .factor = {}};
  auto weights = integer_weights(layer.weights, order);
  if (!weights) fail_float(scope, layer.weights);
  auto affine = settle_affine(scope, stream);
  if (!affine || !weights) return false;
  const auto pad = pad_code(scope, stream, *affine, layer);
  if (!pad) return false;
  const auto input_scales = group_scales(*affine, layer);
  if (!input_scales) {
    weights = weights_with_scales(scope, *affine, layer, std::move(order));
    if (!weights) return false;
  }
  std::vector<Rational> scale = input_scales ? product(weights->scale, *input_scales) : weights->scale;
  ir::Conv conv{.weights = {.out_channels = layer.out_channels,
                            .in_channels = layer.in_channels,
                            .kernel_h = layer.window.kernel_h,
                            .kernel_w = layer.window.kernel_w,
                            .values = std::move(weights->values),
                            .range = weights->range},
                .window = layer.window,
                .groups = layer.groups,
                .pad_value = *pad};
  const auto id = scope.add(std::move(conv), {stream.tensor});
  if (!id) return false;
  stream.tensor = *id;
  stream.frame = scope.session.type(*id).shape;
  stream.padding = {};
  stream.value.clear();
  append_affine(stream.value, scale, offset_sums(*affine, layer));
  return true;
}

}  // namespace bitmason::import
