#include "support/float_quantisers.hpp"

#include <gtest/gtest.h>

#include "support/graph_writer.hpp"

/// The bound that the operator tests rely on, by hand.
namespace bitmason::test {
namespace {

TEST(FloatQuantisers, BoundOfAProductOfTwoPairsIsTheHandCalculation) {
  GraphWriter g("net");
  const std::string x = g.input("x", {1, 2});
  const std::string w = g.constant({2, 1}, {254, 31});
  const onnxio::Model model = [&] {
    const std::string y = g.node("MatMul", {x, w});
    return std::move(g).finish(y, {1, 1});
  }();
  const ExactValues inputs{{"x", {{1, 2}, {Rational(127), Rational(121, 4)}}}};
  const QuantisedGraph quantised = quantise_graph(model, inputs);
  // Steps: 127 / 127 = 1 for x and 254 / 127 = 2 for w.
  EXPECT_EQ(quantised.half_steps.at("x"), Rational(1, 2));
  EXPECT_EQ(quantised.half_steps.at(w), Rational(1));
  const ExactValues values = interpret(quantised.model, inputs);
  const std::string& y = model.outputs.front().name;
  // 30.25 becomes 30, and 31 (15.5 steps, a tie) becomes 32: 127 * 254 + 30 * 32.
  EXPECT_EQ(values.at(y).values, std::vector<Rational>{Rational(33218)});
  // 127.5 * 255 + 30.5 * 33 = 33519, 301 more; and three float32 roundings of that.
  const Rational rounding = Rational(33519) * Rational(3, 1 << 24);
  EXPECT_EQ(error_bounds(model, quantised, values).at(y).values,
            std::vector<Rational>{Rational(301) + rounding});
}

TEST(FloatQuantisers, ActivationsAndMaximaKeepHalfAStep) {
  GraphWriter g("net");
  const std::string x = g.input("x", {1, 1, 2, 2});
  const std::string pooled =
      g.node("MaxPool", {g.node("Relu", {x})}, {{"kernel_shape", std::vector<std::int64_t>{2, 2}}});
  const onnxio::Model model = std::move(g).finish(pooled, {1, 1, 1, 1});
  const ExactValues inputs{{"x", {{1, 1, 2, 2}, {Rational(254), Rational(-3), Rational(0), Rational(7)}}}};
  const QuantisedGraph quantised = quantise_graph(model, inputs);
  const ExactValues values = interpret(quantised.model, inputs);
  EXPECT_EQ(error_bounds(model, quantised, values).at(pooled).values, std::vector<Rational>{Rational(1)});
}

}  // namespace
}  // namespace bitmason::test
