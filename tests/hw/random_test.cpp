#include <gtest/gtest.h>

#include "hw/design.hpp"
#include "plan/networks.hpp"

namespace bitmason::hw {
namespace {

using plan::testing::dsp48e2;
using plan::testing::NetworkMaker;
using plan::testing::xczu3eg;

/// One random layer that fits behind the last one.
void add_random_layer(NetworkMaker& maker, const std::string& name) {
  const ir::TensorType type = maker.builder().type(maker.last());
  const ir::Shape& s = type.shape;
  switch (maker.draw({0, 8})) {
    case 0:
      return maker.conv(name, maker.draw({1, 6}), maker.draw({0, 1}) == 0 ? 1 : 3, maker.draw({1, 8}));
    case 1:
      return maker.conv(name, s.channels, 3, 3, s.channels);
    case 2:
      return maker.conv(name, s.channels * 2, 1, 3, s.channels);
    case 3:
      return maker.add(name, ir::MaxPool{.window = {3, 3, 2, 2, 1, 1, 1, 1}});
    case 4:
      return maker.add(name, ir::SumPool{.window = {s.height, s.width, 1, 1}});
    case 5:
      return maker.add(name, ir::Add{.multipliers = {maker.draw({-3, 3})}, .constant = maker.draw({-9, 9})});
    case 6: {
      const ir::TensorId skip = maker.last();
      maker.conv(name + "_branch", s.channels, 3, 2);
      const bool join = maker.draw({0, 1}) == 0;
      const ir::Operation operation =
          join ? ir::Operation{ir::Add{.multipliers = {1, -2}}} : ir::Operation{ir::Concat{}};
      return maker.move_to(*maker.builder().add(name, operation, {maker.last(), skip}));
    }
    case 7:
      return maker.add(name, ir::Upsample{.factor_h = 2, .factor_w = 1});
    default:
      if (s.height % 2 == 0 && s.width % 2 == 0) return maker.add(name, ir::SpaceToDepth{.block = 2});
      if (s.channels % 4 == 0)
        maker.add(name, ir::DepthToSpace{.block = 2, .order = ir::BlockOrder::ColumnRowDepth});
  }
}

TEST(RandomTest, TwoHundredRandomNetworksPlanAndLower) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    NetworkMaker maker({{4, 8, 6}, seed % 3 == 0 ? IntRange{-8, 7} : IntRange{0, 15}}, seed);
    for (int layer = 0; layer < 4; ++layer) {
      add_random_layer(maker, "layer" + std::to_string(layer));
      if (maker.builder().type(maker.last()).range.bits() > 6)
        maker.requantise("act" + std::to_string(layer), 1 + layer);
    }
    const ir::Network network = maker.finish();
    const device::Part part = xczu3eg();
    const plan::Budget budget{.limit = {part.dsps, part.luts, part.flip_flops, part.bram18s, part.urams},
                              .clock_mhz = 100};
    const auto plan = plan::solve(network, part, dsp48e2(), budget);
    ASSERT_TRUE(plan) << "seed " << seed << "\n" << to_text(plan.errors());
    const Status planned = plan::verify(network, dsp48e2(), budget, *plan);
    ASSERT_TRUE(planned.ok()) << "seed " << seed << "\n" << to_text(planned.errors());
    const auto design = lower(network, *plan, part, dsp48e2());
    ASSERT_TRUE(design) << "seed " << seed << "\n" << to_text(design.errors());
    const Status status = verify(*design);
    ASSERT_TRUE(status.ok()) << "seed " << seed << "\n" << to_text(status.errors());
  }
}

}  // namespace
}  // namespace bitmason::hw
