#include "plan/exact.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "plan/networks.hpp"
#include "plan/search.hpp"
#include "plan/streams.hpp"

namespace bitmason::plan {
namespace {

using testing::dsp48e2;
using testing::NetworkMaker;

constexpr Prices kPrices{.each = {1.0 / 360, 1.0 / 70560, 0.25 / 141120, 1.0 / 432, 0, 0}};

/// A 1x1 layer, its requantisation and a second 1x1 layer, on 4 x 4 pixels.
ir::Network chain() {
  NetworkMaker maker({{2, 4, 4}, {0, 3}}, 1);
  maker.conv("first", 6, 1, 2);
  maker.requantise("act", 2);
  maker.conv("second", 4, 1, 2);
  return maker.finish();
}

/// A network and its choices, which point to it.
struct Case {
  ir::Network network = chain();
  std::vector<LayerChoices> choices = *all_choices(network, dsp48e2(), {});
};

bool within(const Resources& use, const Resources& limit) {
  return use.dsps <= limit.dsps && use.luts <= limit.luts && use.flip_flops <= limit.flip_flops &&
         use.bram18s <= limit.bram18s;
}

/// The least price of all combinations of implementations and widths of a chain of layers, by trying each;
/// nothing if none fits.
std::optional<double> by_trying(const Case& given, const Resources& limit, std::int64_t interval) {
  std::optional<double> best;
  const std::function<void(std::size_t, int, Resources)> go = [&](std::size_t k, int sent,
                                                                  const Resources& so_far) {
    if (k == given.choices.size()) {
      const double price = kPrices.of(so_far);
      if (within(so_far, limit) && (!best || price < *best)) best = price;
      return;
    }
    const LayerChoices& layer = given.choices[k];
    for (const Implementation& implementation : layer.implementations(interval)) {
      Resources use = so_far + implementation.cost;
      if (k > 0) {
        const ir::TensorType& type = given.network.layers()[k - 1].type;
        const int takes = implementation.input_channels;
        if (type.shape.elements() / std::gcd(sent, takes) > interval) continue;
        use = use + width_change_cost(type.range.bits(), sent, takes);
      }
      for (const int channels : layer.output_choices(implementation, interval)) go(k + 1, channels, use);
    }
  };
  go(0, 0, {});
  return best;
}

TEST(ExactChoiceTest, EqualsTheCheapestOfAllCombinations) {
  const Case given;
  const Resources part{Dsps(360), Luts(59976), FlipFlops(141120), Bram18s(432), Urams(0)};
  for (const std::int64_t interval : {16, 24, 48, 96}) {
    for (const std::int64_t luts : {59976, 1200, 700, 300}) {
      for (const std::int64_t dsps : {360, 3, 0}) {
        Resources limit = part;
        limit.luts = Luts(luts);
        limit.dsps = Dsps(dsps);
        const auto expected = by_trying(given, limit, interval);
        const auto found = ExactChoice(given.network, given.choices, limit, interval, kPrices).solve(1000);
        SCOPED_TRACE(::testing::Message() << interval << " cycles, " << luts << " LUTs, " << dsps << " DSPs");
        EXPECT_EQ(found.status == IntegerProgram::Status::Infeasible, !expected);
        if (!expected) continue;
        ASSERT_EQ(found.layers.size(), given.choices.size());
        std::vector<LayerPlan> layers = found.layers;
        EXPECT_LE(interval_of(given.network, layers), Cycles(interval));
        add_plumbing(given.network, {}, layers);
        const Resources total = total_of(layers);
        EXPECT_TRUE(within(total, limit));
        EXPECT_LE(kPrices.of(total), *expected * 1.001);
        EXPECT_LE(found.bound, *expected * (1 + 1e-9));
        EXPECT_GE(found.bound, *expected * 0.998);
      }
    }
  }
}

TEST(ExactChoiceTest, NobodyReadsTheResultsSoTheirStreamIsTheNarrowestInTime) {
  // 4 channels of 16 pixels: one a beat in 96 or 64 cycles, two in 48, all in 16.
  NetworkMaker maker({{2, 4, 4}, {0, 3}}, 1);
  maker.conv("only", 4, 3, 2);
  const ir::Network network = maker.finish();
  const std::vector<LayerChoices> choices = *all_choices(network, dsp48e2(), {});
  const Resources part{Dsps(360), Luts(59976), FlipFlops(141120), Bram18s(432), Urams(0)};
  for (const auto& [interval, channels] : {std::pair<std::int64_t, int>{96, 1}, {64, 1}, {48, 2}, {16, 4}}) {
    const auto found = ExactChoice(network, choices, part, interval, kPrices).solve(1000);
    ASSERT_EQ(found.layers.size(), choices.size()) << interval;
    EXPECT_EQ(found.layers.back().channels_per_beat, channels) << interval;
  }
}

TEST(ExactChoiceTest, AnIntervalBelowTheSlowestLayersBestIsImpossible) {
  const Case given;
  const Resources part{Dsps(360), Luts(59976), FlipFlops(141120), Bram18s(432), Urams(0)};
  // Four rows, each a beat at most.
  EXPECT_EQ(ExactChoice(given.network, given.choices, part, 3, kPrices).solve(10).status,
            IntegerProgram::Status::Infeasible);
}

}  // namespace
}  // namespace bitmason::plan
