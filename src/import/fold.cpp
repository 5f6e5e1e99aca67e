#include "import/fold.hpp"

#include <algorithm>

#include "import/handlers.hpp"

namespace bitmason::import {

namespace {

bool fits(Scope& scope, std::size_t bits) {
  if (bits <= kMaxRationalBits) return true;
  scope.fail(diagnostics::kTooLarge, {std::to_string(bits), "bits", std::to_string(kMaxRationalBits)});
  return false;
}

/// Square root of a constant's elements, or its reciprocal.
Values fold_unary(Scope& scope, Rational (*operation)(const Rational&), bool (*defined)(const Rational&),
                  const std::string& needed) {
  if (!scope.need_inputs(1)) return {};
  const Constant* values = scope.need_constant(0, "X");
  if (values == nullptr || !fits(scope, values->bits())) return {};
  std::vector<Rational> result;
  for (std::size_t i = 0; i < values->size(); ++i) {
    const Rational value = values->at(i);
    if (!defined(value))
      return scope.fail(diagnostics::kConstant, {"X", value.to_string().substr(0, 50), needed});
    result.push_back(operation(value));
  }
  return scope.done(
      to_value(
          {.shape = values->shape, .data = std::move(result), .rational_bits = 2 * values->bits() + 600}),
      Fate::Folded);
}

Rational root(const Rational& value) {
  return value.square_root();
}
bool not_negative(const Rational& value) {
  return value.sign() >= 0;
}
Rational inverse(const Rational& value) {
  return Rational(1) / value;
}
bool not_zero(const Rational& value) {
  return value.sign() != 0;
}

/// base^exponent for whole and half exponents; nothing where it is not defined or not exact.
std::optional<Rational> power(const Rational& base, const Rational& exponent) {
  const auto doubled = (exponent * Rational(2)).to_int64();
  if (!doubled || std::abs(*doubled) > 32) return std::nullopt;
  if (*doubled < 0 && base.sign() == 0) return std::nullopt;
  const bool half = *doubled % 2 != 0;
  if (half && base.sign() < 0) return std::nullopt;
  const Rational factor = half ? base.square_root() : base;
  Rational result(1);
  for (std::int64_t i = 0; i < std::abs(half ? *doubled : *doubled / 2); ++i) result *= factor;
  return *doubled < 0 ? Rational(1) / result : result;
}

}  // namespace

Values fold_binary(Scope& scope, const Constant& a, const Constant& b, RationalOperation operation) {
  const auto shape = broadcast_shape(a.shape, b.shape);
  if (!shape) return scope.fail(diagnostics::kShape, {shape_text(a.shape), shape_text(b.shape)});
  if (!checked_elements(*shape))
    return scope.fail(diagnostics::kTooLarge,
                      {shape_text(*shape), "elements", std::to_string(kMaxFoldedElements)});
  const std::size_t bits = a.bits() + b.bits() + 1;
  // A scale multiplies once more.
  if (!fits(scope, bits)) return {};
  const auto left = broadcast_index(a.shape, *shape);
  const auto right = broadcast_index(b.shape, *shape);
  std::vector<Rational> result;
  result.reserve(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) result.push_back(operation(a.at(left[i]), b.at(right[i])));
  return scope.done(to_value({.shape = *shape, .data = std::move(result), .rational_bits = bits}),
                    Fate::Folded);
}

Values fold_reshaped(Scope& scope, const Constant& constant, std::vector<std::int64_t> shape) {
  if (checked_elements(shape) != constant.size())
    return scope.fail(diagnostics::kShape, {shape_text(constant.shape), shape_text(shape)});
  Constant result = constant;
  result.shape = std::move(shape);
  return scope.done(to_value(std::move(result)), Fate::Folded);
}

Values fold_constant(Scope& scope) {
  const auto& attributes = scope.node.attributes;
  if (const auto found = attributes.find("value"); found != attributes.end()) {
    const auto* tensor = std::get_if<onnxio::Tensor>(&found->second);
    if (tensor == nullptr) return scope.fail(diagnostics::kAttribute, {"value", "not a tensor", "a tensor"});
    return scope.done(to_value(constant_from(*tensor)), Fate::Folded);
  }
  const auto one = [](auto value) { return std::vector{value}; };
  if (scope.has_attribute("value_float")) {
    return scope.done(to_value({.shape = {}, .data = one(scope.real("value_float", 0))}), Fate::Folded);
  }
  if (scope.has_attribute("value_int")) {
    return scope.done(to_value(constant_of({}, one(scope.integer("value_int", 0)))), Fate::Folded);
  }
  if (const auto found = attributes.find("value_ints"); found != attributes.end()) {
    auto values = scope.integers("value_ints", {});
    const auto count = static_cast<std::int64_t>(values.size());
    return scope.done(to_value(constant_of({count}, std::move(values))), Fate::Folded);
  }
  if (const auto found = attributes.find("value_floats"); found != attributes.end()) {
    if (const auto* values = std::get_if<std::vector<double>>(&found->second)) {
      return scope.done(to_value({.shape = {static_cast<std::int64_t>(values->size())}, .data = *values}),
                        Fate::Folded);
    }
  }
  return scope.fail(diagnostics::kAttribute, {"value", "absent or of another kind", "a tensor or numbers"});
}

Values fold_constant_of_shape(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const auto shape = scope.need_integers(0, "shape");
  if (scope.failed()) return {};
  const auto count = checked_elements(shape);
  if (!count)
    return scope.fail(diagnostics::kTooLarge,
                      {shape_text(shape), "elements", std::to_string(kMaxFoldedElements)});
  Constant value{.shape = {1}, .data = std::vector<double>{0}};
  if (const auto found = scope.node.attributes.find("value"); found != scope.node.attributes.end()) {
    const auto* tensor = std::get_if<onnxio::Tensor>(&found->second);
    if (tensor == nullptr || tensor->size() != 1)
      return scope.fail(diagnostics::kAttribute, {"value", "not one number", "a tensor of one number"});
    value = constant_from(*tensor);
  }
  return scope.done(to_value(value.select(std::vector<std::size_t>(*count, 0), shape)), Fate::Folded);
}

Values fold_gather(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* data = scope.constant(0);
  const Constant* indices = scope.constant(1);
  if (data == nullptr)
    return scope.fail(diagnostics::kOperator,
                      {"Gather of a computed value", "use Slice-free convolutional layers"});
  const auto positions = scope.need_integers(1, "indices");
  if (scope.failed()) return {};
  const std::size_t axis = scope.axis(scope.integer("axis", 0), data->shape.size());
  if (scope.failed()) return {};
  std::vector<std::int64_t> shape(data->shape.begin(),
                                  data->shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), indices->shape.begin(), indices->shape.end());
  shape.insert(shape.end(), data->shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, data->shape.end());
  if (!checked_elements(shape))
    return scope.fail(diagnostics::kTooLarge,
                      {shape_text(shape), "elements", std::to_string(kMaxFoldedElements)});
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < data->shape.size(); ++d)
    inner *= static_cast<std::size_t>(data->shape[d]);
  const std::int64_t size = data->shape[axis];
  const std::size_t block = static_cast<std::size_t>(size) * inner;
  std::vector<std::size_t> index;
  for (std::size_t outer = 0; block > 0 && outer < data->size() / block; ++outer) {
    for (const std::int64_t position : positions) {
      if (position < -size || position >= size)
        return scope.fail(diagnostics::kConstant,
                          {"indices", std::to_string(position), "an index below " + std::to_string(size)});
      const auto at = static_cast<std::size_t>(position < 0 ? position + size : position);
      for (std::size_t k = 0; k < inner; ++k) index.push_back(outer * block + at * inner + k);
    }
  }
  if (index.size() != checked_elements(shape))
    return scope.fail(diagnostics::kShape, {shape_text(data->shape), shape_text(shape)});
  return scope.done(to_value(data->select(index, shape)), Fate::Folded);
}

namespace {

struct SliceAxis {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

std::optional<SliceAxis> slice_axis(std::int64_t size, std::int64_t start, std::int64_t end,
                                    std::int64_t step) {
  constexpr std::int64_t kFar = std::int64_t{1} << 40;
  if (step == 0 || step < -kFar || step > kFar) return std::nullopt;
  const auto place = [&](std::int64_t v, std::int64_t lo, std::int64_t hi) {
    return std::clamp(v < 0 ? std::max(v, -kFar) + size : v, lo, hi);
  };
  SliceAxis result{.step = step};
  if (step > 0) {
    result.start = place(start, 0, size);
    result.count = std::max<std::int64_t>(0, (place(end, 0, size) - result.start + step - 1) / step);
  } else {
    result.start = place(start, 0, size - 1);
    result.count = std::max<std::int64_t>(0, (result.start - place(end, -1, size - 1) - step - 1) / -step);
  }
  return size == 0 ? SliceAxis{} : result;
}

}  // namespace

Values fold_slice(Scope& scope) {
  if (!scope.need_inputs(1)) return {};
  const Constant* data = scope.constant(0);
  if (data == nullptr)
    return scope.fail(diagnostics::kOperator,
                      {"Slice of a computed value", "use strided convolution or pooling"});
  const bool attributes = scope.session.opset < 10;
  const auto starts = attributes ? scope.integers("starts", {}) : scope.need_integers(1, "starts");
  const auto ends = attributes ? scope.integers("ends", {}) : scope.need_integers(2, "ends");
  std::vector<std::int64_t> axes;
  for (std::size_t d = 0; d < starts.size(); ++d) axes.push_back(static_cast<std::int64_t>(d));
  axes = attributes ? scope.integers("axes", axes) : scope.has(3) ? scope.need_integers(3, "axes") : axes;
  const auto steps = !attributes && scope.has(4) ? scope.need_integers(4, "steps")
                                                 : std::vector<std::int64_t>(starts.size(), 1);
  if (scope.failed()) return {};
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    return scope.fail(diagnostics::kConstant,
                      {"starts, ends, axes and steps", "of different lengths", "one value per axis"});
  }
  std::vector<SliceAxis> slices;
  for (const std::int64_t dim : data->shape) slices.push_back({.count = dim});
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::size_t axis = scope.axis(axes[i], data->shape.size());
    if (scope.failed()) return {};
    const auto slice = slice_axis(data->shape[axis], starts[i], ends[i], steps[i]);
    if (!slice)
      return scope.fail(diagnostics::kConstant, {"steps", std::to_string(steps[i]), "a step other than 0"});
    slices[axis] = *slice;
  }
  std::vector<std::size_t> index{0};
  std::vector<std::int64_t> shape;
  for (std::size_t d = 0; d < slices.size(); ++d) {
    std::vector<std::size_t> next;
    for (const std::size_t base : index) {
      for (std::int64_t k = 0; k < slices[d].count; ++k)
        next.push_back(base * static_cast<std::size_t>(data->shape[d]) +
                       static_cast<std::size_t>(slices[d].start + k * slices[d].step));
    }
    index = std::move(next);
    shape.push_back(slices[d].count);
  }
  return scope.done(to_value(data->select(index, std::move(shape))), Fate::Folded);
}

Values fold_pow(Scope& scope) {
  if (!scope.need_inputs(2)) return {};
  const Constant* base = scope.constant(0);
  if (base == nullptr)
    return scope.fail(diagnostics::kOperator, {"Pow of a computed value", advice_for(scope.node).data()});
  base = scope.need_constant(0, "X");
  const Constant* exponent = scope.need_constant(1, "Y");
  if (scope.failed()) return {};
  const auto shape = broadcast_shape(base->shape, exponent->shape);
  if (!shape || !checked_elements(*shape))
    return scope.fail(diagnostics::kShape, {shape_text(base->shape), shape_text(exponent->shape)});
  const std::size_t bits = 32 * (base->bits() + 600);
  if (!fits(scope, base->bits() * 16)) return {};
  const auto left = broadcast_index(base->shape, *shape);
  const auto right = broadcast_index(exponent->shape, *shape);
  std::vector<Rational> result;
  for (std::size_t i = 0; i < left.size(); ++i) {
    auto value = power(base->at(left[i]), exponent->at(right[i]));
    if (!value) {
      return scope.fail(diagnostics::kConstant, {"Y", exponent->at(right[i]).to_string().substr(0, 50),
                                                 "a multiple of 1/2 from -16 to 16 that the base allows"});
    }
    result.push_back(*std::move(value));
  }
  return scope.done(to_value({.shape = *shape,
                              .data = std::move(result),
                              .rational_bits = std::min(bits, kMaxRationalBits / 2)}),
                    Fate::Folded);
}

Values fold_sqrt(Scope& scope) {
  return fold_unary(scope, root, not_negative, "at least 0");
}

Values fold_reciprocal(Scope& scope) {
  return fold_unary(scope, inverse, not_zero, "other than 0");
}

}  // namespace bitmason::import
