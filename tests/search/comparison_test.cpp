#include "search/comparison.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>

#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

/// Narrow widths are right more often: the share falls with the sum of all widths. Counts its trials.
class NarrowIsBetter : public Accuracy {
 public:
  Result<Score> score(const Trial& trial) override {
    trials.push_back(trial);
    int sum = 0;
    for (const int bits : trial.bits.weights) sum += bits;
    for (const int bits : trial.bits.activations) sum += bits;
    const double held_out = 1 - 0.01 * sum;
    // The square makes the differences of both sides depend on the seed.
    return Score{held_out, held_out - 0.001 * static_cast<double>(trial.seed * trial.seed) * sum};
  }
  std::vector<Trial> trials;
};

int sum_of(const Bits& bits) {
  int sum = 0;
  for (const int one : bits.weights) sum += one;
  for (const int one : bits.activations) sum += one;
  return sum;
}

TEST(ComparisonTest, HeldOutImagesChooseTheCandidateThatIsTrainedWithAllSeeds) {
  const Small small({384});
  NarrowIsBetter accuracy;
  std::vector<std::string> told;
  const ComparisonOptions options{
      .network = "three", .training = "4 epochs", .seeds = {3, 1}, .candidates = 2};
  const auto contests =
      compare(small.problem(), accuracy, options, [&](const std::string& text) { told.push_back(text); });
  ASSERT_TRUE(contests) << to_text(contests.errors());
  ASSERT_EQ(contests->size(), 1U);
  const Contest& contest = contests->front();
  EXPECT_EQ(contest.interval, 384);
  // The first round ends with four trials for each of the two winners' seeds behind it.
  const std::size_t first = accuracy.trials.size() - 4;
  EXPECT_EQ(told.back(), "second round: 2 choices with 2 seeds");
  int searched = 1000;
  int uniform = 1000;
  for (std::size_t k = 0; k < first; ++k) {
    const Trial& trial = accuracy.trials[k];
    EXPECT_EQ(trial.seed, 3U);
    EXPECT_EQ(trial.training, "4 epochs");
    const auto& w = trial.bits.weights;
    const bool same =
        std::ranges::count(w, w[0]) == 3 && trial.bits.activations[1] == trial.bits.activations[2];
    (same ? uniform : searched) = std::min(same ? uniform : searched, sum_of(trial.bits));
  }
  EXPECT_EQ(sum_of(contest.uniform.point.bits), uniform);
  EXPECT_EQ(sum_of(contest.searched.point.bits), searched);
  EXPECT_LE(contest.searched.point.interval.value, 384);
  EXPECT_LE(contest.uniform.point.interval.value, 384);
}

Contestant contestant(const std::vector<double>& test) {
  Contestant one;
  one.point.bits = {{4, 3}, {8, 5}};
  for (const double share : test) one.scores.push_back({0.5, share});
  return one;
}

TEST(ComparisonTest, SpreadIsTheSampleDeviationOfPairedDifferences) {
  // Differences 0.04, 0.02, 0.06: mean 0.04, squares 0, 0.0004, 0.0004.
  const Contest contest{900, contestant({0.92, 0.91, 0.96}), contestant({0.88, 0.89, 0.90})};
  EXPECT_NEAR(contest.searched.mean_test(), 0.93, 1e-12);
  EXPECT_NEAR(contest.spread(), 0.02, 1e-12);
  EXPECT_EQ((Contest{900, contestant({0.9}), contestant({0.8})}).spread(), 0);
  const auto json =
      nlohmann::json::parse(to_json({contest}, {.seeds = {1, 2, 3}}, R"({"part": "xczu3eg", "epochs": 4})"));
  EXPECT_EQ(json.at("epochs"), 4);
  const auto& row = json.at("budgets").at(0);
  EXPECT_EQ(row.at("interval_cycles"), 900);
  EXPECT_NEAR(row.at("searched_mean").get<double>(), 0.93, 1e-12);
  EXPECT_NEAR(row.at("uniform_mean").get<double>(), 0.89, 1e-12);
  EXPECT_NEAR(row.at("seed_spread").get<double>(), 0.02, 1e-12);
  EXPECT_EQ(row.at("seeds"), nlohmann::json({1, 2, 3}));
  EXPECT_EQ(row.at("bits"), "w 4,3 a 8,5");
  EXPECT_EQ(row.at("uniform").at("test"), nlohmann::json({0.88, 0.89, 0.90}));
  EXPECT_NE(to_table({contest}).find("     900   93.00 %   89.00 %   2.00 %  w 4,3 a 8,5 | w 4,3 a 8,5"),
            std::string::npos)
      << to_table({contest});
}

TEST(ComparisonTest, AnIntervalThatNothingKeepsIsAnError) {
  const Small small({64});
  NarrowIsBetter accuracy;
  const auto contests = compare(small.problem(), accuracy, {}, [](const std::string&) {});
  EXPECT_TRUE(accuracy.trials.empty());
  ASSERT_FALSE(contests);
  EXPECT_EQ(contests.errors().front().code, "BM-SEARCH-007");
}

}  // namespace
}  // namespace bitmason::search
