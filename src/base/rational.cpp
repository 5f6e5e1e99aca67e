#include "base/rational.hpp"

#include <gmpxx.h>

#include <array>
#include <cassert>
#include <cctype>
#include <cmath>
#include <utility>

namespace bitmason {

struct Rational::Impl {
  mpq_class q;
};

namespace {

constexpr std::array<std::pair<std::string_view, Rounding>, 8> kRoundingNames{
    {{"ROUND", Rounding::HalfEven},
     {"HALF_EVEN", Rounding::HalfEven},
     {"HALF_UP", Rounding::HalfUp},
     {"HALF_DOWN", Rounding::HalfDown},
     {"CEIL", Rounding::Ceil},
     {"FLOOR", Rounding::Floor},
     {"UP", Rounding::Up},
     {"DOWN", Rounding::Down}}};

mpz_class floor_of(const mpq_class& q) {
  mpz_class result;
  mpz_fdiv_q(result.get_mpz_t(), q.get_num_mpz_t(), q.get_den_mpz_t());
  return result;
}

mpz_class nearest(const mpq_class& q, Rounding tie) {
  const mpz_class below = floor_of(q);
  const mpq_class rest = q - below;
  const int side = cmp(rest, mpq_class(1, 2));
  if (side != 0) return side > 0 ? mpz_class(below + 1) : below;
  const bool negative = sgn(q) < 0;
  switch (tie) {
    case Rounding::HalfUp:
      return negative ? below : mpz_class(below + 1);
    case Rounding::HalfDown:
      return negative ? mpz_class(below + 1) : below;
    default:
      return mpz_even_p(below.get_mpz_t()) ? below : mpz_class(below + 1);
  }
}

std::optional<std::int64_t> small(const mpz_class& z) {
  if (!z.fits_slong_p()) return std::nullopt;
  return z.get_si();
}

}  // namespace

std::optional<Rounding> rounding_from_name(std::string_view name) {
  std::string upper;
  for (const char c : name) upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const auto& [text, rounding] : kRoundingNames) {
    if (text == upper) return rounding;
  }
  return std::nullopt;
}

std::string_view name_of(Rounding rounding) {
  for (const auto& [text, value] : kRoundingNames) {
    if (value == rounding && text != "ROUND") return text;
  }
  return "?";
}

Rational::Rational() : impl_(std::make_unique<Impl>()) {}
Rational::Rational(std::int64_t integer)
    : impl_(std::make_unique<Impl>(Impl{mpq_class(static_cast<long>(integer))})) {}
Rational::Rational(std::int64_t numerator, std::int64_t denominator) : Rational(numerator) {
  assert(denominator != 0);
  *this /= Rational(denominator);
}
Rational::Rational(const Rational& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Rational::Rational(Rational&& other) noexcept = default;
Rational& Rational::operator=(const Rational& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
  return *this;
}
Rational& Rational::operator=(Rational&& other) noexcept = default;
Rational::~Rational() = default;

Rational Rational::from_double(double value) {
  assert(std::isfinite(value));
  Rational result;
  result.impl_->q = value;
  return result;
}

std::optional<Rational> Rational::parse(std::string_view text) {
  const std::string whole(text);
  Rational result;
  if (const auto slash = whole.find('/'); slash != std::string::npos) {
    const auto top = parse(whole.substr(0, slash));
    const auto bottom = parse(whole.substr(slash + 1));
    if (!top || !bottom || bottom->sign() == 0) return std::nullopt;
    return *top / *bottom;
  }
  std::string digits;
  long exponent = 0;
  bool point = false;
  std::size_t i = 0;
  if (i < whole.size() && (whole[i] == '-' || whole[i] == '+')) {
    if (whole[i] == '-') digits += '-';
    ++i;
  }
  const std::size_t sign_length = digits.size();
  for (; i < whole.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(whole[i])) != 0) {
      digits += whole[i];
      if (point) --exponent;
    } else if (whole[i] == '.' && !point) {
      point = true;
    } else {
      break;
    }
  }
  if (digits.size() == sign_length) return std::nullopt;
  if (i < whole.size()) {
    if (whole[i] != 'e' && whole[i] != 'E') return std::nullopt;
    const std::string power = whole.substr(i + 1);
    if (power.empty() || power.size() > 5) return std::nullopt;
    std::size_t used = 0;
    try {
      exponent += std::stol(power, &used);
    } catch (const std::exception&) {
      return std::nullopt;
    }
    if (used != power.size()) return std::nullopt;
  }
  mpz_class scale;
  mpz_ui_pow_ui(scale.get_mpz_t(), 10, static_cast<unsigned long>(std::labs(exponent)));
  result.impl_->q = mpq_class(mpz_class(digits, 10));
  if (exponent < 0) {
    result.impl_->q /= scale;
  } else {
    result.impl_->q *= scale;
  }
  return result;
}

Rational Rational::operator-() const {
  Rational result;
  result.impl_->q = -impl_->q;
  return result;
}
Rational& Rational::operator+=(const Rational& other) {
  return impl_->q += other.impl_->q, *this;
}
Rational& Rational::operator-=(const Rational& other) {
  return impl_->q -= other.impl_->q, *this;
}
Rational& Rational::operator*=(const Rational& other) {
  return impl_->q *= other.impl_->q, *this;
}
Rational& Rational::operator/=(const Rational& other) {
  assert(other.sign() != 0);
  return impl_->q /= other.impl_->q, *this;
}

std::strong_ordering Rational::operator<=>(const Rational& other) const {
  return cmp(impl_->q, other.impl_->q) <=> 0;
}
bool Rational::operator==(const Rational& other) const {
  return impl_->q == other.impl_->q;
}

int Rational::sign() const {
  return sgn(impl_->q);
}
bool Rational::is_integer() const {
  return impl_->q.get_den() == 1;
}
Rational Rational::abs() const {
  return sign() < 0 ? -*this : *this;
}

Rational Rational::rounded(Rounding rounding) const {
  const mpq_class& q = impl_->q;
  Rational result;
  switch (rounding) {
    case Rounding::Floor:
      result.impl_->q = floor_of(q);
      break;
    case Rounding::Ceil:
      result.impl_->q = -floor_of(-q);
      break;
    case Rounding::Up:
      result.impl_->q = sgn(q) < 0 ? floor_of(q) : mpz_class(-floor_of(-q));
      break;
    case Rounding::Down:
      result.impl_->q = sgn(q) < 0 ? mpz_class(-floor_of(-q)) : floor_of(q);
      break;
    default:
      result.impl_->q = nearest(q, rounding);
  }
  return result;
}

std::optional<std::int64_t> Rational::to_int64() const {
  return is_integer() ? small(impl_->q.get_num()) : std::nullopt;
}
std::optional<std::int64_t> Rational::numerator() const {
  return small(impl_->q.get_num());
}
std::optional<std::int64_t> Rational::denominator() const {
  return small(impl_->q.get_den());
}

double Rational::to_double() const {
  // mpq_get_d truncates; the nearest double is either that or its neighbour away from zero.
  const double toward = impl_->q.get_d();
  if (!std::isfinite(toward) || sign() == 0) return toward;
  const double away = std::nextafter(toward, sign() > 0 ? INFINITY : -INFINITY);
  if (!std::isfinite(away)) return toward;
  const mpq_class low = ::abs(mpq_class(impl_->q - mpq_class(toward)));
  const mpq_class high = ::abs(mpq_class(mpq_class(away) - impl_->q));
  if (low != high) return low < high ? toward : away;
  int exponent = 0;
  const double mantissa = std::frexp(toward, &exponent);
  const bool even = std::fmod(std::ldexp(std::fabs(mantissa), 53), 2.0) == 0.0;
  return even ? toward : away;
}

std::string Rational::to_string() const {
  return impl_->q.get_str();
}

Rational Rational::square_root() const {
  assert(sign() >= 0);
  if (sign() == 0) return {};
  mpz_class top = impl_->q.get_num();
  mpz_class bottom = impl_->q.get_den();
  // An exact square stays exact; otherwise scale so that the integer root keeps more than 200 bits.
  if (mpz_perfect_square_p(top.get_mpz_t()) == 0 || mpz_perfect_square_p(bottom.get_mpz_t()) == 0) {
    top *= bottom;
    mpz_mul_2exp(top.get_mpz_t(), top.get_mpz_t(), 512);
    mpz_mul_2exp(bottom.get_mpz_t(), bottom.get_mpz_t(), 256);
  } else {
    bottom = sqrt(bottom);
  }
  Rational result;
  result.impl_->q = mpq_class(mpz_class(sqrt(top)), bottom);
  result.impl_->q.canonicalize();
  return result;
}

Rational Rational::gcd(const Rational& a, const Rational& b) {
  const mpq_class& x = a.impl_->q;
  const mpq_class& y = b.impl_->q;
  const mpz_class left = x.get_num() * y.get_den();
  const mpz_class right = y.get_num() * x.get_den();
  Rational result;
  result.impl_->q = mpq_class(mpz_class(::gcd(left, right)), mpz_class(x.get_den() * y.get_den()));
  result.impl_->q.canonicalize();
  return result;
}

}  // namespace bitmason
