#include "import/function.hpp"

#include <algorithm>

namespace bitmason::import {

namespace {

std::vector<Rational> combine(const std::vector<Rational>& a, const std::vector<Rational>& b,
                              Rational (*op)(const Rational&, const Rational&)) {
  std::vector<Rational> result;
  const std::size_t size = std::max(a.size(), b.size());
  for (std::size_t i = 0; i < size; ++i)
    result.push_back(op(row(a, static_cast<int>(i)), row(b, static_cast<int>(i))));
  return result;
}

Rational product(const Rational& a, const Rational& b) {
  return a * b;
}
Rational sum(const Rational& a, const Rational& b) {
  return a + b;
}

std::vector<Rational> pick_rows(const std::vector<Rational>& values, std::span<const int> source) {
  if (values.size() == 1) return values;
  std::vector<Rational> result;
  for (const int c : source) result.push_back(values[static_cast<std::size_t>(c)]);
  return result;
}

std::vector<Rational> threshold_row(const ir::CountStep& step, int channel) {
  const std::size_t length = step.thresholds.size() / static_cast<std::size_t>(step.rows);
  const auto first =
      step.thresholds.begin() +
      static_cast<std::ptrdiff_t>(step.rows == 1 ? 0 : static_cast<std::size_t>(channel) * length);
  return {first, first + static_cast<std::ptrdiff_t>(length)};
}

/// Adds `channels` rows of `step` to `target`; false where they do not belong together.
bool extend(ir::ScalarStep& target, const ir::ScalarStep& step, int channels) {
  if (target.index() != step.index()) return false;
  if (auto* affine = std::get_if<ir::AffineStep>(&target)) {
    const auto& other = std::get<ir::AffineStep>(step);
    for (int c = 0; c < channels; ++c) {
      affine->scale.push_back(row(other.scale, c));
      affine->offset.push_back(row(other.offset, c));
    }
    return true;
  }
  if (auto* count = std::get_if<ir::CountStep>(&target)) {
    const auto& other = std::get<ir::CountStep>(step);
    const std::size_t length = other.thresholds.size() / static_cast<std::size_t>(other.rows);
    if (count->rows > 0 && count->thresholds.size() != length * static_cast<std::size_t>(count->rows))
      return false;
    for (int c = 0; c < channels; ++c) {
      const auto values = threshold_row(other, c);
      count->thresholds.insert(count->thresholds.end(), values.begin(), values.end());
      ++count->rows;
    }
    return true;
  }
  if (const auto* clamp = std::get_if<ir::ClampStep>(&target)) {
    const auto& other = std::get<ir::ClampStep>(step);
    return clamp->lo == other.lo && clamp->hi == other.hi;
  }
  if (const auto* round = std::get_if<ir::RoundStep>(&target))
    return round->rounding == std::get<ir::RoundStep>(step).rounding;
  return true;
}

ir::ScalarStep empty_rows(const ir::ScalarStep& step) {
  if (std::holds_alternative<ir::AffineStep>(step)) return ir::AffineStep{};
  if (std::holds_alternative<ir::CountStep>(step)) return ir::CountStep{.rows = 0, .thresholds = {}};
  return step;
}

void collapse(std::vector<Rational>& values) {
  if (uniform(values)) values.resize(1);
}

}  // namespace

const Rational& row(const std::vector<Rational>& values, int channel) {
  return values.size() == 1 ? values.front() : values[static_cast<std::size_t>(channel)];
}

bool uniform(const std::vector<Rational>& values) {
  return std::ranges::all_of(values, [&](const Rational& v) { return v == values.front(); });
}

void append_affine(ir::ScalarFunction& function, const std::vector<Rational>& scale,
                   const std::vector<Rational>& offset) {
  ir::AffineStep next{scale, offset};
  if (!function.empty()) {
    if (const auto* last = std::get_if<ir::AffineStep>(&function.back())) {
      next.offset = combine(combine(last->offset, scale, product), offset, sum);
      next.scale = combine(last->scale, scale, product);
      function.pop_back();
    }
  }
  collapse(next.scale);
  collapse(next.offset);
  const bool identity = next.scale.size() == 1 && next.offset.size() == 1 && next.scale[0] == Rational(1) &&
                        next.offset[0].sign() == 0;
  if (!identity) function.emplace_back(std::move(next));
}

void append(ir::ScalarFunction& function, const ir::ScalarFunction& steps) {
  for (const ir::ScalarStep& step : steps) {
    if (const auto* affine = std::get_if<ir::AffineStep>(&step)) {
      append_affine(function, affine->scale, affine->offset);
    } else {
      function.push_back(step);
    }
  }
}

std::optional<ir::AffineStep> as_affine(const ir::ScalarFunction& function) {
  if (function.empty()) return ir::AffineStep{{Rational(1)}, {Rational(0)}};
  if (function.size() > 1) return std::nullopt;
  const auto* affine = std::get_if<ir::AffineStep>(&function.front());
  if (affine == nullptr) return std::nullopt;
  return *affine;
}

bool increasing(const ir::ScalarFunction& function, int channels) {
  const int rows = std::min(ir::rows(function), channels);
  for (int c = 0; c < rows; ++c) {
    if (ir::direction(function, c) < 0) return false;
  }
  return true;
}

bool decreasing(const ir::ScalarFunction& function, int channels) {
  const int rows = std::min(ir::rows(function), channels);
  bool falls = false;
  for (int c = 0; c < rows; ++c) {
    const int direction = ir::direction(function, c);
    if (direction > 0) return false;
    falls = falls || direction < 0;
  }
  return falls;
}

ir::ScalarFunction permute_rows(const ir::ScalarFunction& function, std::span<const int> source) {
  ir::ScalarFunction result = function;
  for (ir::ScalarStep& step : result) {
    if (auto* affine = std::get_if<ir::AffineStep>(&step)) {
      affine->scale = pick_rows(affine->scale, source);
      affine->offset = pick_rows(affine->offset, source);
    } else if (auto* count = std::get_if<ir::CountStep>(&step); count != nullptr && count->rows > 1) {
      ir::CountStep next{.rows = static_cast<int>(source.size()), .thresholds = {}};
      for (const int c : source) {
        const auto values = threshold_row(*count, c);
        next.thresholds.insert(next.thresholds.end(), values.begin(), values.end());
      }
      *count = std::move(next);
    }
  }
  return result;
}

std::optional<ir::ScalarFunction> concatenate_rows(std::span<const ir::ScalarFunction> functions,
                                                   std::span<const int> channels) {
  ir::ScalarFunction result;
  const auto longest = std::ranges::max_element(functions, {}, &ir::ScalarFunction::size);
  if (longest->empty()) return result;
  for (const ir::ScalarStep& step : *longest) result.push_back(empty_rows(step));
  const ir::ScalarFunction identity{ir::AffineStep{{Rational(1)}, {Rational(0)}}};
  for (std::size_t k = 0; k < functions.size(); ++k) {
    const auto& function = functions[k].empty() ? identity : functions[k];
    if (function.size() != result.size()) return std::nullopt;
    for (std::size_t i = 0; i < function.size(); ++i) {
      if (!extend(result[i], function[i], channels[k])) return std::nullopt;
    }
  }
  for (ir::ScalarStep& step : result) {
    if (auto* affine = std::get_if<ir::AffineStep>(&step)) {
      collapse(affine->scale);
      collapse(affine->offset);
    }
  }
  return result;
}

std::optional<ExactCodes> exact_codes(const ir::ScalarFunction& function, const IntRange& domain,
                                      int channels) {
  const int rows = std::min(ir::rows(function), channels);
  if (domain.span() >= ir::kMaxThresholdLevels || (domain.span() + 1) * rows > (1 << 20)) return std::nullopt;
  std::vector<Rational> values;
  for (int c = 0; c < rows; ++c) {
    for (std::int64_t x = domain.lo; x <= domain.hi; ++x)
      values.push_back(ir::apply(function, Rational(x), c));
  }
  std::ranges::sort(values);
  const auto build = [&](const Rational& base) -> std::optional<ExactCodes> {
    Rational unit;
    for (const Rational& value : values) {
      unit = Rational::gcd(unit, value - base);
      // Hopeless scales are noticed early: the greatest common divisor only shrinks.
      if (unit.sign() != 0 && (values.back() - values.front()) / unit >= Rational(ir::kMaxThresholdLevels))
        return std::nullopt;
    }
    if (unit.sign() == 0) unit = 1;
    const auto lo = ((values.front() - base) / unit).to_int64();
    const auto hi = ((values.back() - base) / unit).to_int64();
    if (!lo || !hi || std::max(std::abs(*lo), std::abs(*hi)) > (std::int64_t{1} << 31)) return std::nullopt;
    ExactCodes result{.codes = function, .range = {*lo, *hi}, .scale = unit, .offset = base};
    append_affine(result.codes, {Rational(1) / unit}, {-base / unit});
    return result;
  };
  if (auto without_offset = build(Rational(0))) return without_offset;
  return build(values.front());
}

}  // namespace bitmason::import
