#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"

namespace bitmason::benchmarks {

/// Convolution of random 4-bit weights, requantised to 4 bits by 15 random thresholds per channel.
inline ir::TensorId add_block(ir::NetworkBuilder& builder, ir::TensorId input, int outputs, int kernel,
                              bool requantise, std::mt19937& random) {
  const int channels = builder.type(input).shape.channels;
  ir::Conv conv;
  const int pad = kernel / 2;
  conv.window = {.kernel_h = kernel,
                 .kernel_w = kernel,
                 .pad_top = pad,
                 .pad_left = pad,
                 .pad_bottom = pad,
                 .pad_right = pad};
  conv.weights = {outputs, channels, kernel, kernel, {}, IntRange::narrow_bits(4)};
  conv.weights.values.resize(static_cast<std::size_t>(outputs * channels * kernel * kernel));
  for (auto& value : conv.weights.values) value = static_cast<int>(random() % 15) - 7;
  const ir::TensorId id = builder.add("conv", conv, {input}).value();
  if (!requantise) return id;
  ir::Thresholds thresholds{
      .output = IntRange::unsigned_bits(4), .rows = outputs, .values = {}, .decreasing = {}};
  for (int o = 0; o < outputs; ++o) {
    std::vector<std::int64_t> row(15);
    for (auto& t : row) t = static_cast<std::int64_t>(random() % 4000) - 1000;
    std::ranges::sort(row);
    thresholds.values.insert(thresholds.values.end(), row.begin(), row.end());
    thresholds.decreasing.push_back(0);
  }
  return builder.add("requantise", ir::Requantise{thresholds}, {id}).value();
}

/// A network with the layer shapes and widths of UltraNet 4w4a (199.53 M MAC a frame) and random parameters.
inline ir::Network ultranet_shape() {
  std::mt19937 random(1);
  ir::NetworkBuilder builder("ultranet_shape");
  ir::TensorId id = builder.add_input("image", {{3, 160, 320}, {0, 255}}, {.name = "image"}).value();
  const ir::MaxPool pool{{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2}};
  const int outputs[] = {16, 32, 64, 64, 64, 64, 64, 64};
  for (int k = 0; k < 8; ++k) {
    id = add_block(builder, id, outputs[k], 3, true, random);
    if (k < 4) id = builder.add("pool", pool, {id}).value();
  }
  id = add_block(builder, id, 36, 1, false, random);
  static_cast<void>(builder.add_output({.name = "conv8", .layer = id.index}).ok());
  return std::move(builder).build().value();
}

inline std::vector<sim::Codes> random_image(const ir::Network& network) {
  std::mt19937 random(2);
  sim::Codes codes(static_cast<std::size_t>(network.layers()[0].type.shape.elements()));
  for (auto& code : codes) code = random() % 256;
  return {codes};
}

}  // namespace bitmason::benchmarks
