#include <fmt/format.h>

#include "zoo/catalogue.hpp"

/// Networks of MLPerf Tiny (Banbury et al., NeurIPS 2021 datasets and benchmarks).
namespace bitmason::zoo {

/// Image classification, CIFAR-10: three residual stacks; the second and third halve the frame and project
/// the shortcut by a 1x1 convolution.
Topology resnet8() {
  Sketch net("ResNet-8", {3, 32, 32});
  int shortcut = net.add("conv0", Conv{16, same(3)});
  for (int stack = 1; const int channels : {16, 32, 64}) {
    const int stride = stack == 1 ? 1 : 2;
    const int in = shortcut;
    net.add(fmt::format("stack{}_conv1", stack), Conv{channels, same(3, stride)});
    const int branch =
        net.add(fmt::format("stack{}_conv2", stack), Conv{channels, same(3), false, /*relu=*/false});
    if (stride == 2) {
      shortcut = net.add(fmt::format("stack{}_shortcut", stack),
                         Conv{channels, same(1, stride), false, /*relu=*/false}, {in});
    }
    shortcut = net.add(fmt::format("stack{}_sum", stack), Sum{}, {shortcut, branch});
    ++stack;
  }
  net.add("mean", AveragePool{});
  net.add("dense", Dense{10});
  return net.take();
}

/// Keyword spotting, 49 frames of 10 coefficients: a 10x4 convolution of stride 2 that keeps half of the
/// frame (TensorFlow's "same": the odd row of padding below), four pairs of a depthwise and a pointwise
/// convolution.
Topology ds_cnn() {
  Sketch net("DS-CNN", {1, 49, 10});
  net.add("conv0", Conv{64, {10, 4, 2, 2, 4, 1, 5, 1}});
  for (int i = 1; i <= 4; ++i) {
    net.add(fmt::format("dw{}", i), Conv{64, same(3), true});
    net.add(fmt::format("pw{}", i), Conv{64, same(1)});
  }
  net.add("mean", AveragePool{});
  net.add("dense", Dense{12});
  return net.take();
}

}  // namespace bitmason::zoo
