#pragma once

#include <string_view>

#include "base/random.hpp"
#include "zoo/make.hpp"

/// Files of the zoo for tests, calibrated on one frame of random codes and one of extremes.
namespace bitmason::test {

inline onnxio::Model zoo_model(const zoo::Order& order) {
  const ir::TensorType type = zoo::image_type(order);
  Random random(order.seed, 99);
  std::vector<sim::Codes> frames(2);
  for (std::int64_t i = 0; i < type.shape.elements(); ++i) {
    frames[0].push_back(
        static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(type.range.hi) + 1)));
    frames[1].push_back(random.below(2) == 0 ? 0 : type.range.hi);
  }
  return zoo::make_model(order, frames, [](std::string_view) {});
}

inline zoo::Order zoo_order(std::string_view name, const zoo::BitsRequest& bits) {
  const zoo::Entry entry = *zoo::find(name);
  return {entry.topology, *zoo::bits_of(entry, bits)};
}

inline onnxio::Model zoo_model(std::string_view name, const zoo::BitsRequest& bits) {
  return zoo_model(zoo_order(name, bits));
}

/// Two pairs of a depthwise and a pointwise convolution, as in MobileNet-v1, on 16 x 16 images of 3 channels.
inline zoo::Topology small_mobilenet() {
  zoo::Sketch net("small MobileNet", {3, 16, 16});
  net.add("conv0", zoo::Conv{8, zoo::same(3, 2)});
  net.add("dw1", zoo::Conv{8, zoo::same(3), true});
  net.add("pw1", zoo::Conv{16, zoo::same(1)});
  net.add("dw2", zoo::Conv{16, zoo::same(3, 2), true});
  net.add("pw2", zoo::Conv{24, zoo::same(1)});
  net.add("mean", zoo::AveragePool{});
  net.add("dense", zoo::Dense{10});
  return net.take();
}

/// A trunk joined by space-to-depth of an earlier value, as in UltraNet_Bypass, on 8 x 8 images of 3
/// channels.
inline zoo::Topology small_bypass() {
  zoo::Sketch net("small bypass", {3, 8, 8});
  const int before_pool = net.add("conv0", zoo::Conv{4, zoo::same(3)});
  net.add("pool0", zoo::MaxPool{});
  const int trunk = net.add("conv1", zoo::Conv{8, zoo::same(3)});
  const int side = net.add("reorder", zoo::SpaceToDepth{}, {before_pool});
  net.add("concat", zoo::Concat{}, {side, trunk});
  net.add("conv2", zoo::Conv{8, zoo::same(3)});
  net.add("head", zoo::Conv{6, zoo::same(1)});
  return net.take();
}

}  // namespace bitmason::test
