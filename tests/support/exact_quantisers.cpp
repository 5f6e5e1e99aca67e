#include <algorithm>

#include "support/exact_operators.hpp"

namespace bitmason::test {

namespace {

Rational round_named(const Rational& x, const std::string& name) {
  const auto rounding = rounding_from_name(name);
  if (!rounding) throw std::runtime_error("rounding " + name);
  return x.rounded(*rounding);
}

Rational clamped(const Rational& x, const Rational& lo, const Rational& hi) {
  if (x < lo) return lo;
  return x > hi ? hi : x;
}

struct CodeRange {
  Rational lo;
  Rational hi;
};

CodeRange code_range(std::int64_t bits, bool is_signed, bool narrow) {
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  if (is_signed) return {-half + (narrow ? 1 : 0), half - 1};
  return {0, 2 * half - (narrow ? 2 : 1)};
}

/// (q - z) * s with q = round(clamp(x / s + z)); one-bit signed is the sign.
Exact int_quant(const Operands& in) {
  const std::int64_t bits = to_integer(in[3].values.front());
  const bool is_signed = in.integer("signed", 1) != 0;
  const CodeRange range = code_range(bits, is_signed, in.integer("narrow", 0) != 0);
  const std::string mode = in.text("rounding_mode", "ROUND");
  const Exact scaled = broadcast(in[0], in[1], [](const Rational& x, const Rational& s) { return x / s; });
  const Exact shifted = broadcast(scaled, in[2], [](const Rational& x, const Rational& z) { return x + z; });
  const Exact codes = map(shifted, [&](const Rational& x) {
    if (bits == 1 && is_signed) return x.sign() < 0 ? Rational(-1) : Rational(1);
    return round_named(clamped(x, range.lo, range.hi), mode);
  });
  const Exact centred = broadcast(codes, in[2], [](const Rational& q, const Rational& z) { return q - z; });
  return broadcast(centred, in[1], [](const Rational& q, const Rational& s) { return q * s; });
}

Exact bipolar_quant(const Operands& in) {
  const Exact sign = map(in[0], [](const Rational& x) { return x.sign() < 0 ? Rational(-1) : Rational(1); });
  return broadcast(sign, in[1], [](const Rational& q, const Rational& s) { return q * s; });
}

/// Version 1: scale, zero point, input bits, output bits; the low bits are dropped by the rounding named.
Exact trunc(const Operands& in) {
  const std::int64_t dropped = to_integer(in[3].values.front()) - to_integer(in[4].values.front());
  const Rational factor = Rational(1, std::int64_t{1} << dropped);
  const std::string mode = in.text("rounding_mode", "FLOOR");
  const Exact scaled = broadcast(in[0], in[1], [](const Rational& x, const Rational& s) { return x / s; });
  const Exact shifted = broadcast(scaled, in[2], [](const Rational& x, const Rational& z) { return x + z; });
  const Exact codes = map(
      shifted, [&](const Rational& x) { return round_named(x.rounded(Rounding::HalfEven) * factor, mode); });
  const Exact centred = broadcast(codes, in[2], [](const Rational& q, const Rational& z) { return q - z; });
  return broadcast(centred, in[1], [](const Rational& q, const Rational& s) { return q * s; });
}

Exact multi_threshold(const Operands& in) {
  const Exact& x = in[0];
  const Exact& table = in[1];
  const std::int64_t rows = table.shape[0];
  const std::int64_t steps = table.shape[1];
  const std::int64_t inner = x.shape.size() < 2 ? 1 : element_count(x.shape) / (x.shape[0] * x.shape[1]);
  const Rational scale = Rational::from_double(in.real("out_scale", 1));
  const Rational bias = Rational::from_double(in.real("out_bias", 0));
  Exact result{x.shape, {}};
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const std::int64_t channel = static_cast<std::int64_t>(i) / inner % x.shape[1];
    const std::int64_t row = rows == 1 ? 0 : channel;
    std::int64_t count = 0;
    for (std::int64_t k = 0; k < steps; ++k) {
      if (table.values[static_cast<std::size_t>(row * steps + k)] <= x.values[i]) ++count;
    }
    result.values.push_back(scale * count + bias);
  }
  return result;
}

/// Scale or zero point along `axis` as a tensor that broadcasts with x.
Exact along_axis(const Exact& values, const Exact& x, std::int64_t axis) {
  if (values.values.size() == 1) return {{}, values.values};
  std::vector<std::int64_t> shape(x.shape.size(), 1);
  shape[static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(x.shape.size()) : axis)] =
      static_cast<std::int64_t>(values.values.size());
  return {shape, values.values};
}

Exact zero_like(const Operands& in, std::int64_t axis) {
  return in.has(2) ? along_axis(in[2], in[0], axis) : Exact{{}, {Rational()}};
}

/// The type of the codes is not kept by the interpreter: signed where the zero point's name says int8 is the
/// caller's business, so saturation uses the attribute that the test harness adds ("signed"), 8 bits.
Exact quantize_linear(const Operands& in) {
  const std::int64_t axis = in.integer("axis", 1);
  const CodeRange range = code_range(8, in.integer("signed", 0) != 0, false);
  const Exact scaled =
      broadcast(in[0], along_axis(in[1], in[0], axis),
                [](const Rational& x, const Rational& s) { return (x / s).rounded(Rounding::HalfEven); });
  return broadcast(scaled, zero_like(in, axis),
                   [&](const Rational& q, const Rational& z) { return clamped(q + z, range.lo, range.hi); });
}

Exact dequantize_linear(const Operands& in) {
  const std::int64_t axis = in.integer("axis", 1);
  const Exact centred =
      broadcast(in[0], zero_like(in, axis), [](const Rational& q, const Rational& z) { return q - z; });
  return broadcast(centred, along_axis(in[1], in[0], axis),
                   [](const Rational& q, const Rational& s) { return q * s; });
}

}  // namespace

std::map<std::string, Operator> quantiser_operators() {
  return {{"Quant", int_quant},
          {"IntQuant", int_quant},
          {"BipolarQuant", bipolar_quant},
          {"Trunc", trunc},
          {"MultiThreshold", multi_threshold},
          {"QuantizeLinear", quantize_linear},
          {"DequantizeLinear", dequantize_linear}};
}

}  // namespace bitmason::test
