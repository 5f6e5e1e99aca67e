#include "pack/cost.hpp"

#include <gtest/gtest.h>

#include "pack/carries.hpp"
#include "pack/search.hpp"
#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

/// Canaries of SB_MAC16 that the array must read in every step are priced so, the others as drained blocks.
TEST(Cost, ACanaryWhoseTopFieldHoldsNoBlockIsPricedAsReadInEveryStep) {
  constexpr ArrayShape kArray{.sum_bits = 20};  // with 16 bits one packing costs the same both ways
  int read = 0;
  int drained = 0;
  for (const int w : {2, 4, 7}) {
    for (const int a : {2, 4, 7}) {
      const auto packings =
          solve_each_density(problem(w, a, 3, kMac16), {.rule = Rule::Canary, .side_bits = 2});
      for (const Packing& packing : packings) {
        const double every_step = estimated_array_luts(read_every_step(packing), kArray);
        const double luts = estimated_array_luts(packing, kArray);
        if (holds_block(packing, 1, 16)) {
          ++drained;
          EXPECT_NE(luts, every_step) << to_text(packing);
        } else {
          ++read;
          EXPECT_EQ(luts, every_step) << to_text(packing);
        }
      }
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(drained, 0);
}

/// Eight lanes of 14-bit products: a tree of adders of 14 to 16 bits and an accumulator of 16 where no
/// cascade sums them.
TEST(Cost, LanesAreSummedInATreeWhereThePrimitiveHasNoCascade) {
  MultiplierPorts ports = kMac16;
  const Layout single{.weight_offsets = {0}, .activation_offsets = {0}};
  const auto luts = [&](bool cascade) {
    ports.cascade = cascade;
    return estimated_array_luts(
        assemble({.ports = ports, .weight = {0, 127}, .activation = {0, 127}}, single, 64));
  };
  EXPECT_EQ(luts(false), (4 * 14 + 2 * 15 + 16 + 16) / 8.0);
  EXPECT_EQ(luts(true), 16 / 8.0);
}

TEST(Cost, CanariesOfASplitPrimitiveAreReadInEveryStep) {
  MultiplierPorts ports{.wide_bits = 8, .narrow_bits = 8, .accumulator_bits = 16, .cycle_constant = false};
  const Layout two{.weight_offsets = {0, 5}, .activation_offsets = {0}, .rule = Rule::Canary, .side_bits = 2};
  const auto held = [&] {
    return holds_block(assemble({.ports = ports, .weight = {-1, 1}, .activation = {-2, 1}}, two, 1), 1, 4);
  };
  EXPECT_TRUE(held());
  ports.multipliers = 2;
  EXPECT_FALSE(held());
}

/// A step moves the top field by up to 210 and is signed without a constant; wraps are counted only with one.
TEST(Cost, BlocksAreHeldByTheRoomOfTheTopFieldOrByCountedWraps) {
  const auto packing = [](int room, bool constant) {
    MultiplierPorts ports{.accumulator_bits = 7 + room, .cycle_constant = constant};
    const PackingProblem of{.ports = ports, .weight = {-7, 7}, .activation = {0, 15}};
    return assemble(
        of, {.weight_offsets = {0, 7}, .activation_offsets = {0}, .rule = Rule::Canary, .side_bits = 2}, 1);
  };
  EXPECT_TRUE(holds_block(packing(13, false), 1, 16));
  EXPECT_FALSE(holds_block(packing(12, false), 1, 32));
  EXPECT_TRUE(holds_block(packing(12, true), 1, 32));
  EXPECT_FALSE(holds_block(packing(8, true), 1, 32)) << "one step moves the top field by half its period";
}

}  // namespace
}  // namespace bitmason::pack::test
