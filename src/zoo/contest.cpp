#include <fmt/format.h>

#include "zoo/catalogue.hpp"

/// Detection networks of the DAC-SDC contest: frames of 160 x 320 pixels, 36 channels of 10 x 20 cells.
namespace bitmason::zoo {

/// UltraNet (BJUT, 2020): eight 3x3 convolutions and a 1x1 head. With bypass, the frame before the last
/// pooling goes to channels and joins the input of the eighth.
Topology ultranet(bool bypass) {
  Sketch net(bypass ? "UltraNet_Bypass" : "UltraNet", {3, 160, 320});
  int before_pool = 0;
  for (int i = 0; const int channels : {16, 32, 64, 64}) {
    before_pool = net.add(fmt::format("conv{}", i), Conv{channels, same(3)});
    net.add(fmt::format("pool{}", i++), MaxPool{});
  }
  for (int i = 4; i < 8; ++i) {
    if (bypass && i == 7) {
      const int trunk = net.last();
      const int side = net.add("reorder", SpaceToDepth{}, {before_pool});
      net.add("concat", Concat{}, {side, trunk});
    }
    net.add(fmt::format("conv{}", i), Conv{64, same(3)});
  }
  net.add("conv8", Conv{36, same(1)});
  return net.take();
}

/// SkyNet (Zhang et al., MLSys 2020) as the reference system builds it, without the original's bypass: six
/// pairs of a depthwise and a pointwise convolution, and a 1x1 head.
Topology skynet(int kernel) {
  Sketch net(kernel == 3 ? "SkyNet" : fmt::format("SkyNetk{}", kernel), {3, 160, 320});
  for (int pair = 1; const int channels : {48, 96, 192, 384, 512, 96}) {
    net.add(fmt::format("dw{}", pair), Conv{net.last_channels(), same(kernel), true});
    net.add(fmt::format("pw{}", pair), Conv{channels, same(1)});
    if (pair <= 3) net.add(fmt::format("pool{}", pair), MaxPool{});
    ++pair;
  }
  net.add("head", Conv{36, same(1)});
  return net.take();
}

}  // namespace bitmason::zoo
