#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/integer_range.hpp"
#include "base/rational.hpp"
#include "onnxio/model.hpp"

namespace bitmason::import {

/// Exact constant of the graph: value(i) = stored(i) * scale(i).
///
/// Quantised weights keep their integer codes in `data` with one scale, or one per element group named by
/// `scale_of`; everything else has scale 1.
struct Constant {
  std::vector<std::int64_t> shape;
  std::variant<std::vector<std::int64_t>, std::vector<double>, std::vector<Rational>> data;
  std::vector<Rational> scale;         ///< empty means 1
  std::vector<std::int32_t> scale_of;  ///< element -> index of scale; empty means 0
  std::optional<IntRange> range;       ///< declared range of the codes, of quantised constants

  [[nodiscard]] std::size_t size() const;
  /// Exact value. Precondition: finite(index).
  [[nodiscard]] Rational at(std::size_t index) const;
  /// False for NaN and infinities.
  [[nodiscard]] bool finite(std::size_t index) const;
  [[nodiscard]] bool all_finite() const;
  /// The value where it is a 64-bit integer.
  [[nodiscard]] std::optional<std::int64_t> integer(std::size_t index) const;
  /// All values where each is a 64-bit integer.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers() const;
  [[nodiscard]] double real(std::size_t index) const;
  [[nodiscard]] const Rational& scale_at(std::size_t index) const;

  /// Elements `index` of this in a new shape; codes and scales stay. Precondition: indices are valid.
  [[nodiscard]] Constant select(const std::vector<std::size_t>& index,
                                std::vector<std::int64_t> new_shape) const;
  /// An upper bound of the bits of any numerator or denominator.
  [[nodiscard]] std::size_t bits() const;

  std::size_t rational_bits = 64;  ///< the bound for Rational storage
};

Constant constant_from(const onnxio::Tensor& tensor);
Constant constant_of(std::vector<std::int64_t> shape, std::vector<std::int64_t> integers);

/// Number of elements; nothing where a size is negative or the product above 2^24.
std::optional<std::size_t> checked_elements(const std::vector<std::int64_t>& shape);
inline constexpr std::int64_t kMaxFoldedElements = std::int64_t{1} << 24;
inline constexpr std::size_t kMaxRationalBits = 1 << 14;

/// "[1, 3, 8]"
std::string shape_text(const std::vector<std::int64_t>& shape);

/// numpy's broadcast of two shapes; nothing where they do not fit.
std::optional<std::vector<std::int64_t>> broadcast_shape(const std::vector<std::int64_t>& a,
                                                         const std::vector<std::int64_t>& b);
/// For every element of `shape` the element of the broadcast `from`. Precondition: from broadcasts to shape.
std::vector<std::size_t> broadcast_index(const std::vector<std::int64_t>& from,
                                         const std::vector<std::int64_t>& shape);
/// Elements in transposed order: result element i is source element index[i].
std::vector<std::size_t> transpose_index(const std::vector<std::int64_t>& shape,
                                         const std::vector<std::int64_t>& perm);

}  // namespace bitmason::import
