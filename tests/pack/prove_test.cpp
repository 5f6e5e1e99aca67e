#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "pack/prove.hpp"
#include "pack/rules.hpp"
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

/// What z3 says of a query of one check; empty where it is not installed.
std::string z3_on(const std::string& query) {
  const std::string stem = testing::TempDir() + "bitmason-prove-" + std::to_string(::getpid());
  std::ofstream(stem + ".smt2") << query;
  if (std::system("z3 --version > /dev/null 2>&1") != 0) return "";
  const std::string command = "z3 -smt2 -T:60 " + stem + ".smt2 > " + stem + ".txt 2>&1";
  EXPECT_NE(std::system(command.c_str()), -1);
  std::ifstream stream(stem + ".txt");
  std::string answer;
  std::getline(stream, answer);
  std::remove((stem + ".smt2").c_str());
  std::remove((stem + ".txt").c_str());
  return answer;
}

// A top field that a product may move by more than half of its bits wraps without a fall of its highest bit.
TEST(Prove, TheSmtQueryKnowsWhetherWrapsCanBeTold) {
  for (const MultiplierPorts& ports : {kDsp48e2, kDsp48e1}) {
    const int bits = ports.cycle_constant ? 2 : 3;
    auto packing = solve_densest(problem(4, 4, 3, ports), {.rule = Rule::Canary, .side_bits = bits});
    ASSERT_TRUE(packing);
    ASSERT_EQ(packing->accumulations, kMostAccumulations);
    const std::string told = z3_on(decoder_smt2(*packing));
    if (told.empty()) GTEST_SKIP() << "z3 is not installed";
    EXPECT_EQ(told, "unsat");
    // 7 * 15 in either direction, 210 with the bias: less than the 256 of 8 bits, more than a half of them.
    packing->ports.accumulator_bits = packing->fields.back().offset + 8;
    EXPECT_EQ(z3_on(decoder_smt2(*packing)), "sat");
    packing->accumulations = 1;  // not counted: what lacks is none or one period
    EXPECT_EQ(z3_on(decoder_smt2(*packing)), "unsat");
  }
}

}  // namespace
}  // namespace bitmason::pack::test
