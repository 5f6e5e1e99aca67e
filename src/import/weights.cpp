#include "import/weights.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::import {

namespace {

constexpr std::int64_t kMaxQuotient = std::int64_t{1} << 15;
constexpr std::int64_t kMaxZero = std::int64_t{1} << 40;

bool broadcasts_to(const Constant& from, const std::vector<std::int64_t>& shape) {
  return from.shape.size() <= shape.size() && broadcast_shape(from.shape, shape) == shape;
}

/// Nearest code by doubles, or nothing where the double is too close to a boundary to decide.
std::optional<std::int64_t> fast_round(double value, double magnitude, Rounding rounding) {
  const double below = std::floor(value);
  const double rest = value - below;
  const double doubt = 1e-12 * (magnitude + 1);
  const bool nearest =
      rounding == Rounding::HalfEven || rounding == Rounding::HalfUp || rounding == Rounding::HalfDown;
  if (!nearest || std::fabs(rest - 0.5) <= doubt) return std::nullopt;
  return static_cast<std::int64_t>(below) + (rest > 0.5 ? 1 : 0);
}

struct ElementQuantiser {
  const ConstantQuantiser& q;

  [[nodiscard]] std::int64_t exact(const Rational& x, const Rational& scale, const Rational& zero) const {
    Rational y = x / scale + zero;
    if (q.bipolar) return y.sign() >= 0 ? 1 : -1;
    if (y < Rational(q.range.lo)) return q.range.lo;
    if (y > Rational(q.range.hi)) return q.range.hi;
    return *y.rounded(q.rounding).to_int64();
  }

  [[nodiscard]] std::optional<std::int64_t> fast(double x, double scale, double zero) const {
    const double y = x / scale + zero;
    const double magnitude = std::fabs(x / scale) + std::fabs(zero);
    if (q.bipolar || !(magnitude < 1e9)) return std::nullopt;
    const auto rounded = fast_round(y, magnitude, q.rounding);
    if (!rounded) return std::nullopt;
    return std::clamp(*rounded, q.range.lo, q.range.hi);
  }
};

/// Scale and zero point of every element of a constant.
class Parameters {
 public:
  Parameters(const ConstantQuantiser& quantiser, const std::vector<std::int64_t>& shape)
      : quantiser_(quantiser),
        scale_index_(broadcast_index(quantiser.scale.shape, shape)),
        zero_index_(broadcast_index(quantiser.zero.shape, shape)) {
    for (std::size_t i = 0; i < quantiser.scale.size(); ++i) {
      scales_.push_back(quantiser.scale.at(i));
      scale_reals_.push_back(scales_.back().to_double());
    }
    for (std::size_t i = 0; i < quantiser.zero.size(); ++i) {
      zeros_.push_back(quantiser.zero.at(i));
      zero_reals_.push_back(zeros_.back().to_double());
      whole_ = whole_ && zeros_.back().is_integer() && zeros_.back().abs() <= Rational(kMaxZero);
    }
  }

  [[nodiscard]] const Rational& scale(std::size_t i) const { return scales_[scale_index_[i]]; }
  [[nodiscard]] const Rational& zero(std::size_t i) const { return zeros_[zero_index_[i]]; }
  /// True where all zero points are integers of moderate size.
  [[nodiscard]] bool whole() const { return whole_; }

  [[nodiscard]] std::int64_t code(const Constant& values, std::size_t i) const {
    const ElementQuantiser element{quantiser_};
    const auto* reals = std::get_if<std::vector<double>>(&values.data);
    if (reals != nullptr && values.scale.empty() && whole_) {
      const auto code = element.fast((*reals)[i], scale_reals_[scale_index_[i]], zero_reals_[zero_index_[i]]);
      if (code) return *code;
    }
    return element.exact(values.at(i), scale(i), zero(i));
  }

  /// Declared range of code - zero. Precondition: whole().
  [[nodiscard]] IntRange shifted_range() const {
    std::optional<IntRange> range;
    for (const Rational& zero : zeros_) {
      const std::int64_t shift = *zero.to_int64();
      const IntRange own{quantiser_.range.lo - shift, quantiser_.range.hi - shift};
      range = range ? range->united(own) : own;
    }
    return range.value_or(quantiser_.range);
  }

  void give_scales(Constant& constant) const {
    constant.scale = scales_;
    if (scales_.size() < 2) return;
    for (const std::size_t index : scale_index_)
      constant.scale_of.push_back(static_cast<std::int32_t>(index));
  }

 private:
  const ConstantQuantiser& quantiser_;
  const std::vector<std::size_t> scale_index_;
  const std::vector<std::size_t> zero_index_;
  std::vector<Rational> scales_;
  std::vector<double> scale_reals_;
  std::vector<Rational> zeros_;
  std::vector<double> zero_reals_;
  bool whole_ = true;
};

/// Gcd-based integers of a group of real weights.
class Quotients {
 public:
  /// False where no common scale gives quotients of at most 16 bits.
  bool add(const Rational& value) {
    if (value.sign() == 0) return true;
    unit_ = Rational::gcd(unit_, value);
    largest_ = std::max(largest_, value.abs());
    return largest_ / unit_ <= Rational(kMaxQuotient);
  }
  [[nodiscard]] Rational unit() const { return unit_.sign() == 0 ? Rational(1) : unit_; }

 private:
  Rational unit_;
  Rational largest_;
};

class Integeriser {
 public:
  Integeriser(const Constant& constant, const WeightOrder& order)
      : constant_(constant), order_(order), per_output_(order.element.size() / order.outputs) {}

  [[nodiscard]] std::optional<IntegerWeights> own_codes() const;
  [[nodiscard]] std::optional<IntegerWeights> quotients(bool per_output) const;

 private:
  [[nodiscard]] Rational real(std::size_t position) const {
    const std::int64_t element = order_.element[position];
    if (element == WeightOrder::kZero) return {};
    const Rational value = constant_.at(static_cast<std::size_t>(element));
    return order_.factor.empty() ? value : value * row(position % per_output_);
  }
  [[nodiscard]] const Rational& row(std::size_t position) const {
    return order_.factor.size() == 1 ? order_.factor.front() : order_.factor[position];
  }

  const Constant& constant_;
  const WeightOrder& order_;
  const std::size_t per_output_;
};

std::optional<IntegerWeights> Integeriser::own_codes() const {
  const auto* codes = std::get_if<std::vector<std::int64_t>>(&constant_.data);
  if (codes == nullptr || !constant_.range || order_.factor.size() > 1) return std::nullopt;
  const Rational factor = order_.factor.empty() ? Rational(1) : order_.factor.front();
  IntegerWeights result{.values = {}, .scale = {}, .range = *constant_.range};
  for (std::size_t o = 0; o < order_.outputs; ++o) {
    const Rational* scale = nullptr;
    for (std::size_t k = 0; k < per_output_; ++k) {
      const std::int64_t element = order_.element[o * per_output_ + k];
      if (element == WeightOrder::kZero) {
        result.values.push_back(0);
        result.range = result.range.united({0, 0});
        continue;
      }
      const auto index = static_cast<std::size_t>(element);
      const Rational& own = constant_.scale_at(index);
      if (scale != nullptr && scale != &own && *scale != own) return std::nullopt;
      scale = &own;
      if ((*codes)[index] < -2147483647 || (*codes)[index] > 2147483647) return std::nullopt;
      result.values.push_back(static_cast<std::int32_t>((*codes)[index]));
    }
    result.scale.push_back(scale == nullptr ? factor : *scale * factor);
  }
  if (std::ranges::all_of(result.scale, [&](const Rational& s) { return s == result.scale.front(); }))
    result.scale.resize(1);
  return result;
}

std::optional<IntegerWeights> Integeriser::quotients(bool per_output) const {
  const std::size_t group = per_output ? per_output_ : order_.element.size();
  IntegerWeights result{.values = {}, .scale = {}, .range = {}};
  for (std::size_t first = 0; first < order_.element.size(); first += group) {
    Quotients quotients;
    for (std::size_t k = first; k < first + group; ++k) {
      if (!quotients.add(real(k))) return std::nullopt;
    }
    const Rational unit = quotients.unit();
    for (std::size_t k = first; k < first + group; ++k) {
      const std::int64_t value = *(real(k) / unit).to_int64();
      result.values.push_back(static_cast<std::int32_t>(value));
      result.range = result.range.united({value, value});
    }
    result.scale.push_back(unit);
  }
  return result;
}

}  // namespace

std::optional<Constant> quantise_constant(const Constant& values, const ConstantQuantiser& quantiser) {
  if (!broadcasts_to(quantiser.scale, values.shape) || !broadcasts_to(quantiser.zero, values.shape))
    return std::nullopt;
  const Parameters parameters(quantiser, values.shape);
  Constant result{.shape = values.shape, .rational_bits = 2 * values.bits() + 256};
  std::vector<std::int64_t> codes;
  for (std::size_t i = 0; i < values.size(); ++i) codes.push_back(parameters.code(values, i));
  if (!parameters.whole()) {
    std::vector<Rational> reals;
    for (std::size_t i = 0; i < codes.size(); ++i)
      reals.push_back((Rational(codes[i]) - parameters.zero(i)) * parameters.scale(i));
    result.data = std::move(reals);
    return result;
  }
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] -= *parameters.zero(i).to_int64();
  result.data = std::move(codes);
  result.range = parameters.shifted_range();
  parameters.give_scales(result);
  return result;
}

std::optional<IntegerWeights> integer_weights(const Constant& constant, const WeightOrder& order) {
  const Integeriser integeriser(constant, order);
  if (auto codes = integeriser.own_codes()) return codes;
  if (auto common = integeriser.quotients(false)) return common;
  return integeriser.quotients(true);
}

}  // namespace bitmason::import
