#pragma once

#include <gtest/gtest.h>

#include "import/evaluate.hpp"
#include "support/graph_writer.hpp"

namespace bitmason::test {

using Ints = std::vector<std::int64_t>;
using Attributes = std::map<std::string, onnxio::Attribute>;

inline std::vector<double> weights(std::size_t count, int seed = 1) {
  std::vector<double> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(static_cast<double>((static_cast<int>(i) * 7 + seed * 5) % 15 - 7));
  return result;
}

/// A graph whose input x passes one quantiser, for one operator to follow.
struct Fixture {
  GraphWriter g{"test"};
  std::string x;
  std::string q;

  explicit Fixture(Ints shape, int bits = 4, bool is_signed = true) {
    x = g.input("x", std::move(shape));
    q = g.quant(x, {}, {0.25}, bits, is_signed, false);
  }
  std::string quantised(Ints shape, std::size_t count, Ints scale_shape = {},
                        std::vector<double> scale = {0.5}) {
    return g.quant(g.constant(std::move(shape), weights(count)), std::move(scale_shape), std::move(scale), 4,
                   true, true);
  }
  import::Imported check(const std::string& y){return expect_exact(std::move(g).finish(y, {1}), {});
}
};  // namespace bitmason::test

inline int count_layers(const import::Imported& imported, std::string_view kind) {
  int count = 0;
  for (const ir::Layer& layer : imported.network.layers())
    count += ir::kind_name(layer.operation) == kind ? 1 : 0;
  return count;
}

}  // namespace bitmason::test
