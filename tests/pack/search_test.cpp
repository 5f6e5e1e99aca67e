#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

using testing::ElementsAre;

PackingProblem centred(int w, int a, int kernel = 1, MultiplierPorts ports = kDsp48e2) {
  PackingProblem p = problem(w, a, kernel, ports);
  p.activation = IntRange::signed_bits(a);
  return p;
}

TEST(Search, KernelRowOf3W4A4WithTwoCanaryBitsIsTwelveMacsOnSevenBitFields) {
  // The gap is 7: carries out of the fields are at most (127 + 112) / 128 = 1, (127 + 224 + 1) / 128 = 2,
  // (127 + 336 + 2) / 128 = 3, 3, 2, so two residue bits tell them apart.
  const auto packing = solve_densest(centred(4, 4, 3), {.rule = Rule::Canary, .side_bits = 2});
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->density(), 12);
  EXPECT_THAT(packing->weight_offsets, ElementsAre(0, 7, 14));
  EXPECT_THAT(packing->activation_offsets, ElementsAre(0, 7, 14, 21));
  EXPECT_FALSE(packing->weights_on_wide_port);
  EXPECT_EQ(messages(verify(*packing)), "");
  // The top field's 13 bits wrap, which its highest bit tells: 115 < 2^12.
  EXPECT_EQ(packing->accumulations, 1 << 30);
  // Longer than the 576 products of a 3x3 kernel over 64 channels.
  EXPECT_TRUE(exact_on_random(*packing, 40, 7));
  MultiplierModel model(*packing);
  const Step step{{-7, -7, -7}, {-8, -8, -8, -8}};
  EXPECT_TRUE(model_agrees(model, *packing, std::vector<Step>(5000, step)));
}

TEST(Search, UnsignedActivationsNeedAThirdCanaryBitForTheTwelve) {
  // D = 210: (127 + 3 * 210 + 5) / 128 = 5 > 3.
  const auto two = solve_densest(problem(4, 4, 3), {.rule = Rule::Canary, .side_bits = 2});
  ASSERT_TRUE(two);
  EXPECT_LT(two->density(), 12);
}

TEST(Search, WithoutAConstantPerCycleTheTwelveNeedMoreThanTwoBits) {
  MultiplierPorts ports = kDsp48e2;
  ports.cycle_constant = false;
  // Carries then reach from floor(-168 / 128 ...) = -2 to (127 + 168 + 1) / 128 = 2: five values.
  const auto packing = solve_densest(centred(4, 4, 3, ports), {.rule = Rule::Canary, .side_bits = 2});
  ASSERT_TRUE(packing);
  EXPECT_EQ(messages(verify(*packing)), "");
  EXPECT_TRUE(exact_on_random(*packing, 20, 5)) << to_text(*packing);
}

TEST(Search, OneParityBitIsEnoughForSixOuterProductsW4A4) {
  const auto packing = solve_densest(centred(4, 4), {.rule = Rule::Canary, .side_bits = 1});
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->density(), 6);
}

TEST(Search, TwelveMagnitudeProductsW4A4UseTheSignBitOfThePort) {
  // Products of magnitudes reach 7 * 8 = 56 < 2^6: three residue bits leave a gap of 3. Six 3-bit magnitudes
  // (or three and four of them) take 18 bits of the narrow port, its sign bit included.
  const auto packing = solve_densest(centred(4, 4), {.coding = Coding::SignMagnitude, .side_bits = 3});
  ASSERT_TRUE(packing);
  EXPECT_EQ(packing->density(), 12);
  EXPECT_EQ(packing->accumulations, 1);
  EXPECT_EQ(messages(verify(*packing)), "");
  EXPECT_TRUE(exact_on_random(*packing, 2000, 3)) << draw(*packing);
}

TEST(Search, HybridStacksTwoChannelsOfAKernelRowOfOneBitOperands) {
  // 6 weights by 17 pixels: two rows of three taps, 17 adjacent pixels, gap 1.
  const auto packing = solve_densest(problem(1, 1, 3), {.rule = Rule::Canary, .side_bits = 2});
  ASSERT_TRUE(packing);
  EXPECT_GE(packing->density(), 102);
  EXPECT_EQ(packing->family, Family::Hybrid);
  EXPECT_EQ(packing->taps, 3);
  EXPECT_TRUE(exact_on_random(*packing, 50, 3)) << draw(*packing);
}

TEST(Search, OneResidueBitOverlapsNeighbours) {
  // D = 210, G(1, 1): 211 <= 2^(7 + 1).
  const auto none = solve_densest(problem(4, 4), {});
  const auto one = solve_densest(problem(4, 4), {.side_bits = 1});
  ASSERT_TRUE(none && one);
  EXPECT_EQ(none->density(), 4);
  EXPECT_EQ(one->density(), 6);
  EXPECT_TRUE(exact_on_random(*one, 2000, 3));
}

TEST(Search, MoreSideBitsAndFewerAccumulationsAreNeverSparser) {
  for (int w = 1; w <= 8; ++w) {
    for (int a = 1; a <= 8; ++a) {
      double last = 0;
      for (int n : {16, 4, 1}) {
        const auto packing = solve_densest(problem(w, a, 3), {.accumulations = n});
        if (!packing) continue;
        EXPECT_GE(packing->density(), last) << w << " " << a;
        EXPECT_GE(packing->accumulations, n);
        last = packing->density();
      }
    }
  }
}

TEST(Search, EveryDensityComesOnceMostProductsFirst) {
  const Conditions conditions{.rule = Rule::Canary, .side_bits = 2};
  const auto packings = solve_each_density(centred(4, 4, 3), conditions);
  ASSERT_GE(packings.size(), 3u);
  EXPECT_EQ(draw(packings.front()), draw(*solve_densest(centred(4, 4, 3), conditions)));
  double last = 1e9;
  for (const Packing& packing : packings) {
    EXPECT_LT(packing.density(), last);
    last = packing.density();
    EXPECT_TRUE(verify(packing).ok()) << draw(packing);
    EXPECT_TRUE(exact_on_random(packing, 50, 3)) << draw(packing);
  }
  EXPECT_EQ(packings.back().density(), 1);
}

TEST(Search, IsTheSameTwice) {
  const auto once = solve_densest(problem(2, 3, 3), {.side_bits = 2});
  const auto again = solve_densest(problem(2, 3, 3), {.side_bits = 2});
  ASSERT_TRUE(once && again);
  EXPECT_EQ(draw(*once), draw(*again));
}

}  // namespace
}  // namespace bitmason::pack::test
