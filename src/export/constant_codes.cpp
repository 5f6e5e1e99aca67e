#include "export/constant_codes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitmason::exporting {

namespace {

/// The axis along which a tensor of this shape differs when it is broadcast to `rank` dimensions; 0 for one
/// element. Nothing for several axes.
std::optional<std::size_t> single_axis(const onnxio::Tensor& tensor, std::size_t rank) {
  if (tensor.shape.size() > rank) return tensor.size() == 1 ? std::optional<std::size_t>(0) : std::nullopt;
  std::optional<std::size_t> axis;
  for (std::size_t d = 0; d < tensor.shape.size(); ++d) {
    if (tensor.shape[d] == 1) continue;
    if (axis) return std::nullopt;
    axis = d + rank - tensor.shape.size();
  }
  return axis.value_or(0);
}

/// Index along `axis` of each element of a shape in C order.
class AlongAxis {
 public:
  AlongAxis(const std::vector<std::int64_t>& shape, std::size_t axis) {
    for (std::size_t d = axis + 1; d < shape.size(); ++d) stride_ *= static_cast<std::size_t>(shape[d]);
    length_ = axis < shape.size() ? static_cast<std::size_t>(shape[axis]) : 1;
  }
  /// The entry of `list` that belongs to an element.
  [[nodiscard]] double pick(const std::vector<double>& list, std::size_t element) const {
    return list.size() == 1 ? list.front() : list[element / stride_ % length_];
  }
  /// True where a list has one entry for all or one for each index.
  [[nodiscard]] bool fits(const std::vector<double>& list) const {
    return list.size() == 1 || list.size() == length_;
  }

 private:
  std::size_t stride_ = 1;
  std::size_t length_ = 1;
};

/// The quantiser's code, zero point subtracted.
std::int64_t code_of(double value, double scale, double zero, const QuantParameters& p) {
  Rational x = Rational::from_double(value) / Rational::from_double(scale) + Rational::from_double(zero);
  if (p.bits == 1 && p.codes.is_signed()) return x.sign() >= 0 ? 1 : -1;
  x = std::clamp(x, Rational(p.codes.lo), Rational(p.codes.hi)).rounded(p.rounding);
  return *(x - Rational::from_double(zero)).to_int64();
}

}  // namespace

std::vector<double> reals_of(const onnxio::Tensor& tensor) {
  if (!tensor.is_integer()) return tensor.reals;
  return {tensor.integers.begin(), tensor.integers.end()};
}

std::optional<ConstantCodes> codes_of_constant(const onnxio::Tensor& values, const QuantParameters& p) {
  const auto axis = single_axis(p.scale, values.shape.size());
  const auto zero_axis = single_axis(p.zero_point, values.shape.size());
  const std::vector<double> reals = reals_of(values);
  const std::vector<double> scales = reals_of(p.scale);
  const std::vector<double> zeros = reals_of(p.zero_point);
  if (!axis || !zero_axis || (zeros.size() > 1 && zero_axis != axis)) return std::nullopt;
  const AlongAxis along(values.shape, *axis);
  constexpr double kMost = std::numeric_limits<std::int32_t>::max();
  const bool plain =
      std::ranges::all_of(reals, [](double v) { return std::isfinite(v); }) &&
      std::ranges::all_of(scales, [](double s) { return std::isfinite(s) && s > 0; }) &&
      std::ranges::all_of(zeros, [](double z) { return z == std::floor(z) && std::abs(z) < kMost; });
  if (!plain || !along.fits(scales) || !along.fits(zeros)) return std::nullopt;
  ConstantCodes result{.codes = {}, .axis = static_cast<std::int64_t>(*axis)};
  for (std::size_t i = 0; i < reals.size(); ++i) {
    const std::int64_t code = code_of(reals[i], along.pick(scales, i), along.pick(zeros, i), p);
    if (std::abs(code) > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    result.codes.push_back(code);
  }
  return result;
}

}  // namespace bitmason::exporting
