#include "search/discretise.hpp"

#include <gtest/gtest.h>

#include "search/local_search.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

/// Distributions that prefer these bits.
Logits preferring(const WidthSets& widths, const Bits& bits) {
  Logits logits = zero_logits(widths);
  for (std::size_t k = 0; k < widths.weights.size(); ++k) {
    for (std::size_t i = 0; i < widths.weights[k].size(); ++i)
      logits.weights[k][i] = widths.weights[k][i] == bits.weights[k] ? 1 : 0;
    for (std::size_t i = 0; i < widths.activations[k].size(); ++i)
      logits.activations[k][i] = widths.activations[k][i] == bits.activations[k] ? 1 : 0;
  }
  return logits;
}

TEST(DiscretiseTest, LikelyBitsThatFitStay) {
  const Small small({1024});
  const Bits bits{{3, 2, 4}, {4, 3, 2}};
  ASSERT_TRUE(selection_within(small.problem(), bits, 1024));
  const auto found = discretise(small.problem(), preferring(small.widths, bits), 1024);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bits, bits);
  EXPECT_EQ(found->loss, predicted_loss(small.losses, bits));
}

TEST(DiscretiseTest, WidthsThatDoNotFitBecomeNarrowerUntilThePlannerTakesThem) {
  const Small small({384});
  const Bits widest = uniform(3, 4, 4, 4);
  ASSERT_FALSE(selection_within(small.problem(), widest, 384));
  const auto found = discretise(small.problem(), preferring(small.widths, widest), 384);
  ASSERT_TRUE(found);
  EXPECT_NE(found->bits, widest);
  EXPECT_TRUE(nowhere_narrower(widest, found->bits));
  EXPECT_TRUE(selection_within(small.problem(), found->bits, 384));
  // Widths only grow from there.
  const auto grown = local_search(small.problem(), *found, 384, {.swaps = false});
  EXPECT_TRUE(nowhere_narrower(grown.bits, found->bits));
}

TEST(DiscretiseTest, WhatCostsTheLeastLogitGoesFirst) {
  const Small small({384});
  const Bits widest = uniform(3, 4, 4, 4);
  // The middle layer insists on its weights.
  Logits logits = preferring(small.widths, widest);
  logits.weights[1].back() = 50;
  const auto found = discretise(small.problem(), logits, 384);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bits.weights[1], 4);
}

TEST(DiscretiseTest, AnIntervalThatNothingKeepsGivesNothing) {
  const Small small({64});
  EXPECT_FALSE(discretise(small.problem(), preferring(small.widths, uniform(3, 4, 4, 4)), 64));
}

}  // namespace
}  // namespace bitmason::search
