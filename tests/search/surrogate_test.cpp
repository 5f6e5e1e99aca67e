#include "search/surrogate.hpp"

#include <gtest/gtest.h>

#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

Surrogate surrogate_of(const Small& small) {
  return {small.blueprint, small.tables, small.widths, small.on.budget, small.tables.intervals().front()};
}

/// Logits that differ everywhere.
Logits uneven(const WidthSets& widths) {
  Logits logits = zero_logits(widths);
  double next = -1;
  for (auto* all : {&logits.weights, &logits.activations}) {
    for (auto& layer : *all) {
      for (double& logit : layer) logit = (next = next > 1 ? next - 1.7 : next + 0.6);
    }
  }
  return logits;
}

/// Each derivative against the central difference of the value.
template <class Value>
void expect_gradient(const Value& value, Logits logits) {
  const Smooth at = value(logits);
  constexpr double kStep = 1e-5;
  for (auto part : {&Logits::weights, &Logits::activations}) {
    for (std::size_t k = 0; k < (logits.*part).size(); ++k) {
      for (std::size_t i = 0; i < (logits.*part)[k].size(); ++i) {
        double& logit = (logits.*part)[k][i];
        const double before = logit;
        logit = before + kStep;
        const double above = value(logits).value;
        logit = before - kStep;
        const double below = value(logits).value;
        logit = before;
        EXPECT_NEAR((at.gradient.*part)[k][i], (above - below) / (2 * kStep), 1e-6 * (1 + std::abs(at.value)))
            << k << " " << i;
      }
    }
  }
}

TEST(SurrogateTest, GradientsAreThoseOfFiniteDifferences) {
  const Small small({1024});
  const Surrogate surrogate = surrogate_of(small);
  for (const double temperature : {0.5, 1.0, 3.0}) {
    expect_gradient([&](const Logits& logits) { return surrogate.interval(logits, temperature); },
                    uneven(small.widths));
    expect_gradient([&](const Logits& logits) { return surrogate.luts(logits, temperature); },
                    uneven(small.widths));
    expect_gradient([&](const Logits& logits) { return surrogate.loss(small.losses, logits, temperature); },
                    uneven(small.widths));
  }
}

TEST(SurrogateTest, ACertainChoiceCostsWhatTheTableSays) {
  const Small small({1024});
  const Surrogate surrogate = surrogate_of(small);
  const Bits bits{{2, 3, 4}, {4, 4, 2}};
  Logits logits = zero_logits(small.widths);
  double cycles = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    logits.weights[k][k] = 1000;
    logits.activations[k][k == 2 ? 0 : small.widths.activations[k].size() - 1] = 1000;
    cycles +=
        small.tables.at({small.blueprint.weighted()[k], bits.weights[k], bits.activations[k]}).share_cycles;
  }
  ASSERT_EQ(most_likely(small.widths, logits), bits);
  EXPECT_NEAR(surrogate.interval(logits, 1).value, cycles, 1e-9 * cycles);
  EXPECT_NEAR(surrogate.loss(small.losses, logits, 1).value, predicted_loss(small.losses, bits), 1e-12);
}

TEST(SurrogateTest, TheIntervalOfAChoiceIsABoundOfItsPlan) {
  const Small small({1024});
  const Surrogate surrogate = surrogate_of(small);
  for (const int bits : {2, 3, 4}) {
    const auto network = small.blueprint.with_bits(uniform(3, bits, bits, 4));
    const auto plan = plan::solve(*network, small.on.part, small.on.primitive, small.on.budget);
    ASSERT_TRUE(plan) << to_text(plan.errors());
    Logits logits = zero_logits(small.widths);
    for (std::size_t k = 0; k < 3; ++k) {
      logits.weights[k][static_cast<std::size_t>(bits - 2)] = 1000;
      if (k > 0) logits.activations[k][static_cast<std::size_t>(bits - 2)] = 1000;
    }
    const double bound = surrogate.interval(logits, 1).value;
    EXPECT_LE(bound, static_cast<double>(plan->interval.value)) << bits;
    EXPECT_GT(bound, 0.1 * static_cast<double>(plan->interval.value)) << bits;
  }
}

TEST(SurrogateTest, AnnealingTakesTheWidestWhereAllKeepTheIntervalAndNarrowsWithIt) {
  const Small small({1024});
  const Surrogate surrogate = surrogate_of(small);
  EXPECT_EQ(anneal(surrogate, small.losses, 1000000), uniform(3, 4, 4, 4));
  EXPECT_EQ(anneal(surrogate, small.losses, 1), uniform(3, 2, 2, 4));
}

}  // namespace
}  // namespace bitmason::search
