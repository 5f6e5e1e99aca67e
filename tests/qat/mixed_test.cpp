#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "qat/torch_mixed_internal.hpp"

namespace bitmason::qat {
namespace {

const std::vector<IntRange> kRanges{{0, 3}, {0, 15}, {-7, 7}, {0, 255}};

struct Passed {
  at::Tensor y, to_x, to_steps, to_weights;
};

/// Forward and backward of the mixture by every element's own gradient.
Passed pass(const at::Tensor& x, const at::Tensor& steps, const at::Tensor& weights,
            const at::Tensor& gradient, at::ScalarType type) {
  const auto leaf = [&](const at::Tensor& tensor) {
    return tensor.detach().to(type, false, true).set_requires_grad(true);
  };
  const auto a = leaf(x);
  const auto s = leaf(steps);
  const auto w = leaf(weights);
  const auto y = mixed(a, s, w, kRanges);
  (y * gradient.to(type)).sum().backward();
  return {y.detach().to(at::kDouble), a.grad().to(at::kDouble), s.grad().to(at::kDouble),
          w.grad().to(at::kDouble)};
}

/// Floats of few digits: their ratios to steps that are powers of two are the same in float and double.
struct Case {
  at::Tensor x = at::arange(100003, at::kFloat).sub(50000).div(4096);
  at::Tensor steps = at::tensor({1.0F, 0.25F, 0.5F, 0.0625F});
  at::Tensor weights = at::tensor({0.125F, 0.5F, 0.25F, 0.125F});
  at::Tensor gradient = at::arange(100003, at::kFloat).remainder(17).sub(8);
};

TEST(Mixed, TheKernelEqualsTheOperatorsOnAHundredThousandFloats) {
  const Case test;
  const Passed fused = pass(test.x, test.steps, test.weights, test.gradient, at::kFloat);
  const Passed operators = pass(test.x, test.steps, test.weights, test.gradient, at::kDouble);
  EXPECT_TRUE(fused.y.equal(operators.y));
  EXPECT_TRUE(fused.to_x.equal(operators.to_x));
  // Sums of a hundred thousand products in single precision.
  EXPECT_TRUE(fused.to_steps.allclose(operators.to_steps, 1e-4, 1e-2))
      << fused.to_steps << operators.to_steps;
  EXPECT_TRUE(fused.to_weights.allclose(operators.to_weights, 1e-4, 1e-2))
      << fused.to_weights << operators.to_weights;
}

TEST(Mixed, TheKernelDoesNotDependOnTheNumberOfThreads) {
  const Case test;
  const int before = at::get_num_threads();
  std::vector<Passed> results;
  for (const int threads : {1, 2}) {
    at::set_num_threads(threads);
    results.push_back(pass(test.x, test.steps, test.weights, test.gradient, at::kFloat));
  }
  at::set_num_threads(before);
  EXPECT_TRUE(results[0].y.equal(results[1].y));
  EXPECT_TRUE(results[0].to_x.equal(results[1].to_x));
  EXPECT_TRUE(results[0].to_steps.equal(results[1].to_steps));
  EXPECT_TRUE(results[0].to_weights.equal(results[1].to_weights));
}

TEST(Mixed, AWidthOfAllTheWeightIsTheQuantiserAlone) {
  // 2.6 / 0.5 = 5.2 rounds to 5; 99 clamps to 15 codes; -1 clamps to 0.
  const auto x = at::tensor({2.6F, 99.0F, -1.0F}).set_requires_grad(true);
  const auto steps = at::tensor({1.0F, 0.5F, 1.0F, 1.0F}).set_requires_grad(true);
  const auto weights = at::tensor({0.0F, 1.0F, 0.0F, 0.0F}).set_requires_grad(true);
  const auto y = mixed(x, steps, weights, kRanges);
  EXPECT_TRUE(y.equal(at::tensor({2.5F, 7.5F, 0.0F}))) << y;
  y.sum().backward();
  EXPECT_TRUE(x.grad().equal(at::tensor({1.0F, 0.0F, 0.0F}))) << x.grad();
  // 5 - 5.2, 15 and 0; the other widths have no weight.
  EXPECT_TRUE(steps.grad().allclose(at::tensor({0.0F, 14.8F, 0.0F, 0.0F}))) << steps.grad();
  // By 2 bits 3 + 3 + 0, by 4 bits 2.5 + 7.5, by signed 4 bits 3 + 7 - 1, by 8 bits 3 + 99.
  EXPECT_TRUE(weights.grad().allclose(at::tensor({6.0F, 10.0F, 9.0F, 102.0F}))) << weights.grad();
}

TEST(Mixed, AnythingButFloatsTakesTheOperators) {
  const auto x = at::tensor({0.3, 1.4}, at::kDouble);
  const auto y = mixed(x, at::ones({4}, at::kDouble), at::full({4}, 0.25, at::kDouble), kRanges);
  EXPECT_TRUE(y.equal(at::tensor({0.0, 1.0}, at::kDouble))) << y;
}

}  // namespace
}  // namespace bitmason::qat
