#include "search/resize.hpp"

#include <algorithm>
#include <cmath>

#include "ir/scalar_function.hpp"

namespace bitmason::search {

namespace {

constexpr int kScaleBits = 9;
constexpr int kMostMultiplierBits = 18;

/// Standard deviations that the largest code stands for.
double reach(int bits) {
  return bits == 2 ? 1.3 : bits == 3 ? 2.2 : 2.7;
}

double deviation(const std::vector<std::int32_t>& values) {
  double squares = 0;
  for (const std::int32_t value : values) squares += double{1} * value * value;
  return values.empty() ? 0 : std::sqrt(squares / static_cast<double>(values.size()));
}

void force_extremes(ir::Weights& weights) {
  if (weights.values.size() < 2) return;
  const auto [lowest, highest] = std::ranges::minmax_element(weights.values);
  if (lowest == highest) return;
  *lowest = static_cast<std::int32_t>(weights.range.lo);
  *highest = static_cast<std::int32_t>(weights.range.hi);
}

/// Least accumulator that reaches a code boundary, as rounding to nearest sees it.
std::int64_t first_at_least(double accumulator) {
  constexpr double kLimit = 0x1p60;
  return static_cast<std::int64_t>(std::ceil(std::clamp(accumulator, -kLimit, kLimit)));
}

double median_slope(const std::vector<double>& slopes) {
  std::vector<double> sorted;
  for (const double slope : slopes) sorted.push_back(std::abs(slope));
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  return *middle;
}

}  // namespace

ResizedWeights resize(const ir::Weights& weights, int bits) {
  ResizedWeights resized{weights};
  ir::Weights& codes = resized.weights;
  codes.range = bits == 1 ? IntRange{-1, 1} : IntRange::narrow_bits(bits);
  const double before = deviation(weights.values);
  const double wanted = static_cast<double>(codes.range.hi) / reach(bits);
  for (std::int32_t& value : codes.values) {
    const double real = before > 0 ? value * wanted / before : 0;
    const double code = bits == 1 ? (value < 0 ? -1.0 : 1.0) : std::round(real);
    value = static_cast<std::int32_t>(
        std::clamp(code, static_cast<double>(codes.range.lo), static_cast<double>(codes.range.hi)));
  }
  force_extremes(codes);
  const double after = deviation(codes.values);
  if (before > 0 && after > 0) resized.gain = after / before;
  return resized;
}

IntRange resize(const IntRange& codes, int bits) {
  if (codes.lo >= 0) return IntRange::unsigned_bits(bits);
  // Signed codes of one bit would have no 0.
  const int wide = std::max(2, bits);
  return codes.lo == -codes.hi ? IntRange::narrow_bits(wide) : IntRange::signed_bits(wide);
}

double code_gain(const IntRange& from, const IntRange& to) {
  return std::exp2(to.bits() - from.bits());
}

namespace {

/// Adds the line of one row of thresholds; those that no accumulator reaches say nothing.
void fit_row(const ir::Thresholds& form, int row, const IntRange& domain, LinearQuantiser& line) {
  const auto thresholds = form.row(row);
  const auto first = std::ranges::upper_bound(thresholds, domain.lo);
  const auto last = std::ranges::upper_bound(thresholds, domain.hi);
  const auto count = static_cast<double>(last - first);
  // Where the thresholds lie too close to tell: a quarter of the domain fills the codes.
  double slope = 4 * static_cast<double>(std::max<std::int64_t>(1, form.output.span())) /
                 static_cast<double>(std::max<std::int64_t>(1, domain.span()));
  double at = (static_cast<double>(domain.lo) + static_cast<double>(domain.hi)) / 2;
  auto step = static_cast<double>(first - thresholds.begin());
  if (count >= 1) at = static_cast<double>(*first) - 0.5;
  if (count >= 2 && *(last - 1) > *first) slope = (count - 1) / static_cast<double>(*(last - 1) - *first);
  const bool falling = form.decreasing[static_cast<std::size_t>(row)] != 0;
  const double code = falling ? static_cast<double>(form.output.hi) - step - 0.5
                              : static_cast<double>(form.output.lo) + step + 0.5;
  if (falling) slope = -slope;
  line.slope.push_back(slope);
  line.zero.push_back(at - code / slope);
}

}  // namespace

LinearQuantiser fit(const ir::Requantise& requantise, const IntRange& domain) {
  LinearQuantiser line{.output = requantise.output(), .slope = {}, .zero = {}};
  if (const auto* form = std::get_if<ir::Thresholds>(&requantise.form)) {
    for (int row = 0; row < form->rows; ++row) fit_row(*form, row, domain, line);
    line.scales = ir::to_scale_shift(*form, domain, kMostMultiplierBits).has_value();
    return line;
  }
  const auto& form = std::get<ir::ScaleShift>(requantise.form);
  const double unit = std::exp2(form.shift);
  for (std::size_t k = 0; k < form.multiplier.size(); ++k) {
    const auto multiplier = static_cast<double>(form.multiplier[k] == 0 ? 1 : form.multiplier[k]);
    line.slope.push_back(multiplier / unit);
    // Rounding down is rounding to nearest half a code lower.
    line.zero.push_back((unit / 2 - static_cast<double>(form.bias[k])) / multiplier);
  }
  line.scales = true;
  return line;
}

ir::Requantise resize(const LinearQuantiser& quantiser, double gain, const IntRange& output) {
  const double ratio = code_gain(quantiser.output, output) / gain;
  ir::Thresholds form{
      .output = output, .rows = static_cast<int>(quantiser.slope.size()), .values = {}, .decreasing = {}};
  const double unit = std::exp2(std::floor(kScaleBits - std::log2(median_slope(quantiser.slope) * ratio)));
  for (std::size_t row = 0; row < quantiser.slope.size(); ++row) {
    double slope = quantiser.slope[row] * ratio;
    double zero = quantiser.zero[row] * gain;
    if (quantiser.scales) {
      slope = std::copysign(std::max(1.0, std::round(std::abs(slope) * unit)) / unit, slope);
      zero = std::round(8 * zero) / 8;
    }
    const bool falling = slope < 0;
    for (std::int64_t k = 0; k < output.span(); ++k) {
      const double code =
          falling ? static_cast<double>(output.hi - k) - 0.5 : static_cast<double>(output.lo + k) + 0.5;
      form.values.push_back(first_at_least(zero + code / slope));
    }
    form.decreasing.push_back(falling ? 1 : 0);
  }
  return {std::move(form)};
}

}  // namespace bitmason::search
