#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bitmason {

/// How a rational becomes an integer. Names follow QONNX; "half" modes round to nearest.
enum class Rounding { HalfEven, HalfUp, HalfDown, Ceil, Floor, Up, Down };

/// QONNX spelling to mode, case-insensitive: ROUND or HALF_EVEN, CEIL, FLOOR, UP (away from zero), DOWN
/// (toward zero), HALF_UP (half away from zero), HALF_DOWN (half toward zero). Nothing if unknown.
std::optional<Rounding> rounding_from_name(std::string_view name);
std::string_view name_of(Rounding rounding);

/// Exact rational number of any size, always in lowest terms.
class Rational {
 public:
  Rational();
  Rational(std::int64_t integer);  // NOLINT(google-explicit-constructor): integers are rationals
  /// Precondition: denominator != 0.
  Rational(std::int64_t numerator, std::int64_t denominator);
  Rational(const Rational& other);
  Rational(Rational&& other) noexcept;
  Rational& operator=(const Rational& other);
  Rational& operator=(Rational&& other) noexcept;
  ~Rational();

  /// The exact value of a finite double (every float is one). Precondition: finite.
  static Rational from_double(double value);
  /// "3", "-7/12" or a decimal such as "0.125" or "1e-3". Nothing on any other text.
  static std::optional<Rational> parse(std::string_view text);

  Rational operator-() const;
  Rational& operator+=(const Rational& other);
  Rational& operator-=(const Rational& other);
  Rational& operator*=(const Rational& other);
  /// Precondition: other is not zero.
  Rational& operator/=(const Rational& other);
  friend Rational operator+(Rational a, const Rational& b) { return a += b; }
  friend Rational operator-(Rational a, const Rational& b) { return a -= b; }
  friend Rational operator*(Rational a, const Rational& b) { return a *= b; }
  friend Rational operator/(Rational a, const Rational& b) { return a /= b; }

  std::strong_ordering operator<=>(const Rational& other) const;
  bool operator==(const Rational& other) const;

  [[nodiscard]] int sign() const;  ///< -1, 0 or 1
  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] Rational rounded(Rounding rounding) const;  ///< an integer
  [[nodiscard]] Rational abs() const;
  /// Nothing unless the value is an integer that fits.
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;
  /// Numerator and denominator in lowest terms, where both fit.
  [[nodiscard]] std::optional<std::int64_t> numerator() const;
  [[nodiscard]] std::optional<std::int64_t> denominator() const;
  /// Nearest double, ties to even.
  [[nodiscard]] double to_double() const;
  /// "3" or "-7/12"; parse() reads it back.
  [[nodiscard]] std::string to_string() const;

  /// Square root, rounded down at 2^-200 relative to the value: for batch norm's 1 / sqrt(var + epsilon),
  /// the one irrational step of an ONNX graph. Precondition: not negative.
  [[nodiscard]] Rational square_root() const;

  /// Largest rational g such that a and b are integer multiples of it; gcd(0, b) = |b|.
  static Rational gcd(const Rational& a, const Rational& b);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitmason
