#include "plan/operand_shapes.hpp"

#include <gtest/gtest.h>

#include "networks.hpp"
#include "plan/plan.hpp"

namespace bitmason::plan::testing {
namespace {

/// 3x3, 16 channels of activations of `range`, 4-bit weights, padding of `pad_value`.
ConvGeometry geometry(const IntRange& range, std::int64_t pad_value = 0) {
  NetworkMaker maker({{16, 12, 12}, range}, 1);
  maker.conv("conv", 16, 3, 4);
  const ir::Network network = maker.finish();
  ConvGeometry geometry = geometry_of(network, network.layers().back());
  geometry.real_padding_columns = pad_value != 0;
  return geometry;
}

const OperandShape* row_of(const std::vector<OperandShape>& shapes, int pixels) {
  for (const OperandShape& shape : shapes) {
    if (shape.family == pack::Family::Convolution && shape.pixels == pixels) return &shape;
  }
  return nullptr;
}

TEST(OperandShapes, CentredCodesSaveAResidueBitOfTwelveProducts) {
  ConvGeometry row = geometry({0, 15});
  row.weight = {-7, 7};
  const auto shapes = operand_shapes(row, {packing_problem(row, {})});
  const OperandShape* four = row_of(shapes, 4);
  ASSERT_NE(four, nullptr);
  EXPECT_FALSE(four->guarded);
  std::vector<std::pair<int, int>> canaries;
  for (const Overlapping& overlapping : four->overlapping) {
    if (overlapping.packing.rule != pack::Rule::Canary) continue;
    canaries.emplace_back(overlapping.centre, overlapping.packing.side_bits);
    EXPECT_EQ(overlapping.packing.activation, (IntRange{-overlapping.centre, 15 - overlapping.centre}));
  }
  EXPECT_EQ(canaries, (std::vector<std::pair<int, int>>{{0, 3}, {8, 2}}));
}

TEST(OperandShapes, ASignedOrRealPaddedRowIsNotCentred) {
  EXPECT_EQ(geometry({0, 15}).centre(pack::Family::Convolution), 8);
  EXPECT_EQ(geometry({0, 9}).centre(pack::Family::Convolution), 8);
  EXPECT_EQ(geometry({0, 1}).centre(pack::Family::Convolution), 1);
  EXPECT_EQ(geometry({-8, 7}).centre(pack::Family::Convolution), std::nullopt);
  EXPECT_EQ(geometry({0, 15}, 3).centre(pack::Family::Convolution), std::nullopt);
  EXPECT_EQ(geometry({0, 15}, 3).centre(pack::Family::OuterProduct), 8);
}

TEST(OperandShapes, EveryPaddingColumnIsAClassOfItsOwn) {
  EXPECT_EQ(geometry({0, 15}).centre_classes(pack::Family::Convolution), 3);
  EXPECT_EQ(geometry({0, 15}).centre_classes(pack::Family::OuterProduct), 1);
}

TEST(OperandShapes, VerifyRefusesAnotherCentre) {
  NetworkMaker maker({{16, 12, 12}, {0, 15}}, 1);
  maker.conv("conv", 16, 3, 4);
  const ir::Network network = maker.finish();
  Budget budget = budget_of(xczu3eg());
  budget.limit.dsps = Dsps(8);
  budget.limit.luts = Luts(3000);  // no room for multipliers in LUTs
  auto plan = solve(network, xczu3eg(), dsp48e2(), budget);
  ASSERT_TRUE(plan) << to_text(plan.errors());
  ConvPlan& conv = *plan->layers[1].conv;
  ASSERT_EQ(conv.centre, 8);
  EXPECT_TRUE(verify(network, dsp48e2(), budget, *plan));
  conv.centre = 4;
  const auto refused = verify(network, dsp48e2(), budget, *plan);
  ASSERT_FALSE(refused);
  EXPECT_NE(to_text(refused.errors()).find("codes less 4 cannot be multiplied"), std::string::npos)
      << to_text(refused.errors());
  conv.centre = 0;
  EXPECT_FALSE(verify(network, dsp48e2(), budget, *plan));
}

}  // namespace
}  // namespace bitmason::plan::testing
