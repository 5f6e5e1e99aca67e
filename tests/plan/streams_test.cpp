#include "plan/streams.hpp"

#include <gtest/gtest.h>

#include "plan/networks.hpp"

namespace bitmason::plan {
namespace {

/// 24 channels of 8 x 6 in beats of `sends`, then a 1x1 layer that takes `simd` and sends `results` a beat;
/// both layers need 200 cycles.
Cycles interval(int sends, int simd, int results) {
  testing::NetworkMaker maker({{24, 8, 6}, {0, 15}}, 1);
  maker.conv("conv", 24, 1, 2);
  ConvPlan conv;
  conv.simd = simd;
  return interval_of(maker.finish(),
                     {{.layer = "image", .channels_per_beat = sends, .cycles = Cycles(200)},
                      {.layer = "conv", .channels_per_beat = results, .conv = conv, .cycles = Cycles(200)}});
}

TEST(StreamsTest, TheIntervalIsThatOfTheSlowestLayerOrStream) {
  // 1,152 values in beats of 8 are 144; from 8 to 6 channels they pass 2 at a time.
  EXPECT_EQ(interval(8, 8, 24), Cycles(200));
  EXPECT_EQ(interval(8, 6, 24), Cycles(576));
  EXPECT_EQ(interval(8, 8, 3), Cycles(384));
}

}  // namespace
}  // namespace bitmason::plan
