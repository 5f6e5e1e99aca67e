#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pack/cell.hpp"
#include "pack/prove.hpp"
#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

nlohmann::json published() {
  std::ifstream file(std::filesystem::path(BITMASON_SOURCE_DIR) / "devices/published/dsp48e2_density.json");
  return nlohmann::json::parse(file);
}

/// The densest published packing of a cell of widths 2 to 8.
double published_density(const nlohmann::json& table, int w, int a, int kernel) {
  const std::string row = "K" + std::to_string(kernel);
  const std::string cell = "w" + std::to_string(w) + "a" + std::to_string(a);
  double best = 0;
  for (const auto& [name, scheme] : table["schemes"].items())
    best = std::max(best, scheme[row].value(cell, 0.0));
  return best;
}

class Kernel : public testing::TestWithParam<int> {};

TEST_P(Kernel, IsNeverSparserThanThePublishedAndDenserInAsManyCellsAsPromisedWithAllActivationLevels) {
  const auto table = published();
  CellSolver solver(kDsp48e2);
  int denser = 0;
  for (int w = 1; w <= 8; ++w) {
    for (int a = 1; a <= 8; ++a) {
      const auto scheme = solver.densest(cell_of_widths(w, a, GetParam()));
      ASSERT_TRUE(scheme);
      EXPECT_TRUE(scheme->all_levels);
      const double theirs = published_density(table, w, a, GetParam());
      EXPECT_GE(scheme->density(), theirs - 0.006) << "w" << w << "a" << a;
      if (w > 1 && a > 1 && scheme->density() > theirs + 0.006) ++denser;
    }
  }
  std::printf("K = %d: denser in %d of 49 cells of 2 to 8 bits\n", GetParam(), denser);
  EXPECT_GE(denser, GetParam() == 1 ? 24 : GetParam() == 3 ? 40 : 28);
}

INSTANTIATE_TEST_SUITE_P(Rows, Kernel, testing::Values(1, 3, 5),
                         [](const auto& k) { return "Of" + std::to_string(k.param) + "Taps"; });

TEST(Cell, W8A8WithRowsOf3ReachesThreeMacs) {
  CellSolver solver(kDsp48e2);
  EXPECT_GE(solver.densest(cell_of_widths(8, 8, 3))->density(), 3.0);
}

/// SB_MAC16 with its mode of two 8 x 8 multipliers.
TEST(Cell, ASplitPrimitiveIsTakenWhereItIsDenser) {
  MultiplierPorts halves{.wide_bits = 8, .narrow_bits = 8, .accumulator_bits = 16, .cycle_constant = false};
  halves.multipliers = 2;
  Cell bytes = cell_of_widths(8, 8, 1);
  bytes.most_side_bits = 1;  // with three, eight digits of two bits are denser still
  EXPECT_LT(CellSolver(kMac16).densest(bytes)->density(), 2);
  const auto best = CellSolver(kMac16, {halves}).densest(bytes);
  ASSERT_TRUE(best);
  EXPECT_EQ(best->density(), 2);
  // Centred activations fill the 8-bit port.
  EXPECT_EQ(to_text(best->parts.front().packing),
            "2 multipliers of 8 x 8 on the same activations, each 1 weight x 1 pixel, 1 MAC, 1 field, n = 2");
  EXPECT_EQ(best->parts.front().packing.activation, (IntRange{-128, 127}));
  // Four bits pack denser on the whole block.
  const Cell nibbles = cell_of_widths(4, 4, 1);
  EXPECT_EQ(CellSolver(kMac16, {halves}).densest(nibbles)->density(),
            CellSolver(kMac16).densest(nibbles)->density());
  Cell array = bytes;
  array.array_only = true;
  EXPECT_EQ(CellSolver(kMac16, {halves}).densest(array)->parts.front().packing.ports, halves);
}

TEST(Cell, FrontHoldsSixPointsAtMostNoneDominatedDensestFirst) {
  CellSolver solver(kDsp48e2);
  for (int w : {1, 2, 4, 8}) {
    for (int a : {1, 3, 4, 8}) {
      const auto front = solver.front(cell_of_widths(w, a, 3));
      ASSERT_FALSE(front.empty());
      EXPECT_LE(front.size(), 6u);
      for (std::size_t i = 0; i < front.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          EXPECT_GE(front[j].density(), front[i].density());
          EXPECT_TRUE(front[i].luts_per_mac < front[j].luts_per_mac ||
                      front[i].weight_bits < front[j].weight_bits);
        }
      }
    }
  }
}

TEST(Cell, ArrayOnlyKeepsTwelveDirectMacsThatKaratsubaBeats) {
  CellSolver solver(kDsp48e2);
  Cell cell = cell_of_widths(4, 4, 3);
  cell.array_only = true;
  const auto front = solver.front(cell);
  ASSERT_FALSE(front.empty());
  EXPECT_EQ(front.front().density(), 12);
  for (const Scheme& scheme : front) {
    EXPECT_EQ(scheme.method, Method::Direct);
    EXPECT_EQ(scheme.parts.front().packing.coding, Coding::Plain);
  }
}

TEST(Cell, SparserShapesThatCostLessStandOnTheFront) {
  // Four products of 4 by 5 bits sum four at a time; with three, nine at a time, for fewer LUTs each.
  Cell cell = cell_of_widths(4, 5, 1);
  cell.array_only = true;
  const auto front = CellSolver(kDsp48e2).front(cell);
  const auto three = std::ranges::find_if(front, [](const Scheme& s) { return s.density() == 3; });
  ASSERT_NE(three, front.end());
  EXPECT_EQ(to_text(three->parts.front().packing), "3 weights x 1 pixel, 3 MAC, 3 fields, n = 9");
  EXPECT_LT(three->luts_per_mac, 1.5);
}

TEST(Cell, EveryPackingOfTheFrontsOfTwelveCellsHoldsUnderProof) {
  for (const MultiplierPorts& ports : {kDsp48e2, kDsp48e1, kMult18, kMac16}) {
    CellSolver solver(ports);
    for (const auto& [w, a, kernel] : {std::tuple{4, 4, 3}, {2, 2, 1}, {8, 8, 3}}) {
      for (const Scheme& scheme : solver.front(cell_of_widths(w, a, kernel))) {
        for (const Part& part : scheme.parts) {
          const Proof proof = prove(part.packing, {.most_exhaustive = 1 << 12, .samples = 2000});
          EXPECT_TRUE(proof.holds) << to_text(part.packing) << ": " << to_text(proof);
        }
      }
    }
  }
}

TEST(Cell, ASecondSolverGivesTheSameFront) {
  const auto cell = cell_of_widths(3, 4, 3);
  const auto once = CellSolver(kDsp48e2).front(cell);
  CellSolver used(kDsp48e2);
  used.front(cell_of_widths(4, 4, 3));
  const auto again = used.front(cell);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t k = 0; k < once.size(); ++k) {
    ASSERT_EQ(once[k].parts.size(), again[k].parts.size());
    for (std::size_t p = 0; p < once[k].parts.size(); ++p) {
      EXPECT_EQ(draw(once[k].parts[p].packing), draw(again[k].parts[p].packing));
    }
  }
}

}  // namespace
}  // namespace bitmason::pack::test
