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

TEST_P(Primitive, EveryPackingOfTheFrontsIsExactInTheModel) {
  int exhaustive = 0;
  int sampled = 0;
  for (const int kernel : {1, 3, 5}) {
    for (const PackingProblem& p : problems(GetParam(), kernel)) {
      for (const Family family : {Family::OuterProduct, Family::Convolution}) {
        if (kernel > 1 && family == Family::OuterProduct) continue;
        for (const Packing& packing : solve_front(p, family)) {
          ASSERT_EQ(messages(verify(packing)), "") << to_text(packing);
          ASSERT_TRUE(exact_on_corners(packing)) << to_text(packing) << "\n" << draw(packing);
          if (combinations(packing) <= 1 << 17) {
            ASSERT_TRUE(exact_on_all_operands(packing)) << to_text(packing) << "\n" << draw(packing);
            ++exhaustive;
          } else {
            ASSERT_TRUE(exact_on_random(packing, 20, 1)) << to_text(packing) << "\n" << draw(packing);
            ++sampled;
          }
        }
      }
    }
  }
  EXPECT_GT(exhaustive + sampled, 100);
}

INSTANTIATE_TEST_SUITE_P(All, Primitive, testing::Values(kDsp48e2, kDsp48e1, kMult18, kMac16),
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

/// The packing with every gap of one operand above operand `from` shrunk by a bit (all gaps for a
/// convolution, whose fields need the common spacing), fields derived afresh.
Packing shrunk(const Packing& packing, bool weights, std::size_t from) {
  Layout layout = layout_of(packing);
  if (packing.family == Family::Convolution) {
    for (auto* offsets : {&layout.weight_offsets, &layout.activation_offsets}) {
      for (std::size_t i = 0; i < offsets->size(); ++i) (*offsets)[i] -= static_cast<int>(i);
    }
  } else {
    auto& offsets = weights ? layout.weight_offsets : layout.activation_offsets;
    for (std::size_t i = from; i < offsets.size(); ++i) --offsets[i];
  }
  return assemble(problem_of(packing), layout, packing.accumulations);
}

/// The packing as solved, whose gaps are tight, and with a third of its accumulations, which leaves slack.
std::vector<Packing> with_and_without_slack(const Packing& packing) {
  return {packing, assemble(problem_of(packing), layout_of(packing), (packing.accumulations + 2) / 3)};
}

TEST(Mutation, AGapShrunkByABitIsProvedOrTheModelFindsAWrongSum) {
  int proved = 0;
  int refuted = 0;
  int merged = 0;
  const auto judge = [&](const Packing& mutant) {
    if (mutant.weight_offsets.size() > 1 && mutant.weight_offsets[1] == 0) return;
    if (mutant.activation_offsets.size() > 1 && mutant.activation_offsets[1] == 0) return;
    if (verify(mutant).ok()) {
      ++proved;
      EXPECT_TRUE(exact_on_corners(mutant) && exact_on_random(mutant, 5, 2)) << draw(mutant);
    } else if (mutant.fields.size() < static_cast<std::size_t>(mutant.density()) &&
               mutant.family == Family::OuterProduct) {
      ++merged;  // two products share a field: neither can be told apart, whatever the sums are
    } else {
      ++refuted;
      EXPECT_FALSE(exact_on_corners(mutant)) << to_text(mutant) << "\n"
                                             << draw(mutant) << messages(verify(mutant));
    }
  };
  for (const PackingProblem& p : problems(kDsp48e2, 3)) {
    for (const Packing& packing : solve_front(p, Family::Convolution)) {
      if (packing.fields.size() == 1 || packing.accumulations > 4096) continue;
      for (const Packing& original : with_and_without_slack(packing)) judge(shrunk(original, true, 1));
    }
    for (const Packing& packing : solve_front(p, Family::OuterProduct)) {
      if (packing.accumulations > 4096) continue;
      for (const Packing& original : with_and_without_slack(packing)) {
        for (std::size_t i = 1; i < original.weight_offsets.size(); ++i) judge(shrunk(original, true, i));
        for (std::size_t j = 1; j < original.activation_offsets.size(); ++j)
          judge(shrunk(original, false, j));
      }
    }
  }
  std::printf("%d shrunk packings still proved, %d refuted by a wrong sum, %d with merged products\n", proved,
              refuted, merged);
  EXPECT_GT(proved, 100);
  EXPECT_GT(refuted, 200);
}

}  // namespace
}  // namespace bitmason::pack::test
