#include <gtest/gtest.h>

#include "packing_cases.hpp"

/// Multipliers of a split primitive as one packing.
namespace bitmason::pack::test {
namespace {

constexpr MultiplierPorts kHalves{
    .wide_bits = 8, .narrow_bits = 8, .accumulator_bits = 16, .cycle_constant = false, .multipliers = 2};

/// What a split primitive leaves in its sum register: each half's product and bias on their own.
std::uint64_t split_sum(const Packing& packing, const Step& step) {
  const int cut = packing.ports.cut_bits;
  const std::uint64_t half = (std::uint64_t{1} << cut) - 1;
  std::uint64_t activations = 0;
  for (std::size_t j = 0; j < step.activations.size(); ++j)
    activations += static_cast<std::uint64_t>(step.activations[j]) << packing.activation_offsets[j];
  std::uint64_t sum = 0;
  for (int at = 0; at < packing.ports.accumulator_bits; at += cut) {
    std::uint64_t weights = 0;
    for (std::size_t i = 0; i < step.weights.size(); ++i) {
      const int offset = packing.weight_offsets[i] - at;
      if (offset >= 0 && offset < cut) weights += static_cast<std::uint64_t>(step.weights[i]) << offset;
    }
    const auto bias = static_cast<std::uint64_t>(packing.bias) >> at;
    sum |= ((weights * activations + bias) & half) << at;
  }
  return sum;
}

void expect_every_field(const Packing& packing, const Step& step) {
  const std::uint64_t sum = split_sum(packing, step);
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const Field& field = packing.fields[k];
    std::int64_t expected = packing.field_bias(k);
    for (const auto& [i, j] : field.terms)
      expected += step.weights[static_cast<std::size_t>(i)] * step.activations[static_cast<std::size_t>(j)];
    const auto slice = (sum >> field.offset) & ((std::uint64_t{1} << field.width) - 1);
    ASSERT_EQ(static_cast<std::int64_t>(slice), expected) << to_text(packing) << ", field " << k;
  }
}

void expect_random_products(const Packing& one) {
  ASSERT_TRUE(verify(one).ok());
  const Packing both = side_by_side(one);
  EXPECT_EQ(both.products(), one.density());
  EXPECT_EQ(both.density(), one.density());
  EXPECT_TRUE(verify(both));
  const Packing back = one_of(both);
  EXPECT_EQ(to_text(back), to_text(one));
  EXPECT_EQ(back.ports, one.ports);
  EXPECT_EQ(draw(back), draw(one));
  EXPECT_EQ(back.bias, one.bias);
  std::mt19937_64 random(5);
  const auto value = [&](const IntRange& range) {
    const auto draw = random() % 4;
    if (draw == 0) return range.lo;
    if (draw == 1) return range.hi;
    return range.lo + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(range.span() + 1));
  };
  for (int trial = 0; trial < 2000; ++trial) {
    Step step;
    for (std::size_t i = 0; i < both.weight_offsets.size(); ++i) step.weights.push_back(value(one.weight));
    for (std::size_t j = 0; j < both.activation_offsets.size(); ++j)
      step.activations.push_back(value(one.activation));
    expect_every_field(both, step);
  }
}

TEST(SideBySide, EveryFieldOfBothHalvesIsItsOwnSum) {
  const auto bytes = assemble({.ports = kHalves, .weight = {-127, 127}, .activation = {-128, 127}},
                              {.weight_offsets = {0}, .activation_offsets = {0}}, 1);
  expect_random_products(bytes);
  const auto rows = assemble({.ports = kHalves, .weight = {-1, 1}, .activation = {0, 3}, .kernel = 2},
                             {.family = Family::Convolution,
                              .weight_offsets = {0, 5},
                              .activation_offsets = {0, 5},
                              .taps = 2,
                              .pixels = 2},
                             1);
  expect_random_products(rows);
  const Packing both = side_by_side(rows);
  EXPECT_EQ(to_text(both),
            "2 multipliers of 8 x 8 on the same activations, together 2 of 2 taps x 2 pixels, 8 MAC, 6 "
            "fields, n = 1");
  EXPECT_EQ(both.weight_offsets, (std::vector<int>{0, 5, 16, 21}));
  EXPECT_EQ(both.weight_port_bits(), 24);
  EXPECT_EQ(both.activation_port_bits(), 8);
}

TEST(SideBySide, AFieldThatReachesIntoTheOtherMultiplierIsNoPacking) {
  const Layout single{.weight_offsets = {0}, .activation_offsets = {0}};
  const auto tight =
      assemble({.ports = kHalves, .weight = {-127, 127}, .activation = {-128, 127}}, single, 3);
  EXPECT_FALSE(verify(side_by_side(tight)));
  const auto loose = assemble({.ports = kHalves, .weight = {-7, 7}, .activation = {-8, 7}}, single, 1);
  Packing shifted = side_by_side(loose);
  EXPECT_TRUE(verify(shifted));
  shifted.weight_offsets.back() = 17;
  ASSERT_FALSE(verify(shifted));
  EXPECT_NE(to_text(verify(shifted).errors()).find("BM-PACK-015"), std::string::npos);
  const auto expect_refused = [&](auto&& alter) {
    Packing other = side_by_side(loose);
    alter(other);
    EXPECT_FALSE(verify(other)) << to_text(other);
  };
  expect_refused([](Packing& p) { p.bias += std::int64_t{1} << 16; });
  expect_refused([](Packing& p) { p.fields.back().offset += 1; });
  expect_refused([](Packing& p) { p.fields.back().terms = {{0, 0}}; });
  expect_refused([](Packing& p) { p.fields.pop_back(); });
  expect_refused([](Packing& p) { p.weights_on_wide_port = false; });
  expect_refused([](Packing& p) { p.family = Family::Convolution; });
  expect_refused([](Packing& p) { p.ports.cut_bits = 12; });
  expect_refused([](Packing& p) { p.ports.multipliers = 2; });
}

TEST(SideBySide, AWholePrimitiveStaysAsItIs) {
  const auto packing = solve(problem(4, 4), Family::OuterProduct, 2, 2, 1);
  ASSERT_TRUE(packing);
  const Packing same = side_by_side(*packing);
  EXPECT_EQ(same.weight_offsets, packing->weight_offsets);
  EXPECT_EQ(same.ports, packing->ports);
}

}  // namespace
}  // namespace bitmason::pack::test
