#include "pack/bilinear.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdlib>

namespace bitmason::pack {

namespace {

/// Sum of coefficient times range.
IntRange combined(const std::vector<int>& coefficients, const std::vector<IntRange>& inputs) {
  IntRange sum{0, 0};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    sum = sum + inputs[i] * IntRange{coefficients[i], coefficients[i]};
  return sum;
}

std::vector<IntRange> inputs_of(const Slicing& slicing, const IntRange& range, std::size_t count) {
  return slicing.splits() ? slicing.of(range) : std::vector<IntRange>(count, range);
}

bool is_zero_or_power(int coefficient) {
  return coefficient == 0 || std::has_single_bit(static_cast<unsigned>(std::abs(coefficient)));
}

bool all_zero_or_powers(const Matrix& matrix) {
  return std::all_of(matrix.begin(), matrix.end(),
                     [](const auto& row) { return std::all_of(row.begin(), row.end(), is_zero_or_power); });
}

/// A factor shorter or wider than its neighbours need cannot be multiplied.
bool chained(const std::vector<Matrix>& factors, std::size_t results) {
  for (std::size_t f = 0; f < factors.size(); ++f) {
    if (factors[f].empty() || factors[f].front().empty()) return false;
    for (const auto& row : factors[f]) {
      if (row.size() != factors[f].front().size()) return false;
    }
    if (f > 0 && factors[f].front().size() != factors[f - 1].size()) return false;
  }
  return !factors.empty() && factors.back().size() == results;
}

Matrix multiplied(const std::vector<Matrix>& factors) {
  Matrix all = factors.front();
  for (std::size_t f = 1; f < factors.size(); ++f) all = product_of(factors[f], all);
  return all;
}

bool well_formed(const Bilinear& a) {
  const std::size_t products = a.products();
  if (products == 0 || a.kinds.size() != products || a.weights.front().size() != a.weight_taps.size())
    return false;
  if (!chained({a.weights}, products) || !chained(a.activations, products)) return false;
  if (!chained(a.outputs, a.outputs.back().size()) || a.outputs.front().front().size() != products)
    return false;
  if (!all_zero_or_powers(a.weights)) return false;
  for (const auto* factors : {&a.activations, &a.outputs}) {
    if (!std::all_of(factors->begin(), factors->end(), all_zero_or_powers)) return false;
  }
  for (std::size_t p = 0; p < products; ++p) {
    const Taps taps = a.taps_of(p);
    for (std::size_t i = 0; i < a.weight_taps.size(); ++i) {
      if (a.weights[p][i] != 0 && a.weight_taps[i] != taps) return false;
    }
  }
  return true;
}

}  // namespace

Matrix product_of(const Matrix& left, const Matrix& right) {
  Matrix result(left.size(), std::vector<int>(right.front().size(), 0));
  for (std::size_t r = 0; r < left.size(); ++r) {
    for (std::size_t k = 0; k < right.size(); ++k) {
      for (std::size_t c = 0; c < right[k].size(); ++c) result[r][c] += left[r][k] * right[k][c];
    }
  }
  return result;
}

Matrix identity(std::size_t size) {
  Matrix result(size, std::vector<int>(size, 0));
  for (std::size_t i = 0; i < size; ++i) result[i][i] = 1;
  return result;
}

std::vector<std::int64_t> Slicing::of(std::int64_t value) const {
  const std::int64_t sign = digits == Digits::Magnitude && value < 0 ? -1 : 1;
  std::int64_t rest = sign * value;
  std::vector<std::int64_t> all;
  for (const int width : widths) {
    const std::int64_t unit = std::int64_t{1} << width;
    const std::int64_t above = (rest + (digits == Digits::Balanced ? unit / 2 : 0)) >> width;
    all.push_back(sign * (rest - above * unit));
    rest = above;
  }
  all.push_back(sign * rest);
  return all;
}

std::vector<IntRange> Slicing::of(const IntRange& range) const {
  if (!splits()) return {range};
  const bool magnitude = digits == Digits::Magnitude;
  IntRange rest = magnitude ? IntRange{0, std::max(range.hi, -range.lo)} : range;
  // Digits of a magnitude have the signs that the value can have.
  const auto with_signs = [&](const IntRange& digit) {
    return IntRange{range.lo < 0 ? -digit.hi : 0, range.hi > 0 ? digit.hi : 0};
  };
  std::vector<IntRange> all;
  for (const int width : widths) {
    const std::int64_t unit = std::int64_t{1} << width;
    const std::int64_t half = digits == Digits::Balanced ? unit / 2 : 0;
    all.push_back(magnitude ? with_signs({0, unit - 1}) : IntRange{-half, unit - half - 1});
    rest = {(rest.lo + half) >> width, (rest.hi + half) >> width};
  }
  all.push_back(magnitude ? with_signs(rest) : rest);
  return all;
}

Matrix Bilinear::activation_matrix() const {
  return multiplied(activations);
}
Matrix Bilinear::output_matrix() const {
  return multiplied(outputs);
}

Taps Bilinear::taps_of(std::size_t product) const {
  const auto& row = weights[product];
  const auto used = std::find_if(row.begin(), row.end(), [](int coefficient) { return coefficient != 0; });
  assert(used != row.end());
  return weight_taps[static_cast<std::size_t>(used - row.begin())];
}

std::size_t Bilinear::weight_rows() const {
  return weight_digits.splits() || method == Method::RowPieces ? 1 : weight_taps.size();
}
std::size_t Bilinear::activation_rows() const {
  return activation_digits.splits() ? 1 : activations.front().front().size();
}

bool computes(const Bilinear& algorithm) {
  if (!well_formed(algorithm)) return false;
  const auto wanted = definition_of(algorithm);
  const Matrix activations = algorithm.activation_matrix();
  const Matrix outputs = algorithm.output_matrix();
  if (wanted.size() != outputs.size()) return false;
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    for (std::size_t i = 0; i < algorithm.weight_taps.size(); ++i) {
      for (std::size_t j = 0; j < activations.front().size(); ++j) {
        std::int64_t sum = 0;
        for (std::size_t p = 0; p < algorithm.products(); ++p) {
          sum += std::int64_t{outputs[o][p]} * algorithm.weights[p][i] * activations[p][j];
        }
        if (sum != std::int64_t{wanted[o][i][j]} << algorithm.shift) return false;
      }
    }
  }
  return true;
}

IntRange weight_range(const Bilinear& algorithm, std::size_t product, const IntRange& weight) {
  return combined(algorithm.weights[product],
                  inputs_of(algorithm.weight_digits, weight, algorithm.weight_taps.size()));
}

std::vector<IntRange> activation_inputs(const Bilinear& algorithm, const IntRange& activation) {
  return inputs_of(algorithm.activation_digits, activation, algorithm.activations.front().front().size());
}

IntRange activation_range(const Bilinear& algorithm, std::size_t product, const IntRange& activation) {
  return combined(algorithm.activation_matrix()[product], activation_inputs(algorithm, activation));
}

std::vector<std::vector<std::int64_t>> weight_operands(const Bilinear& algorithm,
                                                       const std::vector<std::vector<std::int64_t>>& rows) {
  std::vector<std::vector<std::int64_t>> operands;
  for (std::size_t p = 0; p < algorithm.products(); ++p) {
    const Taps taps = algorithm.taps_of(p);
    auto& operand = operands.emplace_back(static_cast<std::size_t>(taps.count), 0);
    for (std::size_t t = 0; t < operand.size(); ++t) {
      for (std::size_t i = 0; i < algorithm.weight_taps.size(); ++i) {
        if (algorithm.weights[p][i] == 0) continue;
        const auto& row = rows[algorithm.weight_rows() == 1 ? 0 : i];
        const auto digits = algorithm.weight_digits.of(row[static_cast<std::size_t>(taps.first) + t]);
        operand[t] += algorithm.weights[p][i] * digits[algorithm.weight_digits.splits() ? i : 0];
      }
    }
  }
  return operands;
}

std::vector<std::int64_t> activation_operands(const Bilinear& algorithm,
                                              const std::vector<std::int64_t>& pixels) {
  const auto inputs =
      algorithm.activation_digits.splits() ? algorithm.activation_digits.of(pixels.front()) : pixels;
  std::vector<std::int64_t> operands;
  for (const auto& row : algorithm.activation_matrix()) {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < inputs.size(); ++j) sum += row[j] * inputs[j];
    operands.push_back(sum);
  }
  return operands;
}

}  // namespace bitmason::pack
