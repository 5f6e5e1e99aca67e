#include "ir/scalar_function.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::ir {

namespace {

const Rational& pick(const std::vector<Rational>& values, int channel) {
  return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
}

std::span<const Rational> row_of(const CountStep& step, int channel) {
  const std::size_t length = step.thresholds.size() / static_cast<std::size_t>(step.rows);
  const std::size_t row = step.rows == 1 ? 0 : static_cast<std::size_t>(channel);
  return std::span(step.thresholds).subspan(row * length, length);
}

struct Evaluate {
  Rational x;
  int channel;

  void operator()(const AffineStep& step) {
    x *= pick(step.scale, channel);
    x += pick(step.offset, channel);
  }
  void operator()(const ClampStep& step) {
    if (x < step.lo) x = step.lo;
    if (x > step.hi) x = step.hi;
  }
  void operator()(const ReluStep&) {
    if (x.sign() < 0) x = 0;
  }
  void operator()(const RoundStep& step) { x = x.rounded(step.rounding); }
  void operator()(const CountStep& step) {
    const auto row = row_of(step, channel);
    x = static_cast<std::int64_t>(std::upper_bound(row.begin(), row.end(), x) - row.begin());
  }
};

struct RowCount {
  int operator()(const AffineStep& step) const {
    return static_cast<int>(std::max(step.scale.size(), step.offset.size()));
  }
  int operator()(const CountStep& step) const { return step.rows; }
  int operator()(const auto&) const { return 1; }
};

/// Thresholds of one channel: the smallest accumulator from which the (rising or falling) code has passed
/// each step.
class Bisection {
 public:
  Bisection(const ScalarFunction& function, const IntRange& domain, const IntRange& output, int channel,
            bool falling)
      : function_(function), domain_(domain), output_(output), channel_(channel), falling_(falling) {}

  void run(std::vector<std::int64_t>& thresholds) const {
    const std::int64_t first = steps_at(domain_.lo);
    const std::int64_t last = steps_at(domain_.hi);
    thresholds.insert(thresholds.end(), static_cast<std::size_t>(first), domain_.lo);
    fill(domain_.lo, first, domain_.hi, last, thresholds);
    thresholds.insert(thresholds.end(), static_cast<std::size_t>(output_.span() - last), domain_.hi + 1);
  }

 private:
  /// Steps passed at an accumulator: 0 .. output.span().
  [[nodiscard]] std::int64_t steps_at(std::int64_t accumulator) const {
    const auto code = apply(function_, Rational(accumulator), channel_).to_int64();
    assert(code && output_.contains(*code) && "the function ends in integers within the output range");
    return falling_ ? output_.hi - *code : *code - output_.lo;
  }

  /// Appends the positions of steps a+1..b, which lie in (lo, hi].
  void fill(std::int64_t lo, std::int64_t a, std::int64_t hi, std::int64_t b,
            std::vector<std::int64_t>& out) const {
    assert(a <= b && "the function is monotone");
    if (a == b) return;
    if (hi - lo == 1) {
      out.insert(out.end(), static_cast<std::size_t>(b - a), hi);
      return;
    }
    const std::int64_t middle = lo + (hi - lo) / 2;
    const std::int64_t c = steps_at(middle);
    fill(lo, a, middle, c, out);
    fill(middle, c, hi, b, out);
  }

  const ScalarFunction& function_;
  const IntRange domain_;
  const IntRange output_;
  const int channel_;
  const bool falling_;
};

}  // namespace

Rational apply(const ScalarFunction& function, Rational x, int channel) {
  Evaluate evaluate{std::move(x), channel};
  for (const ScalarStep& step : function) std::visit(evaluate, step);
  return std::move(evaluate.x);
}

int direction(const ScalarFunction& function, int channel) {
  int sign = 1;
  for (const ScalarStep& step : function) {
    if (const auto* affine = std::get_if<AffineStep>(&step)) sign *= pick(affine->scale, channel).sign();
  }
  return sign;
}

int rows(const ScalarFunction& function) {
  int count = 1;
  for (const ScalarStep& step : function) count = std::max(count, std::visit(RowCount{}, step));
  return count;
}

Thresholds to_thresholds(const ScalarFunction& function, const IntRange& domain, const IntRange& output,
                         int channels) {
  Thresholds result{
      .output = output, .rows = std::min(rows(function), channels), .values = {}, .decreasing = {}};
  for (int row = 0; row < result.rows; ++row) {
    const bool falling = direction(function, row) < 0;
    result.decreasing.push_back(falling ? 1 : 0);
    Bisection(function, domain, output, row, falling).run(result.values);
  }
  const auto steps = static_cast<std::ptrdiff_t>(output.span());
  const bool same =
      std::ranges::all_of(result.decreasing, [&](auto flag) { return flag == result.decreasing[0]; }) &&
      std::equal(result.values.begin() + steps, result.values.end(), result.values.begin());
  if (same) {
    result.rows = 1;
    result.values.resize(static_cast<std::size_t>(steps));
    result.decreasing.resize(1);
  }
  return result;
}

std::int64_t requantise(const Requantise& layer, std::int64_t accumulator, int channel) {
  if (const auto* scale = std::get_if<ScaleShift>(&layer.form)) {
    const auto pick_int = [&](const std::vector<std::int64_t>& v) {
      return v.size() == 1 ? v.front() : v[static_cast<std::size_t>(channel)];
    };
    __extension__ typedef __int128 Wide;
    const Wide value =
        (Wide{accumulator} * pick_int(scale->multiplier) + pick_int(scale->bias)) >> scale->shift;
    return static_cast<std::int64_t>(std::clamp(value, Wide{scale->output.lo}, Wide{scale->output.hi}));
  }
  const auto& form = std::get<Thresholds>(layer.form);
  const int row = form.rows == 1 ? 0 : channel;
  const auto thresholds = form.row(row);
  const auto passed =
      std::upper_bound(thresholds.begin(), thresholds.end(), accumulator) - thresholds.begin();
  return form.decreasing[static_cast<std::size_t>(row)] != 0 ? form.output.hi - passed
                                                             : form.output.lo + passed;
}

}  // namespace bitmason::ir
