#include <algorithm>
#include <limits>
#include <vector>

#include "ir/scalar_function.hpp"

namespace bitmason::ir {

namespace {

__extension__ typedef __int128 Wide;

/// multiplier * at + bias must be at least (lower bounds) or at most (upper bounds) level * 2^shift (less
/// one).
struct Bound {
  std::int64_t at = 0;
  std::int64_t level = 0;
};

/// What one row asks of its multiplier and bias. Both sides of every threshold suffice: the functions are
/// monotone.
struct RowBounds {
  std::vector<Bound> lower;
  std::vector<Bound> upper;
};

RowBounds bounds_of(const Thresholds& form, int row, const IntRange& domain) {
  RowBounds bounds;
  const auto thresholds = form.row(row);
  const bool falling = form.decreasing[static_cast<std::size_t>(row)] != 0;
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const auto step = static_cast<std::int64_t>(k);
    // The code is at least `level` on one side of the threshold and below it on the other.
    const std::int64_t level = falling ? form.output.hi - step : form.output.lo + step + 1;
    const std::int64_t above = thresholds[k];
    auto& at_threshold = falling ? bounds.upper : bounds.lower;
    auto& before_threshold = falling ? bounds.lower : bounds.upper;
    if (above <= domain.hi) at_threshold.push_back({std::max(above, domain.lo), level});
    if (above > domain.lo) before_threshold.push_back({std::min(above - 1, domain.hi), level});
  }
  return bounds;
}

/// The biases that satisfy every bound for one multiplier: [lowest, highest], empty where highest < lowest.
struct BiasInterval {
  Wide lowest = std::numeric_limits<std::int64_t>::min();
  Wide highest = std::numeric_limits<std::int64_t>::max();
  [[nodiscard]] Wide slack() const { return highest - lowest; }
};

BiasInterval bias_interval(const RowBounds& bounds, std::int64_t multiplier, int shift) {
  BiasInterval interval;
  for (const Bound& bound : bounds.lower) {
    interval.lowest = std::max(interval.lowest, (Wide{bound.level} << shift) - Wide{multiplier} * bound.at);
  }
  for (const Bound& bound : bounds.upper) {
    interval.highest =
        std::min(interval.highest, (Wide{bound.level} << shift) - 1 - Wide{multiplier} * bound.at);
  }
  return interval;
}

/// Feasible multiplier of least magnitude. The slack is concave in the multiplier, so its maximum is found by
/// ternary search and the feasible set is an interval around it.
std::optional<std::int64_t> find_multiplier(const RowBounds& bounds, int shift, std::int64_t limit) {
  const auto slack = [&](std::int64_t m) { return bias_interval(bounds, m, shift).slack(); };
  if (slack(0) >= 0) return 0;
  std::int64_t lo = -limit;
  std::int64_t hi = limit;
  while (hi - lo > 2) {
    const std::int64_t left = lo + (hi - lo) / 3;
    const std::int64_t right = hi - (hi - lo) / 3;
    if (slack(left) < slack(right)) {
      lo = left + 1;
    } else {
      hi = right;
    }
  }
  std::int64_t best = lo;
  for (std::int64_t m = lo; m <= hi; ++m) {
    if (slack(m) > slack(best)) best = m;
  }
  if (slack(best) < 0) return std::nullopt;
  std::int64_t infeasible = 0;
  while (std::max(best, infeasible) - std::min(best, infeasible) > 1) {
    const std::int64_t middle = infeasible + (best - infeasible) / 2;
    (slack(middle) >= 0 ? best : infeasible) = middle;
  }
  return best;
}

}  // namespace

std::optional<ScaleShift> to_scale_shift(const Thresholds& thresholds, const IntRange& domain,
                                         int max_multiplier_bits) {
  std::vector<RowBounds> rows_bounds;
  for (int row = 0; row < thresholds.rows; ++row) rows_bounds.push_back(bounds_of(thresholds, row, domain));
  const std::int64_t limit = (std::int64_t{1} << (max_multiplier_bits - 1)) - 1;
  const int max_shift = std::min(max_multiplier_bits + domain.bits(), 40);
  std::size_t failed = 0;  // the row that no multiplier fits fails at most shifts: it is asked first
  for (int shift = 0; shift <= max_shift; ++shift) {
    if (failed > 0 && !find_multiplier(rows_bounds[failed], shift, limit)) continue;
    ScaleShift result{.output = thresholds.output, .multiplier = {}, .bias = {}, .shift = shift};
    for (const RowBounds& bounds : rows_bounds) {
      const auto multiplier = find_multiplier(bounds, shift, limit);
      if (!multiplier) break;
      const BiasInterval interval = bias_interval(bounds, *multiplier, shift);
      result.multiplier.push_back(*multiplier);
      // The smallest magnitude that satisfies both ends.
      result.bias.push_back(
          static_cast<std::int64_t>(std::clamp(Wide{0}, interval.lowest, interval.highest)));
    }
    if (result.multiplier.size() == rows_bounds.size()) return result;
    failed = result.multiplier.size();
  }
  return std::nullopt;
}

}  // namespace bitmason::ir
