#include "sim/engine.hpp"

#include <gtest/gtest.h>

#include "sim/random_network.hpp"

namespace bitmason::sim {
namespace {

using testing_support::random_frame;
using testing_support::random_network;

class EngineTest : public testing::TestWithParam<Isa> {
 protected:
  void SetUp() override {
    if (!is_supported(GetParam())) GTEST_SKIP() << "this processor lacks " << name_of(GetParam());
  }
};

/// First difference as text; empty where all kept tensors are equal.
std::string difference(const ir::Network& network, const Trace& expected, const Trace& actual, bool all) {
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (actual[i].empty() && !all) continue;
    if (actual[i].size() != expected[i].size()) return "size of layer " + std::to_string(i);
    for (std::size_t k = 0; k < expected[i].size(); ++k) {
      if (actual[i][k] != expected[i][k]) {
        return "layer " + std::to_string(i) + " " +
               std::string(ir::kind_name(network.layers()[i].operation)) + " element " + std::to_string(k) +
               ": " + std::to_string(actual[i][k]) + " instead of " + std::to_string(expected[i][k]);
      }
    }
  }
  return "";
}

TEST_P(EngineTest, EveryTensorOf400RandomNetworksEqualsTheReference) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ir::Network network = random_network(seed);
    const auto frame = random_frame(network, seed + 1);
    const Trace expected = run_reference(network, frame);
    Engine all(network, {.isa = GetParam(), .threads = 2, .keep_all = true});
    ASSERT_EQ(difference(network, expected, all.run(frame), true), "") << "seed " << seed;
    Engine outputs(network, {.isa = GetParam(), .threads = 1});
    const Trace actual = outputs.run(frame);
    ASSERT_EQ(difference(network, expected, actual, false), "") << "seed " << seed;
    for (const ir::OutputPort& port : network.outputs())
      ASSERT_FALSE(actual[static_cast<std::size_t>(port.layer)].empty());
  }
}

TEST_P(EngineTest, BatchOf7FramesEqualsEachFrameAlone) {
  const ir::Network network = random_network(12);
  std::vector<std::vector<Codes>> frames;
  for (std::uint64_t f = 0; f < 7; ++f) frames.push_back(random_frame(network, 100 + f));
  Engine engine(network, {.isa = GetParam(), .threads = 3});
  std::vector<std::size_t> progress;
  const auto traces = engine.run_batch(frames, [&](std::size_t done) { progress.push_back(done); });
  EXPECT_EQ(progress, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7}));
  for (std::size_t f = 0; f < frames.size(); ++f) {
    EXPECT_EQ(difference(network, run_reference(network, frames[f]), traces[f], false), "") << f;
    EXPECT_EQ(engine.run(frames[f]), traces[f]) << f;
  }
}

INSTANTIATE_TEST_SUITE_P(Isas, EngineTest, testing::Values(Isa::Portable, Isa::Avx2, Isa::Avx512Vnni),
                         [](const auto& parameter) { return std::string(name_of(parameter.param)); });

}  // namespace
}  // namespace bitmason::sim
