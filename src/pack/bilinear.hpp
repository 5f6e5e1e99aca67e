#pragma once

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "base/integer_range.hpp"

/// How a method computes multiply-accumulates with fewer or smaller products, as exact integers.
///
/// Every method is bilinear: products of linear combinations of weights and linear combinations of
/// activations, and outputs that are linear combinations of the products' sums. Ranges, counts, costs and
/// hardware all come from the coefficients stated here; computes() proves them.
namespace bitmason::pack {

enum class Method {
  Direct,        ///< every MAC is one product
  Split,         ///< operands as digits: value = high * 2^n + low
  RowPieces,     ///< a kernel row in pieces on different multipliers
  WinogradRow,   ///< F(2, 3): two outputs of a row of three taps from four products
  WinogradTile,  ///< F(2x2, 3x3): four outputs of nine taps from sixteen products
  Karatsuba,     ///< K kernel rows times K input rows from K (K + 1) / 2 row products instead of K^2
  Strassen       ///< 2x2 channel by pixel blocks from seven products instead of eight
};

inline constexpr std::array kMethods{Method::Direct,      Method::Split,        Method::RowPieces,
                                     Method::WinogradRow, Method::WinogradTile, Method::Karatsuba,
                                     Method::Strassen};

/// Rows of coefficients, each 0 or +-2^k.
using Matrix = std::vector<std::vector<int>>;

Matrix product_of(const Matrix& left, const Matrix& right);
Matrix identity(std::size_t size);

/// Digits of a value: value = sum over k of digit_k * 2^shift(k).
struct Slicing {
  enum class Digits {
    Unsigned,  ///< none negative
    Balanced,  ///< all but the highest in [-2^(n-1), 2^(n-1) - 1], full range, so that no window sum
               ///< corrects them
    Magnitude  ///< those of |value|, with the value's sign
  };
  std::vector<int> widths;  ///< of all digits but the highest, lowest first; none: the value is not split
  Digits digits = Digits::Unsigned;

  [[nodiscard]] bool splits() const { return !widths.empty(); }
  [[nodiscard]] int count() const { return static_cast<int>(widths.size()) + 1; }
  /// Bits below digit k.
  [[nodiscard]] int shift(int k) const { return std::accumulate(widths.begin(), widths.begin() + k, 0); }
  /// The digits of a value or of every value of a range, lowest first.
  [[nodiscard]] std::vector<std::int64_t> of(std::int64_t value) const;
  [[nodiscard]] std::vector<IntRange> of(const IntRange& range) const;
};

/// The taps of a kernel row that a weight input holds.
struct Taps {
  int first = 0;
  int count = 1;
  bool operator==(const Taps&) const = default;
};

/// A method's algorithm. Inputs are kernel rows and rows of pixels (single taps and pixels where the row has
/// one tap); a product of two rows is a polynomial product: tap t times pixel j belongs to output position j
/// - t.
struct Bilinear {
  Method method = Method::Direct;
  int kernel = 1;         ///< taps of a whole kernel row
  Slicing weight_digits;  ///< with digits the inputs are the digits of one row, lowest first
  Slicing activation_digits;
  std::vector<Taps> weight_taps;  ///< of each weight input
  Matrix weights;                 ///< products x weight inputs
  std::vector<Matrix>
      activations;              ///< factors of products x activation inputs, the one applied first at front
  std::vector<Matrix> outputs;  ///< factors of outputs x products, likewise
  int shift = 0;                ///< outputs are the combinations of sums / 2^shift, exactly
  std::vector<int> kinds;       ///< of each product: the packing it shares with others of equal ranges

  [[nodiscard]] std::size_t products() const { return weights.size(); }
  [[nodiscard]] Matrix activation_matrix() const;
  [[nodiscard]] Matrix output_matrix() const;
  /// The taps that product p multiplies.
  [[nodiscard]] Taps taps_of(std::size_t product) const;
  /// Kernel rows and pixel rows before they are split or cut into inputs.
  [[nodiscard]] std::size_t weight_rows() const;
  [[nodiscard]] std::size_t activation_rows() const;
};

Bilinear direct_algorithm(int kernel);
/// Digits of the weights, the activations or both.
Bilinear split_algorithm(int kernel, const Slicing& weights, const Slicing& activations);
/// `first` taps on one multiplier, the others of the row on another.
Bilinear row_piece_algorithm(int kernel, int first);
/// S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin and S. Gray, CVPR 2016.
Bilinear winograd_row_algorithm();
Bilinear winograd_tile_algorithm();
/// A. Karatsuba and Y. Ofman, 1962: w_r x_s + w_s x_r = (w_r + w_s)(x_r + x_s) - w_r x_r - w_s x_s.
Bilinear karatsuba_algorithm(int kernel);
/// V. Strassen, Gaussian elimination is not optimal, 1969.
Bilinear strassen_algorithm(int kernel);

/// What the method must compute, from its definition: coefficient of weight input i times activation input j
/// in output o at [o][i][j].
std::vector<Matrix> definition_of(const Bilinear& algorithm);

/// True where the algorithm computes its method's definition: for every output, weight input and activation
/// input the coefficients of all products agree, so that it holds for all integers; every coefficient is 0 or
/// +-2^k and every product multiplies rows of the same taps.
bool computes(const Bilinear& algorithm);

/// Ranges of the activation inputs: digits, or the value's own for each.
std::vector<IntRange> activation_inputs(const Bilinear& algorithm, const IntRange& activation);

/// Of product p, exactly: the combination of inputs of these ranges (of values before they are split).
IntRange weight_range(const Bilinear& algorithm, std::size_t product, const IntRange& weight);
IntRange activation_range(const Bilinear& algorithm, std::size_t product, const IntRange& activation);

/// Operands of all products, the reference for hardware: [product][tap] of kernel rows [row][tap], and
/// [product] of one pixel of each row.
std::vector<std::vector<std::int64_t>> weight_operands(const Bilinear& algorithm,
                                                       const std::vector<std::vector<std::int64_t>>& rows);
std::vector<std::int64_t> activation_operands(const Bilinear& algorithm,
                                              const std::vector<std::int64_t>& pixels);

}  // namespace bitmason::pack
