#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pack/prove.hpp"
#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Prove, TriesAll864000OperandsOfTheKernelRowOf3W4A4) {
  // 15^3 * 16^2, and the samples.
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  ASSERT_TRUE(packing);
  EXPECT_EQ(operand_combinations(*packing), 864000u);
  const Proof proof = prove(*packing, {.samples = 1000});
  EXPECT_TRUE(proof.holds) << to_text(proof);
  EXPECT_TRUE(proof.every_operand);
  EXPECT_GT(proof.operand_cases, 864000u);
}

TEST(Prove, SamplesWhereOperandsAreTooMany) {
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  const Proof proof = prove(*packing, {.most_exhaustive = 1000, .samples = 1000});
  EXPECT_TRUE(proof.holds);
  EXPECT_FALSE(proof.every_operand);
  EXPECT_THAT(to_text(proof), HasSubstr("extremes and random"));
}

TEST(Prove, SaysWhereTheLemmaWasSampled) {
  // 8-bit operands from -127 to 127 and 0 to 255: 700 products reach 45 million, more than 2^20.
  const auto packing = solve(problem(8, 8), Family::OuterProduct, 1, 1, 700);
  ASSERT_TRUE(packing);
  const Proof proof = prove(assemble(problem(8, 8), *packing, 700), {.samples = 1000});
  EXPECT_TRUE(proof.holds);
  EXPECT_FALSE(proof.every_lemma_case);
  EXPECT_THAT(to_text(proof), HasSubstr("a sample"));
}

TEST(Prove, RefutesWhatVerifyRefutes) {
  auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  packing->bias += 1;
  const Proof proof = prove(*packing);
  EXPECT_FALSE(proof.holds);
  EXPECT_THAT(to_text(proof), HasSubstr("BM-PACK-011"));
}

TEST(Prove, WritesOneQueryAFieldForGuardBitsAndOneForACanary) {
  const auto guard = solve_densest(problem(4, 4), {.side_bits = 1});
  const std::string fields = decoder_smt2(*guard);
  std::size_t queries = 0;
  for (std::size_t at = fields.find("(check-sat)"); at != std::string::npos;
       at = fields.find("(check-sat)", at + 1)) {
    ++queries;
  }
  EXPECT_EQ(queries, guard->fields.size());
  const auto canary = solve_densest(problem(4, 4, 3), {.rule = Rule::Canary, .side_bits = 2});
  EXPECT_THAT(decoder_smt2(*canary), StartsWith("(set-logic QF_BV)"));
}

}  // namespace
}  // namespace bitmason::pack::test
