#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

using testing::ElementsAre;

TEST(Solve, KernelRowOf3W4A4IsSixMacsWithFourAccumulationsOnDsp48e2) {
  // By hand: D = 2 * 7 * 15 = 210, m = 2; 2^11 - 1 = 2047 = 4 * 2 * 210 + 367, so n = 4 at spacing 11.
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 11, 22));
  EXPECT_THAT(packing->activation_offsets, ElementsAre(0, 11));
  EXPECT_TRUE(packing->weights_on_wide_port);
  EXPECT_EQ(packing->accumulations, 4);
  EXPECT_EQ(packing->density(), 6);
  ASSERT_EQ(packing->fields.size(), 4u);
  // Widths by hand: 4 * 210 = 840 needs 10 bits, 4 * 2 * 210 = 1680 needs 11.
  EXPECT_EQ(packing->fields[0].width, 10);
  EXPECT_EQ(packing->fields[1].width, 11);
  EXPECT_EQ(packing->fields[2].width, 11);
  EXPECT_EQ(packing->fields[3].width, 10);
  // Bias by hand: product minimum -105, so 420 for one product and 840 for two.
  EXPECT_EQ(packing->field_bias(0), 420);
  EXPECT_EQ(packing->field_bias(1), 840);
  EXPECT_EQ(packing->bias, 420 + (840ll << 11) + (840ll << 22) + (420ll << 33));
  EXPECT_EQ(messages(verify(*packing)), "");
  EXPECT_EQ(to_text(*packing), "3 taps x 2 pixels, 6 MAC, 4 fields, n = 4");
}

TEST(Solve, ConvolutionTermsOfField1AreTheTapsAndPixelsThatSumTo1) {
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 1);
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->fields[1].terms, ElementsAre(std::pair(0, 1), std::pair(1, 0)));
}

TEST(Solve, FiveAccumulationsOfThatKernelRowNeedSpacing12AndNoPortHoldsIt) {
  EXPECT_FALSE(solve(problem(4, 4, 3), Family::Convolution, 3, 2, 5));
}

TEST(Solve, OuterProductW4A4Of2x2HoldsNineAccumulations) {
  // By hand: 2^11 - 1 = 2047 = 9 * 210 + 157; spacing 12 puts the second weight at 24: 7 * 2^24 > 2^26 - 1.
  const auto packing = solve(problem(4, 4), Family::OuterProduct, 2, 2, 9);
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->fields.size(), 4u);
  EXPECT_GE(packing->accumulations, 9);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(Solve, OuterProductW4A4Of3x2FitsWithCentredActivationsOnly) {
  // By hand: unsigned activations have D = 210, spacing 8: one operand is 24 bits up and 15 * 2^24 > 2^26
  // - 1.
  EXPECT_FALSE(solve(problem(4, 4), Family::OuterProduct, 3, 2, 1));
  EXPECT_FALSE(solve(problem(4, 4), Family::OuterProduct, 2, 3, 1));
  // Centred to [-8, 7], products are [-56, 56], D = 112, spacing 7: weights 0, 7, 14 (7 * 2^14 + ... < 2^17)
  // on the narrow port beside activations 0, 21 on the wide one.
  PackingProblem centred = problem(4, 4);
  centred.activation = {-8, 7};
  const auto packing = solve(centred, Family::OuterProduct, 3, 2, 1);
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 7, 14));
  EXPECT_THAT(packing->activation_offsets, ElementsAre(0, 21));
  EXPECT_FALSE(packing->weights_on_wide_port);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(Solve, W8A8HoldsTwoProductsInADspAndSevenWithFullRangeAsInTheVendorsNote) {
  // The vendor's INT8 note: two 8x8 products share an operand, 7 accumulations with 18-bit spacing, full
  // ranges signed.
  const PackingProblem full{.ports = kDsp48e2,
                            .weight = IntRange::signed_bits(8),
                            .activation = IntRange::signed_bits(8),
                            .max_weights = 2,
                            .max_activations = 1};
  const auto packing = solve(full, Family::OuterProduct, 2, 1, 7);
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 18));
  // 2^18 - 1 = 262143 = 8 * 32640 + 1023: the exact product range gives one accumulation more.
  EXPECT_EQ(packing->accumulations, 8);
}

TEST(Solve, OneBitOperandsNest5By4By2For40ProductsInADsp48e2) {
  const auto packing = solve(problem(1, 1), Family::OuterProduct, 10, 4, 1);
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->density(), 40);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(Solve, PutsWeightsOnTheNarrowPortWhereOnlyThatFits) {
  // w2a8: one weight beside three pixels of 8 bits at spacing 10 needs 255 * (1 + 2^10 + ...) on the wide
  // port.
  const auto packing = solve(problem(2, 8), Family::OuterProduct, 1, 2, 20);
  ASSERT_TRUE(packing);
  EXPECT_FALSE(packing->weights_on_wide_port);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(Solve, RefusesAPartialKernelRowAndMoreOperandsThanTheProblemAllows) {
  EXPECT_FALSE(solve(problem(2, 2, 3), Family::Convolution, 2, 2, 1));
  PackingProblem small = problem(2, 2);
  small.max_weights = 1;
  EXPECT_FALSE(solve(small, Family::OuterProduct, 2, 1, 1));
  EXPECT_FALSE(solve(small, Family::OuterProduct, 0, 1, 1));
  EXPECT_FALSE(solve(small, Family::OuterProduct, 1, 1, 0));
}

TEST(Solve, RefusesEmptyRangesHugeRangesAndImpossiblePorts) {
  PackingProblem bad = problem(4, 4);
  bad.weight = {3, 2};
  EXPECT_FALSE(solve(bad, Family::OuterProduct, 1, 1, 1));
  bad.weight = {0, std::int64_t{1} << 40};
  EXPECT_FALSE(solve(bad, Family::OuterProduct, 1, 1, 1));
  bad.weight = {-(std::int64_t{1} << 30), 0};
  EXPECT_FALSE(solve(bad, Family::OuterProduct, 1, 1, 1));
  bad = problem(4, 4);
  bad.ports.narrow_bits = 1;
  EXPECT_FALSE(solve(bad, Family::OuterProduct, 1, 1, 1));
  EXPECT_FALSE(solve_densest(bad, {}));
}

TEST(Solve, WeightsThatAreAllZeroNeedNoGuardBits) {
  PackingProblem zero = problem(4, 4);
  zero.weight = {0, 0};
  const auto packing = solve(zero, Family::OuterProduct, 2, 1, 1000);
  ASSERT_TRUE(packing);
  EXPECT_EQ(messages(verify(*packing)), "");
  EXPECT_TRUE(exact_on_corners(*packing));
}

TEST(SolveOverlapping, KernelRowOf3W4A4IsTwelveMacsUnderC3OnDsp48e2) {
  // By hand: D = 7 * 15 * 2 = 210, up to three products a field. At spacing 7 a step moves at most
  // (127 + 630 + 5) / 128 = 5 carries, which take 3 bits; 4 pixels reach 21 + 4 = 25 of 26 unsigned bits.
  const PackingProblem narrow = problem(4, 4, 3);
  EXPECT_FALSE(solve_overlapping(narrow, Family::Convolution, 3, 4, {Rule::Canary, 2, 1}));
  const auto packing = solve_overlapping(narrow, Family::Convolution, 3, 4, {Rule::Canary, 3, 1});
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 7, 14));
  EXPECT_THAT(packing->activation_offsets, ElementsAre(0, 7, 14, 21));
  EXPECT_FALSE(packing->weights_on_wide_port);
  EXPECT_EQ(packing->density(), 12);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(SolveOverlapping, KernelRowOf3W4A8IsReadInEveryStepWithThreeResidueBits) {
  // By hand: D = 7 * 255 * 2 = 3570 < 2^12, so gaps of 9 and 3 residue bits; guard bits would need 24 + 4
  // bits.
  const PackingProblem bytes = problem(4, 8, 3);
  EXPECT_FALSE(solve(bytes, Family::Convolution, 3, 1, 1));
  const auto packing = solve_overlapping(bytes, Family::Convolution, 3, 1, {Rule::GuardBits, 3, 1});
  ASSERT_TRUE(packing);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 9, 18));
  EXPECT_EQ(packing->fields[0].width, 12);
  EXPECT_EQ(messages(verify(*packing)), "");
}

TEST(SolveOverlapping, RefusesWhatIsNoProblem) {
  EXPECT_FALSE(solve_overlapping(problem(4, 4, 3), Family::Convolution, 3, 4, {Rule::Canary, 0, 1}));
  EXPECT_FALSE(solve_overlapping(problem(4, 4, 3), Family::Convolution, 2, 4, {Rule::Canary, 3, 1}));
  EXPECT_FALSE(solve_overlapping(problem(4, 4), Family::OuterProduct, 0, 1, {Rule::Canary, 1, 1}));
}

}  // namespace
}  // namespace bitmason::pack::test
