#include <cassert>

#include "pack/bilinear.hpp"

namespace bitmason::pack {

namespace {

/// F(2, 3): weights g0, g0 + g1 + g2, g0 - g1 + g2, g2; activations d0 - d2, d1 + d2, d2 - d1, d1 - d3;
/// outputs m0 + (m1 + m2) / 2 and (m1 - m2) / 2 - m3.
const Matrix kWeightsOfF23{{1, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 1}};
const Matrix kActivationsOfF23{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
const Matrix kOutputsOfF23{{2, 1, 1, 0}, {0, 1, -1, -2}};

/// Block matrix of left_ij * right.
Matrix kronecker(const Matrix& left, const Matrix& right) {
  Matrix result;
  for (const auto& left_row : left) {
    for (const auto& right_row : right) {
      auto& row = result.emplace_back();
      for (const int outer : left_row) {
        for (const int inner : right_row) row.push_back(outer * inner);
      }
    }
  }
  return result;
}

/// Both directions of a tile, the second one first: that order has no effect on the result.
std::vector<Matrix> separated(const Matrix& one) {
  return {kronecker(identity(one.front().size()), one), kronecker(one, identity(one.size()))};
}

std::vector<int> each_its_own(std::size_t count) {
  std::vector<int> kinds;
  for (std::size_t p = 0; p < count; ++p) kinds.push_back(static_cast<int>(p));
  return kinds;
}

int power(int bits) {
  return 1 << bits;
}

std::vector<Matrix> zeros(std::size_t outputs, std::size_t weights, std::size_t activations) {
  return {outputs, Matrix(weights, std::vector<int>(activations, 0))};
}

}  // namespace

Bilinear direct_algorithm(int kernel) {
  return {.method = Method::Direct,
          .kernel = kernel,
          .weight_taps = {{0, kernel}},
          .weights = {{1}},
          .activations = {{{1}}},
          .outputs = {{{1}}},
          .kinds = {0}};
}

Bilinear split_algorithm(int kernel, const Slicing& weights, const Slicing& activations) {
  Bilinear all{.method = Method::Split,
               .kernel = kernel,
               .weight_digits = weights,
               .activation_digits = activations,
               .weight_taps = std::vector<Taps>(static_cast<std::size_t>(weights.count()), Taps{0, kernel}),
               .activations = {{}},
               .outputs = {{{}}}};
  for (int w = 0; w < weights.count(); ++w) {
    for (int a = 0; a < activations.count(); ++a) {
      all.weights.push_back(identity(static_cast<std::size_t>(weights.count()))[static_cast<std::size_t>(w)]);
      all.activations[0].push_back(
          identity(static_cast<std::size_t>(activations.count()))[static_cast<std::size_t>(a)]);
      all.outputs[0][0].push_back(power(weights.shift(w) + activations.shift(a)));
    }
  }
  all.kinds = each_its_own(all.products());
  return all;
}

Bilinear row_piece_algorithm(int kernel, int first) {
  return {.method = Method::RowPieces,
          .kernel = kernel,
          .weight_taps = {{0, first}, {first, kernel - first}},
          .weights = identity(2),
          .activations = {{{1}, {1}}},
          .outputs = {{{1, 1}}},
          .kinds = {0, 1}};
}

Bilinear winograd_row_algorithm() {
  return {.method = Method::WinogradRow,
          .weight_taps = std::vector<Taps>(3),
          .weights = kWeightsOfF23,
          .activations = {kActivationsOfF23},
          .outputs = {kOutputsOfF23},
          .shift = 1,
          .kinds = each_its_own(4)};
}

Bilinear winograd_tile_algorithm() {
  return {.method = Method::WinogradTile,
          .weight_taps = std::vector<Taps>(9),
          .weights = kronecker(kWeightsOfF23, kWeightsOfF23),
          .activations = separated(kActivationsOfF23),
          .outputs = separated(kOutputsOfF23),
          .shift = 2,
          .kinds = each_its_own(16)};
}

Bilinear karatsuba_algorithm(int kernel) {
  const auto rows = static_cast<std::size_t>(kernel);
  Bilinear all{.method = Method::Karatsuba,
               .kernel = kernel,
               .weight_taps = std::vector<Taps>(rows, Taps{0, kernel}),
               .weights = identity(rows),
               .outputs = {Matrix(2 * rows - 1, std::vector<int>(rows * (rows + 1) / 2, 0))},
               .kinds = std::vector<int>(rows, 0)};
  Matrix& outputs = all.outputs[0];
  for (std::size_t r = 0; r < rows; ++r) outputs[2 * r][r] = 1;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t s = r + 1; s < rows; ++s) {
      std::vector<int> sum(rows, 0);
      sum[r] = sum[s] = 1;
      outputs[r + s][all.products()] = 1;
      outputs[r + s][r] -= 1;
      outputs[r + s][s] -= 1;
      all.weights.push_back(sum);
      all.kinds.push_back(1);
    }
  }
  all.activations = {all.weights};
  return all;
}

Bilinear strassen_algorithm(int kernel) {
  // Weights a11, a12, a21, a22; activations b11, b12, b21, b22; products in the order of their kinds.
  return {.method = Method::Strassen,
          .kernel = kernel,
          .weight_taps = std::vector<Taps>(4, Taps{0, kernel}),
          .weights = {{1, 0, 0, 1},
                      {-1, 0, 1, 0},
                      {0, 1, 0, -1},
                      {0, 0, 1, 1},
                      {1, 1, 0, 0},
                      {1, 0, 0, 0},
                      {0, 0, 0, 1}},
          .activations = {{{1, 0, 0, 1},
                           {1, 1, 0, 0},
                           {0, 0, 1, 1},
                           {1, 0, 0, 0},
                           {0, 0, 0, 1},
                           {0, 1, 0, -1},
                           {-1, 0, 1, 0}}},
          .outputs = {{{1, 0, 1, 0, -1, 0, 1},
                       {0, 0, 0, 0, 1, 1, 0},
                       {0, 0, 0, 1, 0, 0, 1},
                       {1, 1, 0, -1, 0, 1, 0}}},
          .kinds = {0, 0, 0, 1, 1, 2, 2}};
}

std::vector<Matrix> definition_of(const Bilinear& algorithm) {
  const auto kernel = static_cast<std::size_t>(algorithm.kernel);
  switch (algorithm.method) {
    case Method::Direct:
      return {{{1}}};
    case Method::RowPieces:
      return {{{1}, {1}}};
    case Method::Split: {
      auto wanted = zeros(1, static_cast<std::size_t>(algorithm.weight_digits.count()),
                          static_cast<std::size_t>(algorithm.activation_digits.count()));
      for (std::size_t i = 0; i < wanted[0].size(); ++i) {
        for (std::size_t j = 0; j < wanted[0][i].size(); ++j) {
          wanted[0][i][j] = power(algorithm.weight_digits.shift(static_cast<int>(i)) +
                                  algorithm.activation_digits.shift(static_cast<int>(j)));
        }
      }
      return wanted;
    }
    case Method::WinogradRow: {
      auto wanted = zeros(2, 3, 4);
      for (std::size_t o = 0; o < 2; ++o) {
        for (std::size_t i = 0; i < 3; ++i) wanted[o][i][o + i] = 1;
      }
      return wanted;
    }
    case Method::WinogradTile: {
      auto wanted = zeros(4, 9, 16);
      for (std::size_t o = 0; o < 4; ++o) {
        for (std::size_t i = 0; i < 9; ++i) wanted[o][i][(o / 2 + i / 3) * 4 + o % 2 + i % 3] = 1;
      }
      return wanted;
    }
    case Method::Karatsuba: {
      auto wanted = zeros(2 * kernel - 1, kernel, kernel);
      for (std::size_t i = 0; i < kernel; ++i) {
        for (std::size_t j = 0; j < kernel; ++j) wanted[i + j][i][j] = 1;
      }
      return wanted;
    }
    case Method::Strassen: {
      auto wanted = zeros(4, 4, 4);
      for (std::size_t row = 0; row < 2; ++row) {
        for (std::size_t column = 0; column < 2; ++column) {
          for (std::size_t k = 0; k < 2; ++k) wanted[2 * row + column][2 * row + k][2 * k + column] = 1;
        }
      }
      return wanted;
    }
  }
  assert(false);
  return {};
}

}  // namespace bitmason::pack
