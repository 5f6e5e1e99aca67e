#include <fmt/format.h>

#include "zoo/catalogue.hpp"

/// Classifiers of 32 x 32 and 224 x 224 images.
namespace bitmason::zoo {

/// VGG-tiny of DeepBurning-MixQ (Luo et al., ICCAD 2023): three pairs of 3x3 convolutions and one dense
/// layer.
Topology vgg_tiny() {
  Sketch net("VGG-tiny", {3, 32, 32});
  for (int i = 0; const int channels : {64, 64, 128, 128, 256, 256}) {
    net.add(fmt::format("conv{}", i), Conv{channels, same(3)});
    if (i % 2 == 1) net.add(fmt::format("pool{}", i), MaxPool{});
    ++i;
  }
  net.add("dense", Dense{10});
  return net.take();
}

/// CNV of FINN (Umuroglu et al., FPGA 2017): three pairs of 3x3 convolutions without padding and three dense
/// layers.
Topology cnv() {
  Sketch net("CNV", {3, 32, 32});
  for (int i = 0; const int channels : {64, 64, 128, 128, 256, 256}) {
    net.add(fmt::format("conv{}", i), Conv{channels, valid(3)});
    if (i == 1 || i == 3) net.add(fmt::format("pool{}", i), MaxPool{});
    ++i;
  }
  for (int i = 0; const int outputs : {512, 512, 10}) net.add(fmt::format("dense{}", i++), Dense{outputs});
  return net.take();
}

/// MobileNet-v1 1.0 (Howard et al., 2017): a 3x3 convolution of stride 2, thirteen pairs of a depthwise and a
/// pointwise convolution, mean, dense.
Topology mobilenet_v1() {
  struct Pair {
    int stride;
    int channels;
  };
  constexpr Pair kPairs[] = {{1, 64},  {2, 128}, {1, 128}, {2, 256}, {1, 256},  {2, 512}, {1, 512},
                             {1, 512}, {1, 512}, {1, 512}, {1, 512}, {2, 1024}, {1, 1024}};
  Sketch net("MobileNet-v1", {3, 224, 224});
  net.add("conv0", Conv{32, same(3, 2)});
  for (int i = 1; const auto& [stride, channels] : kPairs) {
    net.add(fmt::format("dw{}", i), Conv{net.last_channels(), same(3, stride), true});
    net.add(fmt::format("pw{}", i), Conv{channels, same(1)});
    ++i;
  }
  net.add("mean", AveragePool{});
  net.add("dense", Dense{1000});
  return net.take();
}

}  // namespace bitmason::zoo
