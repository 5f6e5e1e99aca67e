#include <gtest/gtest.h>

#include <map>

#include "hw/array_limits.hpp"
#include "hw/pack_parameters.hpp"

namespace bitmason::hw {
namespace {

/// w4a4, a kernel row of 3 taps times 4 pixels, 7 bits apart, two carry bits: bm_pack_array's defaults.
pack::Packing twelve() {
  pack::Layout layout;
  layout.family = pack::Family::Convolution;
  layout.weight_offsets = {0, 7, 14};
  layout.activation_offsets = {0, 7, 14, 21};
  layout.weights_on_wide_port = false;
  layout.taps = 3;
  layout.pixels = 4;
  layout.rule = pack::Rule::Canary;
  layout.side_bits = 2;
  return pack::assemble({.weight = {-7, 7}, .activation = {-8, 7}, .kernel = 3}, layout, 1);
}

std::map<std::string, std::string> bits_of(const Parameters& parameters) {
  std::map<std::string, std::string> bits;
  for (const auto& [name, value] : parameters) bits[name] = parameter_bits(value);
  return bits;
}

std::string number(std::int64_t value) {
  return parameter_bits(ParameterValue{value});
}

TEST(PackParametersTest, TwelveMacsBecomeTheDefaultsOfTheArray) {
  const auto bits = bits_of(pack_array_parameters(twelve(), 1, {.columns = 8}));
  EXPECT_EQ(bits.size(), 21u);
  for (const auto& [name, value] : std::map<std::string, int>{{"PRIM", 1},
                                                              {"ACCUM", 1},
                                                              {"COLS", 8},
                                                              {"LANES", 8},
                                                              {"CHAIN", 1},
                                                              {"SHARE", 1},
                                                              {"STEPS", 16},
                                                              {"NW", 3},
                                                              {"NA", 4},
                                                              {"WBITS", 4},
                                                              {"ABITS", 4},
                                                              {"WSIGNED", 1},
                                                              {"ASIGNED", 1},
                                                              {"WIDE_W", 0},
                                                              {"NF", 6},
                                                              {"LOW", -56},
                                                              {"HIGH", 56},
                                                              {"OUT", 16}}) {
    EXPECT_EQ(bits.at(name), number(value)) << name;
  }
  EXPECT_EQ(bits.at("WOFF"),
            "0000000000001110"
            "0000000000000111"
            "0000000000000000");
  EXPECT_EQ(bits.at("AOFF").size(), 64u);
  EXPECT_EQ(bits.at("FOFF").substr(0, 32),
            "0000000000100011"
            "0000000000011100");
}

TEST(PackParametersTest, GuardBitsAreReadEveryStepAndUnsignedOperandsHaveNoSign) {
  pack::Packing packing = twelve();
  packing.rule = pack::Rule::GuardBits;
  packing.weight = {0, 1};
  packing.activation = {0, 15};
  const auto bits = bits_of(pack_array_parameters(packing, 2, {}));
  for (const auto& [name, value] : std::map<std::string, int>{{"ACCUM", 0},
                                                              {"WBITS", 1},
                                                              {"WSIGNED", 0},
                                                              {"ABITS", 4},
                                                              {"ASIGNED", 0},
                                                              {"LOW", 0},
                                                              {"HIGH", 15}}) {
    EXPECT_EQ(bits.at(name), number(value)) << name;
  }
}

/// SB_MAC16 as two multipliers of 8 x 8.
pack::Packing halves(const IntRange& weight, const IntRange& activation, pack::Layout layout) {
  const pack::MultiplierPorts ports{
      .wide_bits = 8, .narrow_bits = 8, .accumulator_bits = 16, .cycle_constant = false, .multipliers = 2};
  return pack::assemble({.ports = ports, .weight = weight, .activation = activation}, layout, 1);
}

TEST(PackParametersTest, MultipliersOfASplitPrimitiveStandSideBySideOnItsPorts) {
  const auto packing = pack::side_by_side(
      halves({-127, 127}, {-128, 127}, {.weight_offsets = {0}, .activation_offsets = {0}}));
  EXPECT_EQ(array_refusal(packing, {.accumulate = false}), std::nullopt);
  const auto bits = bits_of(pack_array_parameters(packing, 4, {}));
  for (const auto& [name, value] : std::map<std::string, int>{
           {"ACCUM", 0}, {"NW", 2}, {"NA", 1}, {"WBITS", 8}, {"NF", 2}, {"APORT", 8}, {"WOFF", 16 << 16}})
    EXPECT_EQ(bits.at(name), number(value)) << name;
}

TEST(PackParametersTest, SplitPrimitivesAreRefusedWhatTheirWordsCannotDo) {
  const auto refusal = [](const pack::Packing& packing) {
    return array_refusal(packing, {.accumulate = false}).value_or("none");
  };
  const auto one = halves({-7, 7}, {0, 1}, {.weight_offsets = {0, 2}, .activation_offsets = {0}});
  EXPECT_EQ(refusal(one), "multipliers of a split primitive are not side by side");
  EXPECT_EQ(refusal(pack::side_by_side(one)), "weights share bits of a split port");
  const auto magnitudes =
      halves({-1, 1}, {-1, 1},
             {.weight_offsets = {0, 7}, .activation_offsets = {0}, .coding = pack::Coding::SignMagnitude});
  EXPECT_EQ(refusal(pack::side_by_side(magnitudes)), "magnitudes use the sign bit of a split port");
  const auto activations =
      halves({-1, 1}, {-1, 1},
             {.weight_offsets = {0}, .activation_offsets = {0, 7}, .coding = pack::Coding::SignMagnitude});
  EXPECT_EQ(refusal(pack::side_by_side(activations)), "magnitudes use the sign bit of a split port");
  // A canary's carries from the lower multiplier would be lost: every step is read.
  const auto canary = pack::side_by_side(halves(
      {-3, 3}, {-8, 7},
      {.weight_offsets = {0, 5}, .activation_offsets = {0}, .rule = pack::Rule::Canary, .side_bits = 2}));
  EXPECT_EQ(array_shape(canary, {}).accumulate, false);
  EXPECT_EQ(refusal(canary), "none");
}

TEST(PackParametersTest, CellsOfOtherPrimitivesAreKnownByTheirNames) {
  device::Primitive mac16;
  mac16.rtl_module = "bm_dsp_sb_mac16";
  EXPECT_TRUE(is_cell_of_another(mac16, "bm_acc_dsp48e1"));
  for (const auto* own : {"bm_acc_sb_mac16", "bm_sb_mac16", "bm_acc_fields", "bm_pack_column"})
    EXPECT_FALSE(is_cell_of_another(mac16, own)) << own;
}

TEST(PackParametersTest, TwelveSignMagnitudeMacsBecomeTheDefaultsOfTheSignArray) {
  // w4a4, 4 channels times 3 pixels, products of 0 to 7 * 8 in fields of 3 bits: bm_sign_array's defaults.
  pack::Layout layout;
  layout.weight_offsets = {0, 3, 18, 21};
  layout.activation_offsets = {0, 6, 12};
  layout.coding = pack::Coding::SignMagnitude;
  layout.side_bits = 3;
  const auto packing = pack::assemble({.weight = {-7, 7}, .activation = {-8, 7}}, layout, 1);
  const auto bits = bits_of(sign_array_parameters(packing, 1, {.columns = 8}));
  EXPECT_EQ(bits.size(), 16u);
  for (const auto& [name, value] : std::map<std::string, int>{{"PRIM", 1},
                                                              {"COLS", 8},
                                                              {"LANES", 8},
                                                              {"STEPS", 16},
                                                              {"NW", 4},
                                                              {"NA", 3},
                                                              {"WBITS", 3},
                                                              {"ABITS", 4},
                                                              {"WIDE_W", 1},
                                                              {"NF", 12},
                                                              {"LOW", -56},
                                                              {"HIGH", 56},
                                                              {"OUT", 16}}) {
    EXPECT_EQ(bits.at(name), number(value)) << name;
  }
  EXPECT_EQ(bits.at("WOFF"),
            "0000000000010101"
            "0000000000010010"
            "0000000000000011"
            "0000000000000000");
}

TEST(PackParametersTest, BitsOfAnIntegerAreItsTwosComplement) {
  EXPECT_EQ(number(5), std::string(29, '0') + "101");
  EXPECT_EQ(number(-2), std::string(31, '1') + "0");
}

}  // namespace
}  // namespace bitmason::hw
