#include "hw/scheme_module.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "hw/scheme_layout.hpp"
#include "pack/cell.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::hw {
namespace {

using pack::Method;

/// Of DSP48E2, which keeps what it has solved.
pack::CellSolver& solver() {
  static pack::CellSolver solver({});
  return solver;
}

pack::Cell plain_cell(int weight_bits, int activation_bits, int kernel) {
  pack::Cell cell = pack::cell_of_widths(weight_bits, activation_bits, kernel);
  cell.plain_only = true;
  cell.most_points = 100;
  return cell;
}

/// Plain rows as 3 taps x 4 pixels, centred; sums of two rows as 3 taps x 2 pixels.
const pack::Scheme& karatsuba12() {
  static const pack::Scheme scheme = [] {
    for (pack::Scheme& other : solver().front(plain_cell(4, 4, 3))) {
      if (other.method == Method::Karatsuba && std::abs(other.density() - 12) < 1e-9) return std::move(other);
    }
    throw std::runtime_error("no such scheme");
  }();
  return scheme;
}

std::string message_of(const Result<SchemeModule>& result) {
  return result ? "fine" : result.errors().front().message();
}

int count_of(const Module& module, std::string_view name) {
  return static_cast<int>(std::count_if(module.cells.begin(), module.cells.end(),
                                        [&](const Cell& cell) { return cell.module == name; }));
}

TEST(SchemeModuleTest, KaratsubaOfTwelveMacsHasNineMultipliersALaneForFourPixels) {
  // 3 plain rows, 3 taps x 4 pixels each, and 3 sums of rows, 3 taps x 2 pixels twice: 9 row pairs x 3 x 4 =
  // 108 MACs.
  const pack::Scheme scheme = karatsuba12();
  const pack::SchemeBlock block = pack::full_block(scheme.parts);
  EXPECT_EQ(block.channels, 1);
  EXPECT_EQ(block.pixels, 4);
  const auto result = scheme_module(scheme, {.block = block}, "karatsuba");
  ASSERT_TRUE(result) << message_of(result);
  EXPECT_EQ(result->multipliers, 8 * 9);
  EXPECT_DOUBLE_EQ(result->multipliers * scheme.density(), 8 * 108);
  EXPECT_EQ(count_of(result->module, "bm_pack_array"), 9);
  EXPECT_EQ(count_of(result->module, "bm_mac_pack"), 8 * 9);
}

/// Yosys 0.23 needs 7,416 LUTs with the packing on the ports (benchmarks/results/scheme_cost.json).
TEST(SchemeModuleTest, KaratsubaOfTwelveMacsIsEstimatedAtTheAddersOfItsModule) {
  const pack::Scheme& scheme = karatsuba12();
  // Three sums of two 4-bit codes, 5 bits each, the highest a carry.
  EXPECT_DOUBLE_EQ(pack::activation_transform_luts(scheme), 3 * 4);
  // Of 6 positions 2 are reached by both groups of each of the 3 sums; 5 outputs take 7 adders at each. 7 *
  // 15 * 3 rows * 3 taps * 8 lanes * 16 steps = 120,960 needs 18 bits.
  const pack::SchemeBlock block = pack::full_block(scheme.parts);
  const auto module = scheme_module(scheme, {.block = block}, "m");
  ASSERT_TRUE(module);
  EXPECT_EQ(module->output_bits, 18);
  EXPECT_DOUBLE_EQ(pack::output_transform_luts(scheme, block, 18), (3 * 2 + 7 * 6) * 18);
  // 8 channels of 8 lanes and 4 pixels: 7,296, 2 % below what synthesis says.
  EXPECT_DOUBLE_EQ(8 * 4 * 3 * 4 + 8 * (3 * 2 + 7 * 6) * 18, 7296);
}

TEST(SchemeModuleTest, MultipliersOfEveryExecutedSchemeAreItsMacsOverItsDensity) {
  int modules = 0;
  for (const int kernel : {1, 3, 5}) {
    for (const auto& [w, a] : {std::pair{4, 4}, {4, 8}}) {
      for (const pack::Scheme& scheme : solver().front(plain_cell(w, a, kernel))) {
        const pack::SchemeBlock block = pack::full_block(scheme.parts);
        if (pack::multipliers(scheme, block) > 40) continue;
        const auto result = scheme_module(scheme, {.block = block, .lanes = 2}, "m");
        if (!result) continue;
        ++modules;
        double macs = 2.0 * block.channels * block.pixels * kernel;
        if (scheme.method != Method::Split && scheme.method != Method::RowPieces) macs *= scheme.macs;
        // Products of F(2, 3) and F(2x2, 3x3) are single taps.
        if (scheme.method == Method::WinogradRow || scheme.method == Method::WinogradTile) macs /= kernel;
        EXPECT_NEAR(result->multipliers * scheme.density(), macs, 1e-6) << to_text(scheme.method);
      }
    }
  }
  EXPECT_GT(modules, 20);
}

/// The front's first scheme of the method with signs and magnitudes.
pack::Scheme sign_scheme(int weight_bits, int activation_bits, int kernel, Method method,
                         const std::string& detail) {
  pack::Cell cell = pack::cell_of_widths(weight_bits, activation_bits, kernel);
  cell.most_points = 100;
  for (pack::Scheme& scheme : solver().front(cell)) {
    if (scheme.method == method && has_signs(scheme.parts[0].packing) && scheme.detail == detail)
      return std::move(scheme);
  }
  throw std::runtime_error("no such scheme");
}

TEST(SchemeModuleTest, ASplitOfMagnitudesHasOneMagnitudeForBothDigitsAndTwoSignArrays) {
  // 3 weights of -1 to 1 by 13 pixels, 8-bit activations as two digits of 4 bits: 2 arrays of 2 lanes.
  const pack::Scheme scheme = sign_scheme(2, 8, 1, Method::Split, "magnitudes of activations at bit 4");
  const auto result =
      scheme_module(scheme, {.block = pack::full_block(scheme.parts), .lanes = 2, .steps = 4}, "m");
  ASSERT_TRUE(result) << message_of(result);
  EXPECT_EQ(count_of(result->module, "bm_sign_array"), 2);
  EXPECT_EQ(count_of(result->module, "bm_pack_array"), 0);
  EXPECT_EQ(count_of(result->module, "bm_magnitude"), 2 * 13);
  // 13 magnitudes of 4 bits share bits of the port, 4 levels of adders. The array takes 4 + 1 cycles, one
  // level for two lanes, and waits one for its lower bits: three words, the second of their adders cut in
  // two. Outputs add the two digits.
  EXPECT_EQ(result->weights_at, 4);
  EXPECT_EQ(result->latency, 4 + 7 + 1);
}

TEST(SchemeLayoutTest, WeightsOfASignArrayAreMagnitudesAndThenSigns) {
  const pack::Scheme scheme = sign_scheme(2, 8, 1, Method::Split, "magnitudes of activations at bit 4");
  // One lane, three channels of one tap: -1, 0, 1 in both products.
  const WeightStep step{{{{-1}, {-1}}, {{0}, {0}}, {{1}, {1}}}};
  const Word word = weight_word(scheme, {3, 13}, step);
  // A magnitude has one bit: 101, signs 001, first lowest; the second product's lie above.
  EXPECT_EQ(word.bits(), 2 * (3 + 3));
  EXPECT_EQ(word.limbs()[0], 0b001'101'001'101u);
}

TEST(SchemeModuleTest, MagnitudesOfSumsAreMadeBehindTheirCentring) {
  // Sums of two 8-bit activations, 0 to 510, are -255 to 255 when centred: 9 bits, a magnitude of 8. Rows
  // alone are -128 to 127: 8 bits, and the magnitude 128 takes 8 too.
  const pack::Scheme scheme = sign_scheme(6, 8, 3, Method::Karatsuba, "");
  const auto result =
      scheme_module(scheme, {.block = pack::full_block(scheme.parts), .lanes = 1, .steps = 4}, "m");
  ASSERT_TRUE(result) << message_of(result);
  int rows = 0, sums = 0;
  for (const Cell& cell : result->module.cells) {
    if (cell.module != "bm_magnitude") continue;
    const auto& [name, bits] = cell.parameters.front();
    EXPECT_EQ(name, "BITS");
    ++(std::get<std::int64_t>(bits) == 9 ? sums : rows);
    EXPECT_EQ(std::get<std::int64_t>(cell.parameters.back().second), 8);
  }
  // Of three products each, for every pixel.
  EXPECT_EQ(rows, 3 * pack::full_block(scheme.parts).pixels);
  EXPECT_EQ(sums, 3 * pack::full_block(scheme.parts).pixels);
}

/// 384 fronts of DSP48E2 and DSP48E1; 8 lanes, 16 steps, full blocks.
TEST(SlowSchemeFronts, EveryPointIsLowered) {
  int lowered = 0;
  for (const int primitive : {1, 2}) {
    pack::CellSolver fronts(primitive == 1 ? pack::MultiplierPorts{}
                                           : pack::MultiplierPorts{.wide_bits = 25, .cycle_constant = false});
    for (int cell = 0; cell < 3 * 64; ++cell) {
      const int kernel = std::array{1, 3, 5}[static_cast<std::size_t>(cell / 64)];
      const int w = cell / 8 % 8 + 1, a = cell % 8 + 1;
      for (const pack::Scheme& scheme : fronts.front(pack::cell_of_widths(w, a, kernel))) {
        const SchemeShape shape{.block = pack::full_block(scheme.parts), .primitive = primitive};
        EXPECT_EQ(message_of(scheme_module(scheme, shape, "m")), "fine")
            << "K" << kernel << " w" << w << "a" << a;
        ++lowered;
      }
    }
  }
  EXPECT_GE(lowered, 2282);
}

TEST(SchemeModuleTest, BlocksTooShortForTheDrainAndSumsTooWideAreRefused) {
  const pack::Scheme scheme = karatsuba12();
  const SchemeShape few{.block = pack::full_block(scheme.parts), .steps = 4};
  EXPECT_EQ(message_of(scheme_module(scheme, few, "m")),
            "Karatsuba: the packing of rows is none that bm_pack_array executes: blocks have 4 steps, at "
            "least 10; take "
            "another scheme of the front [BM-HW-030]");
  // 3 row pairs x 3 taps x 8 lanes x 2^23 steps of -7 x 15: 105 * 9 * 2^26 needs 36 + 1 bits.
  const SchemeShape many{.block = few.block, .steps = 1 << 23};
  EXPECT_EQ(message_of(scheme_module(scheme, many, "m")),
            "Karatsuba: sums need 37 bits and the arrays give 32; use fewer lanes or steps [BM-HW-031]");
}

/// A product of 3 taps x 2 pixels in one multiplier, fields 0 to 3.
TEST(SchemeLayoutTest, OperandsAndFieldsAreTapsPixelsAndPositions) {
  const pack::Scheme scheme = karatsuba12();
  const pack::Part& sums = scheme.parts[1];
  ASSERT_EQ(sums.packing.weight_offsets.size(), 3u);
  ASSERT_EQ(sums.packing.activation_offsets.size(), 2u);
  // Operand 0 is the last tap of its channel's row.
  EXPECT_EQ(weight_slot(sums, 2, 0).channel, 2);
  EXPECT_EQ(weight_slot(sums, 2, 0).tap, 2);
  EXPECT_EQ(weight_slot(sums, 2, 2).tap, 0);
  // Tap 2 times the first pixel of the second group: pixel 2, position 2.
  EXPECT_EQ(field_slot(scheme, sums, {0, 3}, 1, 1, 0), (FieldSlot{1, 2}));
  EXPECT_EQ(field_slot(scheme, sums, {0, 3}, 1, 1, 3), (FieldSlot{1, 5}));
  EXPECT_EQ(positions_of(scheme, {1, 4}), 6);
}

TEST(SchemeLayoutTest, CentringLacksItsConstantTimesTheWeights) {
  const pack::Scheme scheme = karatsuba12();
  ASSERT_EQ(scheme.parts[0].packing.activation, (IntRange{-8, 7}));
  ASSERT_EQ(scheme.parts[1].packing.activation, (IntRange{0, 30}));
  // Only w_0's own product has weights: tap 2 of its sum is 2. It enters rows 0 (plus), 1 and 2 (minus) at
  // positions 0 to 3, centred by 8.
  std::vector<std::vector<std::vector<std::int64_t>>> sums(
      1, std::vector<std::vector<std::int64_t>>(6, std::vector<std::int64_t>(3, 0)));
  sums[0][0][2] = 2;
  const auto correction = centring_correction(scheme, {1, 4}, sums);
  EXPECT_EQ(correction[0][0], (std::vector<std::int64_t>{16, 16, 16, 16, 0, 0}));
  EXPECT_EQ(correction[0][1], (std::vector<std::int64_t>{-16, -16, -16, -16, 0, 0}));
  EXPECT_EQ(correction[0][3], (std::vector<std::int64_t>(6, 0)));
  // Sums of two rows are not centred.
  sums[0][0][2] = 0;
  sums[0][3][0] = 1;
  EXPECT_EQ(centring_correction(scheme, {1, 4}, sums)[0][1], (std::vector<std::int64_t>(6, 0)));
}

}  // namespace
}  // namespace bitmason::hw
