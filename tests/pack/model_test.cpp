#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

/// A problem for each kind of range, widths 1 to 4 and a few of 8.
std::vector<PackingProblem> problems(const MultiplierPorts& ports, int kernel) {
  std::vector<PackingProblem> result;
  for (int w : {1, 2, 3, 4, 8}) {
    for (int a : {1, 2, 3, 4, 8}) {
      PackingProblem p = problem(w, a, kernel, ports);
      result.push_back(p);
      if (w > 1) p.weight = IntRange::signed_bits(w);
      if (a > 1) p.activation = IntRange::signed_bits(a);
      result.push_back(p);
    }
  }
  PackingProblem odd = problem(4, 4, kernel, ports);
  odd.weight = {-3, 5};
  odd.activation = {0, 9};
  result.push_back(odd);
  odd.weight = {1, 6};
  result.push_back(odd);
  odd.weight = {-6, -2};
  result.push_back(odd);
  return result;
}

class Primitive : public testing::TestWithParam<MultiplierPorts> {};

TEST_P(Primitive, TheDensestPackingUnderEveryRuleIsExactInTheModel) {
  int exhaustive = 0;
  int sampled = 0;
  for (const int kernel : {1, 3, 5}) {
    for (const PackingProblem& p : problems(GetParam(), kernel)) {
      for (const Conditions& conditions : every_rule()) {
        const auto packing = solve_densest(p, conditions);
        if (!packing) continue;
        ASSERT_EQ(messages(verify(*packing)), "") << to_text(*packing);
        ASSERT_TRUE(exact_on_corners(*packing)) << to_text(*packing) << "\n" << draw(*packing);
        if (combinations(*packing) <= 1 << 12) {
          ASSERT_TRUE(exact_on_all_operands(*packing)) << to_text(*packing) << "\n" << draw(*packing);
          ++exhaustive;
        } else {
          ASSERT_TRUE(exact_on_random(*packing, 4, 1)) << to_text(*packing) << "\n" << draw(*packing);
          ++sampled;
        }
      }
    }
  }
  std::printf("%d packings tried on all operands, %d on extremes and random ones\n", exhaustive, sampled);
  EXPECT_GT(exhaustive, 100);
  EXPECT_GT(sampled, 1000);
}

INSTANTIATE_TEST_SUITE_P(All, Primitive, testing::Values(kDsp48e2, kDsp48e1, kMult18, kMac16, kDsp58),
                         [](const auto& case_) {
                           return std::to_string(case_.param.wide_bits) + "x" +
                                  std::to_string(case_.param.narrow_bits) + "to" +
                                  std::to_string(case_.param.accumulator_bits);
                         });

TEST(Model, ConvolutionW4A4Of3TapsAnd2PixelsIsExactOnAll864000Operands) {
  // 15^3 * 16^2 operand combinations.
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  ASSERT_TRUE(packing);
  EXPECT_EQ(combinations(*packing), 864000);
  EXPECT_TRUE(exact_on_all_operands(*packing));
}

TEST(Model, W2A2KernelRowOf3With5PixelsIsExactOnAll27648Operands) {
  // D = 1 * 2 * 3 = 6, m = 3: 18 < 2^5; the widest is 27 * 4^5 combinations.
  const auto packing = solve(problem(2, 2, 3), Family::Convolution, 3, 5, 1);
  ASSERT_TRUE(packing);
  EXPECT_EQ(combinations(*packing), 27 * 1024);
  EXPECT_TRUE(exact_on_all_operands(*packing));
}

TEST(Model, SeesThePublishedPortOverflowOfW2A2With3TapsAnd6PixelsAtSpacing5) {
  // A published table promises 18 products here; weights (1, 1, 1) and activations (0, 0, 0, 0, 0, 3)
  // overflow the 27-bit port's two's complement range: 3 * 2^25 > 2^26 - 1, so the last three sums come back
  // wrong.
  const Packing packing = assemble(problem(2, 2),
                                   {.family = Family::Convolution,
                                    .weight_offsets = {0, 5, 10},
                                    .activation_offsets = {0, 5, 10, 15, 20, 25},
                                    .weights_on_wide_port = false},
                                   1);
  MultiplierModel model(packing);
  const Step step{{1, 1, 1}, {0, 0, 0, 0, 0, 3}};
  model.multiply(step.weights, step.activations);
  const auto wrong = model.read();
  const auto right = plain_sums(packing, {step});
  EXPECT_EQ(std::vector<std::int64_t>(right.end() - 3, right.end()), (std::vector<std::int64_t>{3, 3, 3}));
  EXPECT_NE(wrong, right);
  EXPECT_FALSE(verify(packing).ok());
}

TEST(Model, ReadsPartialAccumulationsWithTheFullBias) {
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  ASSERT_TRUE(packing);
  MultiplierModel model(*packing);
  EXPECT_EQ(model.read(), (std::vector<std::int64_t>{0, 0, 0, 0}));
  model.multiply(std::vector<std::int64_t>{-7, 3, 5}, std::vector<std::int64_t>{15, 2});
  // By hand: -7 * 15; 3 * 15 - 7 * 2; 5 * 15 + 3 * 2; 5 * 2.
  EXPECT_EQ(model.read(), (std::vector<std::int64_t>{-105, 31, 81, 10}));
}

}  // namespace
}  // namespace bitmason::pack::test
