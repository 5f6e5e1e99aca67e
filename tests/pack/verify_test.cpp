#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

/// 3 taps x 2 pixels at spacing 11, proved for 4 accumulations.
Packing sound() {
  return *solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
}

TEST(Verify, AcceptsASoundPacking) {
  EXPECT_EQ(messages(verify(sound())), "");
}

TEST(Verify, RefusesImpossiblePorts) {
  Packing packing = sound();
  packing.ports = {.wide_bits = 40, .narrow_bits = 30, .accumulator_bits = 48};
  EXPECT_EQ(
      messages(verify(packing)),
      "ports: ports of 40 and 30 bits with a 48-bit accumulator are outside the model; give 2 <= narrow <= "
      "wide, wide + narrow <= 62 and accumulator <= 62 [BM-PACK-001]\n");
}

TEST(Verify, RefusesAnEmptyRange) {
  Packing packing = sound();
  packing.weight = {5, 4};
  EXPECT_EQ(messages(verify(packing)),
            "weight: the range [5, 4] is empty or exceeds 2^31; give lo <= hi within that [BM-PACK-002]\n");
}

TEST(Verify, RefusesOffsetsThatDescend) {
  Packing packing = sound();
  packing.weight_offsets = {0, 11, 11};
  EXPECT_EQ(messages(verify(packing)),
            "weight port: operand 2 is at bit 11 and a value from 12 to 26 is needed; start at 0, ascend and "
            "stay on "
            "the 27-bit port [BM-PACK-003]\n");
}

TEST(Verify, RefusesAFirstOffsetAbove0AndAMissingOperand) {
  Packing packing = sound();
  packing.activation_offsets = {1, 12};
  EXPECT_EQ(
      messages(verify(packing)),
      "activation port: operand 0 is at bit 1 and a value from 0 to 0 is needed; start at 0, ascend and stay "
      "on the 18-bit port [BM-PACK-003]\n");
  packing.activation_offsets = {};
  EXPECT_EQ(
      messages(verify(packing)),
      "activation port: operand 0 is at bit none and a value from 0 to 0 is needed; start at 0, ascend and "
      "stay on the 18-bit port [BM-PACK-003]\n");
}

TEST(Verify, RefusesZeroAccumulations) {
  Packing packing = sound();
  packing.accumulations = 0;
  EXPECT_EQ(
      messages(verify(packing)),
      "accumulations: 0 accumulations are promised and at least 1 is needed; read after one product or more "
      "[BM-PACK-004]\n");
}

TEST(Verify, RefusesOperandsThatExceedTheTwosComplementPort) {
  // 3 * (1 + 2^5 + ... + 2^25) = 3 * (2^30 - 1) / 31 = 3 * 34636833 = 103910499 by the geometric series.
  const Packing packing = assemble(problem(2, 2),
                                   {.family = Family::Convolution,
                                    .weight_offsets = {0, 5, 10},
                                    .activation_offsets = {0, 5, 10, 15, 20, 25},
                                    .weights_on_wide_port = false},
                                   1);
  EXPECT_EQ(messages(verify(packing)),
            "activation port: the packed operands reach [0, 103910499] and the 27-bit port holds [-67108864, "
            "67108863]; pack fewer operands or move them closer [BM-PACK-005]\n");
}

TEST(Verify, RefusesAnOuterProductWhoseProductsMeet) {
  Packing packing = sound();
  packing.family = Family::OuterProduct;
  packing.taps = packing.pixels = 1;
  EXPECT_EQ(
      messages(verify(packing)),
      "fields: product (1, 0) meets product (0, 1) at bit 11 and the family keeps all products apart; change "
      "the offsets [BM-PACK-006]\n");
}

TEST(Verify, RefusesAConvolutionWhosePositionsFallApart) {
  const Packing packing =
      assemble(problem(1, 1),
               {.family = Family::Convolution, .weight_offsets = {0, 9}, .activation_offsets = {0, 8}}, 1);
  EXPECT_EQ(
      messages(verify(packing)),
      "fields: field count is recorded as 3 and the offsets make it 4; derive the fields from the offsets "
      "[BM-PACK-007]\n");
}

TEST(Verify, RefusesAConvolutionThatAddsDifferentPositions) {
  const Packing packing =
      assemble(problem(2, 1),
               {.family = Family::Convolution, .weight_offsets = {0, 4, 8}, .activation_offsets = {0, 8}}, 1);
  EXPECT_EQ(
      messages(verify(packing)),
      "fields: product (2, 0) meets product (0, 1) at bit 8 and the family adds only products of one output "
      "position; change the offsets [BM-PACK-006]\n");
}

TEST(Verify, RefusesAFieldAtTheWrongBit) {
  Packing packing = sound();
  packing.fields[1].offset = 12;
  EXPECT_EQ(
      messages(verify(packing)),
      "fields: field 1 is recorded as bit 12: (0, 1) (1, 0) and the offsets make it bit 11: (0, 1) (1, 0); "
      "derive the fields from the offsets [BM-PACK-007]\n");
  packing.fields.pop_back();
  EXPECT_EQ(
      messages(verify(packing)),
      "fields: field count is recorded as 3 and the offsets make it 4; derive the fields from the offsets "
      "[BM-PACK-007]\n");
}

TEST(Verify, RefusesAFieldOneBitTooNarrow) {
  Packing packing = sound();
  packing.fields[2].width = 10;
  EXPECT_EQ(messages(verify(packing)),
            "field 2: the biased sum reaches 1680 and 10 bits hold 1023; widen the gap above the field or "
            "accumulate "
            "less [BM-PACK-008]\n");
  packing.fields[2].width = 0;
  EXPECT_EQ(
      messages(verify(packing)),
      "field 2: the biased sum reaches 1680 and 0 bits hold 0; widen the gap above the field or accumulate "
      "less [BM-PACK-008]\n");
}

TEST(Verify, RefusesAFieldThatReachesIntoTheNext) {
  Packing packing = sound();
  packing.fields[0].width = 12;
  EXPECT_EQ(
      messages(verify(packing)),
      "field 0: the field ends at bit 12 and the next one starts at bit 11; narrow it or move the next one "
      "[BM-PACK-009]\n");
}

TEST(Verify, RefusesATopFieldAboveTheAccumulator) {
  Packing packing = sound();
  packing.ports.accumulator_bits = 42;
  EXPECT_EQ(messages(verify(packing)),
            "field 3: the top field ends at bit 43 and the accumulator has 42 bits; pack fewer operands or "
            "accumulate less [BM-PACK-010]\n");
}

TEST(Verify, RefusesABiasThatIsOffByOne) {
  // 420 + 840 * 2^11 + 840 * 2^22 + 420 * 2^33 = 3611297464740 by hand.
  Packing packing = sound();
  packing.bias += 1;
  EXPECT_EQ(messages(verify(packing)),
            "bias: the bias is 3611297464741 and the fields need 3611297464740; derive it from the product's "
            "minimum "
            "[BM-PACK-011]\n");
}

TEST(Verify, AcceptsOneAccumulationLessAndRefusesOneMoreThanPromised) {
  const Packing packing = sound();
  EXPECT_TRUE(verify(assemble(problem_of(packing), layout_of(packing), 3)).ok());
  EXPECT_FALSE(verify(assemble(problem_of(packing), layout_of(packing), 5)).ok());
}

/// Kernel row of 3, centred w4a4, 12 products under C(2).
Packing canary() {
  PackingProblem p = problem(4, 4, 3);
  p.activation = IntRange::signed_bits(4);
  return *solve_densest(p, {.rule = Rule::Canary, .side_bits = 2});
}

TEST(Verify, RefusesCanariesThatTellTooFewCarriesApart) {
  // Field 1 gains up to 2 * 112 = 224 and a carry of (127 + 112) / 128 = 1: (127 + 225) / 128 = 2.
  Packing packing = canary();
  packing.side_bits = 1;
  EXPECT_EQ(
      messages(verify(packing)),
      "field 1: its carries reach from 0 to 2 and 1 residue bits tell 2 values apart; widen the gap or watch "
      "more bits [BM-PACK-012]\n");
}

TEST(Verify, RefusesCarriesThatLieAboveTheRegister) {
  // One bit each at 0 and 25 by 0 and 16 leaves the top field 7 bits: no place for 8 bits of a carry.
  Layout layout{.family = Family::OuterProduct, .weight_offsets = {0, 25}, .activation_offsets = {0, 16}};
  layout.rule = Rule::Canary;
  layout.side_bits = 8;
  const Packing packing = assemble(problem(1, 1), layout, 1);
  EXPECT_EQ(
      messages(verify(packing)),
      "field 2, carry: the top field ends at bit 49 and the accumulator has 48 bits; pack fewer operands or "
      "accumulate less [BM-PACK-010]\n");
}

TEST(Solve, PlacesValuesThatAreAlways0OnThePort) {
  // Seed 73 of the random networks: a dead layer's activations, 6 of them on 18 bits.
  PackingProblem dead = problem(4, 4);
  dead.activation = {0, 0};
  for (int pixels = 1; pixels <= 16; ++pixels) {
    if (const auto packing = solve(dead, Family::OuterProduct, 8, pixels, 1)) {
      EXPECT_EQ(messages(verify(*packing)), "") << pixels;
    }
  }
}

TEST(Verify, RefusesMagnitudesThatAccumulateInsideTheMultiplier) {
  Packing packing = sound();
  packing.coding = Coding::SignMagnitude;
  EXPECT_EQ(
      messages(verify(packing)),
      "rule: magnitudes have no sign inside the multiplier and 4 accumulations are promised; use G(1, v) "
      "[BM-PACK-013]\n");
}

TEST(Verify, RefusesBlocksThatLeaveARemainder) {
  Packing packing = sound();
  packing.taps = 2;
  EXPECT_EQ(
      messages(verify(packing)),
      "blocks: 3 weights in blocks of 2 and 2 activations in blocks of 2 leave a remainder; use whole blocks "
      "[BM-PACK-013]\n");
}

TEST(Verify, RefusesATopFieldThatWrapsUnseen) {
  // The top field keeps 7 bits of a 42-bit accumulator and gains up to 112 and a carry of 2 a product: its
  // highest bit tells a wrap only below 2^6, and 127 / 114 = 1 product fits.
  Packing packing = canary();
  packing.ports.accumulator_bits = 42;
  packing.fields.back().width = 7;
  EXPECT_EQ(messages(verify(packing)),
            "field 5: 1073741824 products are promised and the top field wraps after 1; accumulate less or "
            "count its "
            "wraps [BM-PACK-014]\n");
}

}  // namespace
}  // namespace bitmason::pack::test
