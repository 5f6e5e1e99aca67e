#include "pack/cost.hpp"

#include <gtest/gtest.h>

#include "pack/carries.hpp"
#include "pack/search.hpp"
#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

/// Canaries of SB_MAC16 that the array must read in every step are priced so, the others as drained blocks.
TEST(Cost, ACanaryWhoseTopFieldHoldsNoBlockIsPricedAsReadInEveryStep) {
  int read = 0;
  int drained = 0;
  for (const int w : {2, 4, 7}) {
    for (const int a : {2, 4, 7}) {
      const auto packings =
          solve_each_density(problem(w, a, 3, kMac16), {.rule = Rule::Canary, .side_bits = 2});
      for (const Packing& packing : packings) {
        const double every_step = estimated_array_luts(read_every_step(packing));
        const double luts = estimated_array_luts(packing);
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
