#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "ir/scalar_function.hpp"
#include "sim/diagnostics.hpp"
#include "sim/engine.hpp"
#include "sim/half_line.hpp"

namespace bitmason::sim {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Smallest double in the half-line above a bound.
double first_double(const Rational& bound, bool inclusive) {
  const double nearest = bound.to_double();
  if (!std::isfinite(nearest)) return nearest > 0 ? kInfinity : std::numeric_limits<double>::lowest();
  const auto order = Rational::from_double(nearest) <=> bound;
  const bool inside = order > 0 || (order == 0 && inclusive);
  return inside ? nearest : std::nextafter(nearest, kInfinity);
}

/// The quantise function of one channel on doubles: code = below + number of thresholds <= x (or <= -x where
/// the function falls). Each threshold is the exact boundary between two codes.
class DoubleThresholds {
 public:
  DoubleThresholds(const ir::ScalarFunction& function, const IntRange& codes, int channel)
      : below_(codes.lo - 1), falling_(ir::direction(function, channel) < 0) {
    // One more at each end tells codes outside the range.
    for (std::int64_t code = codes.lo; code <= codes.hi + 1; ++code) {
      thresholds_.push_back(boundary(preimage_at_least(function, Rational(code), channel)));
    }
  }

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
  [[nodiscard]] double boundary(const HalfLine& line) const {
    switch (line.kind) {
      case HalfLine::Kind::All:
        return -kInfinity;
      case HalfLine::Kind::None:
        return kInfinity;
      default:
        return first_double(falling_ ? -line.bound : line.bound, line.inclusive);
    }
  }

  std::int64_t below_;
  bool falling_;
  std::vector<double> thresholds_;
};

/// What a value became: a code, or the exact real that is none.
struct Quantised {
  std::int64_t code = 0;
  std::optional<Rational> fault;
};

/// Exact and quick: evaluates each distinct value once, or compares with exact boundaries where a floating
/// array is large.
class Quantiser {
 public:
  Quantiser(const ir::InputPort& port, const IntRange& codes, const NpyArray& values)
      : function_(port.quantise),
        codes_(codes),
        values_(values),
        rows_(ir::rows(port.quantise)),
        memo_(static_cast<std::size_t>(rows_)) {
    constexpr std::int64_t kMostLevels = 4096;
    const bool many = values.size() > 64 * static_cast<std::size_t>(rows_);
    if (values.is_integer() || !many || codes.span() >= kMostLevels || !yields_integers(function_)) return;
    for (int row = 0; row < rows_; ++row) boundaries_.emplace_back(function_, codes, row);
  }

  /// Element `index` of the array, of a channel.
  Quantised operator()(std::size_t index, int channel) {
    const int row = rows_ == 1 ? 0 : channel;
    if (!boundaries_.empty()) {
      const std::int64_t code = boundaries_[static_cast<std::size_t>(row)].code(values_.reals[index]);
      if (codes_.contains(code)) return {code, {}};
      return evaluate(index, row);
    }
    const std::uint64_t key = values_.is_integer() ? static_cast<std::uint64_t>(values_.integers[index])
                                                   : std::bit_cast<std::uint64_t>(values_.reals[index]);
    auto& memo = memo_[static_cast<std::size_t>(row)];
    if (const auto found = memo.find(key); found != memo.end()) return {found->second, {}};
    Quantised result = evaluate(index, row);
    constexpr std::size_t kMostRemembered = 1 << 16;
    if (!result.fault && memo.size() < kMostRemembered) memo.emplace(key, result.code);
    return result;
  }

 private:
  [[nodiscard]] Quantised evaluate(std::size_t index, int row) const {
    const Rational value = values_.is_integer() ? Rational(values_.integers[index])
                                                : Rational::from_double(values_.reals[index]);
    Rational code = ir::apply(function_, value, row);
    const auto integer = code.to_int64();
    if (integer && codes_.contains(*integer)) return {*integer, {}};
    return {0, std::move(code)};
  }

  const ir::ScalarFunction& function_;
  IntRange codes_;
  const NpyArray& values_;
  int rows_;
  std::vector<std::unordered_map<std::uint64_t, std::int64_t>> memo_;
  std::vector<DoubleThresholds> boundaries_;
};

std::string value_text(const NpyArray& values, std::size_t index) {
  return values.is_integer() ? std::to_string(values.integers[index])
                             : fmt::format("{}", values.reals[index]);
}

/// Number of frames where the array's shape is the file's but for the batch.
std::optional<std::size_t> frames_of(const std::vector<std::int64_t>& shape,
                                     const std::vector<std::int64_t>& file) {
  const bool rest_equal = shape.size() == file.size() && !shape.empty() &&
                          std::equal(shape.begin() + 1, shape.end(), file.begin() + 1);
  if (rest_equal) return static_cast<std::size_t>(shape.front());
  const bool single =
      shape.size() + 1 == file.size() && std::equal(shape.begin(), shape.end(), file.begin() + 1);
  return single ? std::optional<std::size_t>(1) : std::nullopt;
}

Diagnostic fault_of(const ir::InputPort& port, const NpyArray& values, std::size_t index,
                    const Rational& code, const IntRange& codes) {
  if (!code.is_integer()) {
    return make_diagnostic(diagnostics::kInputFraction, port.name,
                           {std::to_string(index), value_text(values, index), code.to_string()});
  }
  return make_diagnostic(diagnostics::kInputRange, port.name,
                         {std::to_string(index), value_text(values, index), code.to_string(),
                          std::to_string(codes.lo), std::to_string(codes.hi)});
}

}  // namespace

Result<std::vector<Codes>> quantise_input(const ir::Network& network, const ir::InputPort& port,
                                          const NpyArray& values) {
  const ir::TensorType& type = network.type({port.layer});
  const ir::Shape& shape = type.shape;
  std::vector<std::int64_t> file = port.layout.file_shape;
  if (file.empty()) file = {1, shape.channels, shape.height, shape.width};
  const auto frames = frames_of(values.shape, file);
  if (!frames) {
    return make_diagnostic(
        diagnostics::kInputShape, port.name,
        {fmt::format("({})", fmt::join(values.shape, ", ")), fmt::format("({})", fmt::join(file, ", "))});
  }
  const auto size = static_cast<std::size_t>(shape.elements());
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  Quantiser quantiser(port, type.range, values);
  std::vector<Codes> result(*frames, Codes(size));
  const bool per_channel = ir::rows(port.quantise) > 1;
  for (std::size_t index = 0, frame = 0; frame < *frames; ++frame) {
    for (std::size_t within = 0; within < size; ++within, ++index) {
      if (!values.is_integer() && !std::isfinite(values.reals[index])) {
        return make_diagnostic(diagnostics::kInputNotFinite, port.name,
                               {std::to_string(index), value_text(values, index)});
      }
      const std::size_t place =
          port.layout.map.empty() ? within : static_cast<std::size_t>(port.layout.map[within]);
      Quantised code = quantiser(index, per_channel ? static_cast<int>(place / plane) : 0);
      if (code.fault) return fault_of(port, values, index, *code.fault, type.range);
      result[frame][place] = code.code;
    }
  }
  return result;
}

}  // namespace bitmason::sim
