#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "qat/torch_quantiser_internal.hpp"

namespace bitmason::qat {
namespace {

/// The straight-through surrogate at (x0, s0): rounding is frozen to the offset it has there, so the function
/// is smooth between steps and finite differences apply.
double surrogate(double x, double s, double x0, double s0, double lo, double hi) {
  const double ratio0 = std::clamp(x0 / s0, lo, hi);
  const double offset = std::nearbyint(ratio0) - ratio0;
  return s * (std::clamp(x / s, lo, hi) + offset);
}

struct Gradient {
  double value;
  double to_x;
  double to_scale;
};

Gradient gradient_at(double x0, double s0, double lo, double hi) {
  const auto x = at::full({1}, x0, at::kDouble).set_requires_grad(true);
  const auto s = at::full({1}, s0, at::kDouble).set_requires_grad(true);
  const auto y = quantise(x, s, lo, hi);
  y.sum().backward();
  return {y.item<double>(), x.grad().item<double>(), s.grad().item<double>()};
}

TEST(Quantiser, GradientsEqualFiniteDifferencesOfTheSurrogateAwayFromSteps) {
  constexpr double kStep = 1e-6;
  constexpr double kLo = -7;
  constexpr double kHi = 7;
  for (const double s : {0.1, 0.37, 2.0}) {
    for (double x = -9.03 * s; x < 9.1 * s; x += 0.31 * s) {
      const auto gradient = gradient_at(x, s, kLo, kHi);
      const double by_x =
          (surrogate(x + kStep, s, x, s, kLo, kHi) - surrogate(x - kStep, s, x, s, kLo, kHi)) / (2 * kStep);
      const double by_s =
          (surrogate(x, s + kStep, x, s, kLo, kHi) - surrogate(x, s - kStep, x, s, kLo, kHi)) / (2 * kStep);
      EXPECT_NEAR(gradient.value, surrogate(x, s, x, s, kLo, kHi), 1e-9) << x << " " << s;
      EXPECT_NEAR(gradient.to_x, by_x, 1e-6) << x << " " << s;
      EXPECT_NEAR(gradient.to_scale, by_s, 1e-6) << x << " " << s;
    }
  }
}

TEST(Quantiser, HalvesRoundToEvenAndExtremesClamp) {
  const auto x = at::tensor({0.5, 1.5, 2.5, -0.5, -1.5, 99.0, -99.0}, at::kDouble);
  const auto y = quantise(x, at::ones({1}, at::kDouble), -3, 3);
  EXPECT_TRUE(y.equal(at::tensor({0.0, 2.0, 2.0, 0.0, -2.0, 3.0, -3.0}, at::kDouble))) << y;
}

TEST(Quantiser, ScalePerChannelGathersItsOwnGradients) {
  // Channel 0: 10 / 2 clamps to 3, gradient 3. Channel 1: 5 / 4 = 1.25 rounds to 1, gradient -0.25.
  const auto x = at::tensor({10.0, 5.0}, at::kDouble).reshape({2, 1}).set_requires_grad(true);
  const auto s = at::tensor({2.0, 4.0}, at::kDouble).reshape({2, 1}).set_requires_grad(true);
  quantise(x, s, -3, 3).sum().backward();
  EXPECT_TRUE(s.grad().equal(at::tensor({3.0, -0.25}, at::kDouble).reshape({2, 1}))) << s.grad();
  EXPECT_TRUE(x.grad().equal(at::tensor({0.0, 1.0}, at::kDouble).reshape({2, 1}))) << x.grad();
}

TEST(Quantiser, TheKernelEqualsTheOperatorsOnAHundredThousandFloats) {
  // Doubles take the operators; floats of few digits have equal ratios in both.
  const auto x = at::arange(100003, at::kFloat).sub(50000).div(4096);
  const auto weights = at::arange(100003, at::kFloat).remainder(17).sub(8);
  std::vector<at::Tensor> results;
  for (const auto type : {at::kFloat, at::kDouble}) {
    const auto input = x.detach().to(type, false, true).set_requires_grad(true);
    const auto scale = at::full({1}, 0.75, type).set_requires_grad(true);
    const auto y = quantise(input, scale, -7, 7);
    (y * weights.to(type)).sum().backward();
    for (const auto& tensor : {y.detach(), input.grad(), scale.grad()})
      results.push_back(tensor.to(at::kDouble));
  }
  EXPECT_TRUE(results[0].equal(results[3])) << "values";
  EXPECT_TRUE(results[1].equal(results[4])) << "gradients to x";
  EXPECT_NEAR(results[2].item<double>(), results[5].item<double>(), 1);
}

TEST(Quantiser, BipolarGradientsStopBeyondTheScale) {
  const auto x = at::tensor({-1.5, -0.5, 0.0, 0.5}, at::kDouble).set_requires_grad(true);
  const auto s = at::full({1}, 0.75, at::kDouble).set_requires_grad(true);
  const auto y = bipolar(x, s);
  (y * at::tensor({1.0, 2.0, 3.0, 4.0}, at::kDouble)).sum().backward();
  EXPECT_TRUE(y.equal(at::tensor({-0.75, -0.75, 0.75, 0.75}, at::kDouble))) << y;
  EXPECT_TRUE(x.grad().equal(at::tensor({0.0, 2.0, 3.0, 4.0}, at::kDouble))) << x.grad();
  EXPECT_EQ(s.grad().item<double>(), -1 - 2 + 3 + 4);
}

TEST(Quantiser, TheStepOfActivationsHasItsGradientScaledByOneFrame) {
  // Two frames of four elements, 3 unsigned bits: 1 / sqrt(4 * 7). Each 10 / 1 clamps to 7.
  const auto x = at::full({2, 4}, 10.0, at::kDouble);
  const auto s = at::ones({1}, at::kDouble).set_requires_grad(true);
  learned_step(graph::Quantise{.bits = 3})(x, s).sum().backward();
  EXPECT_NEAR(s.grad().item<double>(), 8 * 7 / std::sqrt(28.0), 1e-12);
}

TEST(Quantiser, TheStepOfWeightsPerChannelHasItsGradientScaledByItsChannel) {
  // Three weights of one channel, narrow 2 bits: 1 / sqrt(3 * 1). 5 / 2 clamps to 1.
  const auto w = at::full({2, 3}, 5.0, at::kDouble);
  const auto s = at::full({2, 1}, 2.0, at::kDouble).set_requires_grad(true);
  learned_step(graph::WeightQuantiser{.bits = 2}, false)(w, s).sum().backward();
  EXPECT_NEAR(s.grad()[0].item<double>(), 3 / std::sqrt(3.0), 1e-12);
}

TEST(Quantiser, StepsStartAtTwiceTheMeanOverTheRootOfTheLargestCode) {
  const auto x = at::tensor({1.0F, -3.0F, 2.0F, 2.0F}).reshape({2, 2});
  EXPECT_FLOAT_EQ(initial_step(x, IntRange::unsigned_bits(4), false).item<float>(),
                  static_cast<float>(2 * 2 / std::sqrt(15.0)));
  EXPECT_EQ(initial_step(x, IntRange::narrow_bits(3), true).sizes(), (std::vector<std::int64_t>{2, 1}));
}

TEST(Quantiser, ThreeIsNearestToFourInItsLogarithm) {
  EXPECT_EQ(nearest_power_of_two(at::tensor({3.0F, 0.3F})).sum().item<float>(), 4.25F);
}

}  // namespace
}  // namespace bitmason::qat
