#include "import/operator_fixture.hpp"

/// ReduceMean over the pixels, against exact rational execution of the same graphs.
namespace bitmason::test {
namespace {

/// Axes as the opset has them: an attribute before 18, an input from then on.
std::string reduce_mean(Fixture& f, const std::string& x, const Ints& axes, bool keep, bool as_input) {
  Attributes attributes{{"keepdims", std::int64_t{keep ? 1 : 0}}};
  std::vector<std::string> inputs{x};
  if (as_input) {
    inputs.push_back(f.g.integers({static_cast<std::int64_t>(axes.size())}, axes));
  } else {
    attributes["axes"] = axes;
  }
  return f.g.node("ReduceMean", inputs, attributes);
}

TEST(ReduceMean, OverThePixelsIsAnExactSum) {
  for (const bool as_input : {false, true}) {
    for (const bool keep : {false, true}) {
      for (const Ints& axes : {Ints{2, 3}, Ints{3, 2}, Ints{-1, -2}}) {
        Fixture f({1, 2, 3, 4});
        const auto imported = f.check(reduce_mean(f, f.q, axes, keep, as_input));
        EXPECT_EQ(count_layers(imported, "sum_pool"), 1);
        EXPECT_EQ(imported.network.layers().size(), 2u);
        EXPECT_EQ(imported.network.outputs()[0].layout.file_shape, (keep ? Ints{1, 2, 1, 1} : Ints{1, 2}));
      }
    }
  }
}

TEST(ReduceMean, WithoutItsPixelsMeetsAMatrixProductAndQuantisers) {
  Fixture f({1, 3, 4, 4});
  const std::string c = f.g.node("Conv", {f.q, f.quantised({5, 3, 3, 3}, 135)}, {{"pads", Ints{1, 1, 1, 1}}});
  const std::string a = f.g.quant(f.g.node("Relu", {c}), {}, {2}, 3, false, false);
  const std::string mean = f.g.quant(reduce_mean(f, a, {2, 3}, false, true), {}, {0.5}, 4, false, false);
  f.check(f.g.node("MatMul", {mean, f.quantised({5, 4}, 20)}));
}

TEST(ReduceMean, OfOneDimensionAndOfChannelLastOrder) {
  for (const bool keep : {false, true}) {
    Fixture f({1, 3, 6});
    f.check(reduce_mean(f, f.q, {2}, keep, true));
    Fixture line({1, 3, 6});
    // A Transpose right behind the input would make that channel-last instead.
    const std::string conv = line.g.node("Conv", {line.q, line.quantised({2, 3, 1}, 6)});
    const std::string last = line.g.node("Transpose", {conv}, {{"perm", Ints{0, 2, 1}}});
    line.check(reduce_mean(line, last, {1}, keep, true));
    Fixture h({1, 3, 2, 5});
    const std::string channels_last = h.g.node("Transpose", {h.q}, {{"perm", Ints{0, 2, 3, 1}}});
    const auto imported = h.check(reduce_mean(h, channels_last, {1, 2}, keep, false));
    EXPECT_EQ(imported.network.layers().size(), 2u);
    EXPECT_EQ(imported.network.outputs()[0].layout.file_shape, (keep ? Ints{1, 1, 1, 3} : Ints{1, 3}));
  }
}

TEST(ReduceMean, OverOtherAxesIsRefusedWithTheAxesThatWork) {
  const auto refusal = [](const Ints& axes) {
    Fixture f({1, 2, 3, 4});
    const std::string y =
        axes.empty() ? f.g.node("ReduceMean", {f.q}) : reduce_mean(f, f.q, axes, true, true);
    const auto imported = import::import_onnx(std::move(f.g).finish(y, {1}), {});
    return imported ? "imported" : imported.errors().front().text;
  };
  const std::string needed =
      " and all axes of the pixels, [2, 3] or in channel-last order [1, 2] is needed; export the node again "
      "with that";
  EXPECT_EQ(refusal({1}), "attribute axes is [1]" + needed);
  EXPECT_EQ(refusal({2}), "attribute axes is [2]" + needed);
  EXPECT_EQ(refusal({0, 2, 3}), "attribute axes is [0, 2, 3]" + needed);
  EXPECT_EQ(refusal({}), "attribute axes is absent" + needed);
  // Channel-last axes of a frame in channel-first order would mix channels and columns.
  EXPECT_NE(refusal({1, 2}), "imported");
}

}  // namespace
}  // namespace bitmason::test
