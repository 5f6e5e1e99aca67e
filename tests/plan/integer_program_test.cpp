#include "plan/integer_program.hpp"

#include <gtest/gtest.h>

namespace bitmason::plan {
namespace {

/// Values 10, 7 and 6 of weights 5, 3 and 3: with room for 6 the last two are worth 13, the first alone 10.
IntegerProgram knapsack() {
  IntegerProgram program;
  const auto a = program.add_column(-10, true);
  const auto b = program.add_column(-7, true);
  const auto c = program.add_column(-6, true);
  program.add_row(0, 6, {{a, 5}, {b, 3}, {c, 3}});
  return program;
}

TEST(IntegerProgramTest, TheBestOfAKnapsack) {
  const auto outcome = knapsack().solve(100);
  EXPECT_EQ(outcome.status, IntegerProgram::Status::Optimal);
  EXPECT_NEAR(outcome.bound, -13, 0.02);
  ASSERT_EQ(outcome.values.size(), 3U);
  EXPECT_NEAR(outcome.values[0], 0, 1e-6);
  EXPECT_NEAR(outcome.values[1], 1, 1e-6);
  EXPECT_NEAR(outcome.values[2], 1, 1e-6);
}

TEST(IntegerProgramTest, ARowThatNoColumnsCanMeetIsInfeasible) {
  IntegerProgram program = knapsack();
  program.add_row(3, 3, {{0, 1}, {1, 1}, {2, 1}});
  EXPECT_EQ(program.solve(100).status, IntegerProgram::Status::Infeasible);
}

}  // namespace
}  // namespace bitmason::plan
