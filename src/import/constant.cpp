#include "import/constant.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::import {

namespace {

/// Strides of `shape` in C order.
std::vector<std::size_t> strides_of(const std::vector<std::int64_t>& shape) {
  std::vector<std::size_t> strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;)
    strides[i - 1] = strides[i] * static_cast<std::size_t>(shape[i]);
  return strides;
}

/// Walks `shape` in C order and collects sum(position[d] * stride[d]).
std::vector<std::size_t> walk(const std::vector<std::int64_t>& shape,
                              const std::vector<std::size_t>& strides) {
  std::size_t total = 1;
  for (const std::int64_t dim : shape) total *= static_cast<std::size_t>(dim);
  std::vector<std::size_t> result;
  result.reserve(total);
  std::vector<std::int64_t> position(shape.size(), 0);
  std::size_t offset = 0;
  for (std::size_t n = 0; n < total; ++n) {
    result.push_back(offset);
    for (std::size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++position[d] < shape[d]) break;
      offset -= strides[d] * static_cast<std::size_t>(shape[d]);
      position[d] = 0;
    }
  }
  return result;
}

std::size_t bits_of(double value) {
  if (!std::isfinite(value) || value == 0) return 1;
  int exponent = 0;
  std::frexp(value, &exponent);
  return 53 + static_cast<std::size_t>(std::abs(exponent));
}

template <class T>
std::vector<T> gather(const std::vector<T>& source, const std::vector<std::size_t>& index) {
  std::vector<T> result;
  result.reserve(index.size());
  for (const std::size_t i : index) result.push_back(source[i]);
  return result;
}

}  // namespace

std::size_t Constant::size() const {
  return std::visit([](const auto& values) { return values.size(); }, data);
}

const Rational& Constant::scale_at(std::size_t index) const {
  static const Rational one(1);
  if (scale.empty()) return one;
  return scale_of.empty() ? scale.front() : scale[static_cast<std::size_t>(scale_of[index])];
}

Rational Constant::at(std::size_t index) const {
  Rational value;
  if (const auto* reals = std::get_if<std::vector<double>>(&data)) {
    value = Rational::from_double((*reals)[index]);
  } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&data)) {
    value = (*integers)[index];
  } else {
    value = std::get<std::vector<Rational>>(data)[index];
  }
  return scale.empty() ? value : value * scale_at(index);
}

bool Constant::finite(std::size_t index) const {
  const auto* reals = std::get_if<std::vector<double>>(&data);
  return reals == nullptr || std::isfinite((*reals)[index]);
}

bool Constant::all_finite() const {
  const auto* reals = std::get_if<std::vector<double>>(&data);
  return reals == nullptr || std::ranges::all_of(*reals, [](double v) { return std::isfinite(v); });
}

std::optional<std::int64_t> Constant::integer(std::size_t index) const {
  if (!finite(index)) return std::nullopt;
  return at(index).to_int64();
}

std::optional<std::vector<std::int64_t>> Constant::integers() const {
  std::vector<std::int64_t> result;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto value = integer(i);
    if (!value) return std::nullopt;
    result.push_back(*value);
  }
  return result;
}

double Constant::real(std::size_t index) const {
  if (const auto* reals = std::get_if<std::vector<double>>(&data); reals != nullptr && scale.empty())
    return (*reals)[index];
  return at(index).to_double();
}

Constant Constant::select(const std::vector<std::size_t>& index, std::vector<std::int64_t> new_shape) const {
  Constant result{
      .shape = std::move(new_shape), .scale = scale, .range = range, .rational_bits = rational_bits};
  std::visit([&](const auto& values) { result.data = gather(values, index); }, data);
  if (!scale_of.empty()) result.scale_of = gather(scale_of, index);
  return result;
}

std::size_t Constant::bits() const {
  std::size_t bound = rational_bits;
  if (const auto* reals = std::get_if<std::vector<double>>(&data)) {
    for (const double value : *reals) bound = std::max(bound, bits_of(value));
  }
  return bound;
}

Constant constant_from(const onnxio::Tensor& tensor) {
  Constant result{.shape = tensor.shape};
  if (tensor.is_integer()) {
    result.data = tensor.integers;
  } else {
    result.data = tensor.reals;
  }
  return result;
}

Constant constant_of(std::vector<std::int64_t> shape, std::vector<std::int64_t> integers) {
  return {.shape = std::move(shape), .data = std::move(integers)};
}

std::optional<std::size_t> checked_elements(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape) {
    if (dim < 0 || dim > kMaxFoldedElements) return std::nullopt;
    count *= dim;
    if (count > kMaxFoldedElements) return std::nullopt;
  }
  return static_cast<std::size_t>(count);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::optional<std::vector<std::int64_t>> broadcast_shape(const std::vector<std::int64_t>& a,
                                                         const std::vector<std::int64_t>& b) {
  std::vector<std::int64_t> result(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    result[result.size() - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

std::vector<std::size_t> broadcast_index(const std::vector<std::int64_t>& from,
                                         const std::vector<std::int64_t>& shape) {
  const auto own = strides_of(from);
  std::vector<std::size_t> strides(shape.size(), 0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] != 1) strides[shape.size() - from.size() + i] = own[i];
  }
  return walk(shape, strides);
}

std::vector<std::size_t> transpose_index(const std::vector<std::int64_t>& shape,
                                         const std::vector<std::int64_t>& perm) {
  const auto own = strides_of(shape);
  std::vector<std::size_t> strides;
  std::vector<std::int64_t> result_shape;
  for (const std::int64_t axis : perm) {
    strides.push_back(own[static_cast<std::size_t>(axis)]);
    result_shape.push_back(shape[static_cast<std::size_t>(axis)]);
  }
  return walk(result_shape, strides);
}

}  // namespace bitmason::import
