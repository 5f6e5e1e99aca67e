#pragma once

#include <cstdint>
#include <vector>

#include "base/integer_range.hpp"
#include "ir/host.hpp"

namespace bitmason::sim {

/// The quantise function of one channel on doubles: code = below + number of thresholds <= x (or <= -x where
/// the function falls). Each threshold is the exact boundary between two codes.
class DoubleThresholds {
 public:
  /// Preconditions: the function yields integers; the range is small enough for a table.
  DoubleThresholds(const ir::ScalarFunction& function, const IntRange& codes, int channel);

  /// A code one outside the range stands for all beyond.
  [[nodiscard]] std::int64_t code(double x) const {
    const double value = falling_ ? -x : x;
    const double* first = thresholds_.data();
    // Branch-free binary search: images are noise to a branch predictor.
    for (std::size_t left = thresholds_.size(); left > 0;) {
      const std::size_t half = (left + 1) / 2;
      first += half * static_cast<std::size_t>(first[half - 1] <= value);
      left -= half;
    }
    return below_ + (first - thresholds_.data());
  }

 private:
  std::int64_t below_;
  bool falling_;
  std::vector<double> thresholds_;
};

/// The values of one channel that need no clamping to the codes: from first_ on and below end_, of x or of -x
/// where the function falls.
class Limits {
 public:
  /// `unlimited` is the function without_clamps().
  Limits(const ir::ScalarFunction& unlimited, const IntRange& codes, int channel);

  [[nodiscard]] bool hold(double x) const {
    const double value = falling_ ? -x : x;
    return first_ <= value && value < end_;
  }

 private:
  bool falling_;
  double first_;
  double end_;
};

/// The function without the steps that clamp its values.
ir::ScalarFunction without_clamps(ir::ScalarFunction function);

}  // namespace bitmason::sim
