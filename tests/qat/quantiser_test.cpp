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

TEST(Quantiser, ReluOfTwoBitsAndScaleAQuarter) {
  const auto x = at::tensor({-1.0, 0.2, 0.4, 0.9}, at::kDouble).set_requires_grad(true);
  const auto y = quantised_relu(x, 0.25, 3);
  y.sum().backward();
  EXPECT_TRUE(y.equal(at::tensor({0.0, 0.25, 0.5, 0.75}, at::kDouble))) << y;
  EXPECT_TRUE(x.grad().equal(at::tensor({0.0, 1.0, 1.0, 0.0}, at::kDouble))) << x.grad();
}

}  // namespace
}  // namespace bitmason::qat
