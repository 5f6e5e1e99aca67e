#include <gtest/gtest.h>

#include "packing_cases.hpp"

namespace bitmason::pack::test {
namespace {

TEST(Draw, ShowsTheKernelRowOf3W4A4) {
  const auto packing = solve(problem(4, 4, 3), Family::Convolution, 3, 2, 4);
  ASSERT_TRUE(packing);
  EXPECT_EQ(draw(*packing),
            "  tens of bits        4         3         2         1         0\n"
            "       weights                      .2222.......1111.......0000\n"
            "   activations                               ...1111.......0000\n"
            "           sum .....33333333332222222222211111111111.0000000000\n");
}

TEST(Draw, MarksBitsThatTwoOperandsShare) {
  const Packing packing = assemble(problem(4, 1),
                                   {.family = Family::OuterProduct,
                                    .weight_offsets = {0, 2},
                                    .activation_offsets = {0},
                                    .weights_on_wide_port = false},
                                   1);
  EXPECT_NE(draw(packing).find("............11++00\n"), std::string::npos) << draw(packing);
}

TEST(ToText, NamesASingleWeightWithoutPlural) {
  const auto packing = solve(problem(8, 8), Family::OuterProduct, 1, 1, 1);
  ASSERT_TRUE(packing);
  // 2^48 - 1 over 127 * 255 * 2 exceeds the most accumulations kept, 2^30.
  EXPECT_EQ(to_text(*packing), "1 weight x 1 pixel, 1 MAC, 1 field, n = 1073741824");
}

}  // namespace
}  // namespace bitmason::pack::test
