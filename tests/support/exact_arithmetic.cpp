#include <algorithm>

#include "support/exact_operators.hpp"

namespace bitmason::test {

namespace {

Exact matmul(const Exact& a, const Exact& b) {
  // Leading dimensions of a are rows; b is a matrix.
  const std::int64_t inner = a.shape.back();
  const std::int64_t columns = b.shape.back();
  const std::int64_t row_count = element_count(a.shape) / inner;
  std::vector<std::int64_t> shape = a.shape;
  shape.back() = columns;
  Exact result{shape, {}};
  for (std::int64_t r = 0; r < row_count; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      Rational sum;
      for (std::int64_t k = 0; k < inner; ++k) {
        sum += a.values[static_cast<std::size_t>(r * inner + k)] *
               b.values[static_cast<std::size_t>(k * columns + c)];
      }
      result.values.push_back(sum);
    }
  }
  return result;
}

Exact transposed(const Exact& a) {
  return gathered(a, {a.shape[1], a.shape[0]}, [&](const auto& p) { return p[1] * a.shape[1] + p[0]; });
}

Exact gemm(const Operands& in) {
  const Exact a = in.integer("transA", 0) != 0 ? transposed(in[0]) : in[0];
  const Exact b = in.integer("transB", 0) != 0 ? transposed(in[1]) : in[1];
  const Rational alpha = Rational::from_double(in.real("alpha", 1));
  const Rational beta = Rational::from_double(in.real("beta", 1));
  const Exact product = map(matmul(a, b), [&](const Rational& x) { return x * alpha; });
  if (!in.has(2)) return product;
  return broadcast(product, in[2], [&](const Rational& x, const Rational& c) { return x + beta * c; });
}

/// (C) values as (1, C, 1, ...) of the given rank.
Exact per_channel(const Exact& values, std::size_t rank) {
  std::vector<std::int64_t> shape(rank, 1);
  shape[rank > 1 ? 1 : 0] = element_count(values.shape);
  return {shape, values.values};
}

Exact batch_normalization(const Operands& in) {
  const std::size_t rank = in[0].shape.size();
  const Rational epsilon =
      Rational::from_double(static_cast<double>(static_cast<float>(in.real("epsilon", 1e-5))));
  Exact gain = in[1];
  for (std::size_t c = 0; c < gain.values.size(); ++c)
    gain.values[c] /= (in[4].values[c] + epsilon).square_root();
  Exact offset = in[2];
  for (std::size_t c = 0; c < offset.values.size(); ++c) offset.values[c] -= gain.values[c] * in[3].values[c];
  const Exact scaled =
      broadcast(in[0], per_channel(gain, rank), [](const Rational& x, const Rational& g) { return x * g; });
  return broadcast(scaled, per_channel(offset, rank),
                   [](const Rational& x, const Rational& o) { return x + o; });
}

Exact clip(const Operands& in) {
  const bool by_attribute = in.node.attributes.contains("min") || in.node.attributes.contains("max");
  const auto bound = [&](std::size_t index, const char* name) -> std::optional<Rational> {
    if (by_attribute) {
      if (!in.node.attributes.contains(name)) return std::nullopt;
      return Rational::from_double(in.real(name, 0));
    }
    return in.has(index) ? std::optional(in[index].values.front()) : std::nullopt;
  };
  const auto lo = bound(1, "min");
  const auto hi = bound(2, "max");
  return map(in[0], [&](Rational x) {
    if (lo && x < *lo) x = *lo;
    if (hi && x > *hi) x = *hi;
    return x;
  });
}

Rational power(const Rational& base, const Rational& exponent) {
  if (exponent == Rational(1, 2)) return base.square_root();
  Rational result = 1;
  for (std::int64_t i = 0; i < to_integer(exponent); ++i) result *= base;
  return result;
}

}  // namespace

std::map<std::string, Operator> arithmetic_operators() {
  const auto binary = [](auto f) {
    return [f](const Operands& in) {
      return broadcast(in[0], in[1], [&](const Rational& a, const Rational& b) { return f(a, b); });
    };
  };
  const auto unary = [](auto f) {
    return [f](const Operands& in) { return map(in[0], [&](const Rational& a) { return f(a); }); };
  };
  std::map<std::string, Operator> table;
  table["Add"] = binary([](const Rational& a, const Rational& b) { return a + b; });
  table["Sub"] = binary([](const Rational& a, const Rational& b) { return a - b; });
  table["Mul"] = binary([](const Rational& a, const Rational& b) { return a * b; });
  table["Div"] = binary([](const Rational& a, const Rational& b) { return a / b; });
  table["Pow"] = binary(power);
  table["Neg"] = unary([](const Rational& a) { return -a; });
  table["Relu"] = unary([](const Rational& a) { return a.sign() < 0 ? Rational() : a; });
  table["Sqrt"] = unary([](const Rational& a) { return a.square_root(); });
  table["Identity"] = [](const Operands& in) { return in[0]; };
  table["Dropout"] = table["Identity"];
  table["Cast"] = table["Identity"];
  table["MatMul"] = [](const Operands& in) { return matmul(in[0], in[1]); };
  table["Gemm"] = gemm;
  table["BatchNormalization"] = batch_normalization;
  table["Clip"] = clip;
  return table;
}

}  // namespace bitmason::test
