#include "search/comparison.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <set>

#include "search/contestants.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

int sum_of(const Bits& bits) {
  return std::accumulate(bits.weights.begin(), bits.weights.end(),
                         std::accumulate(bits.activations.begin(), bits.activations.end(), 0));
}

/// Narrow widths are right more often on images held out, and less often on test images. Keeps its trials.
class NarrowIsBetter : public Accuracy {
 public:
  Result<Score> score(const Trial& trial) override {
    trials.push_back(trial);
    const int sum = sum_of(trial.bits);
    return Score{1 - 0.01 * sum, 0.5 + 0.001 * static_cast<double>(trial.seed) * sum};
  }
  std::vector<Trial> trials;
};

TEST(ComparisonTest, HeldOutImagesChooseTheCandidateThatIsTrainedWithAllSeeds) {
  const Small small({384});
  NarrowIsBetter accuracy;
  std::vector<std::string> told;
  const ComparisonOptions options{.network = "three", .training = "4 epochs", .seeds = {3, 1}};
  const auto contests =
      compare(small.problem(), accuracy, options, [&](const std::string& text) { told.push_back(text); });
  ASSERT_TRUE(contests) << to_text(contests.errors());
  ASSERT_EQ(contests->size(), 1U);
  const Contest& contest = contests->front();
  EXPECT_EQ(contest.interval, 384);
  EXPECT_EQ(told.back(), "second round: 4 choices with 2 seeds");
  ASSERT_EQ(contest.proxies.size(), 2U);
  EXPECT_EQ(contest.proxies[0].point.engine, "bit_operations");
  EXPECT_EQ(contest.proxies[1].point.engine, "reference_dsp");
  for (const Contestant& proxy : contest.proxies) {
    EXPECT_LE(proxy.point.interval.value, 384);
    ASSERT_EQ(proxy.scores.size(), 2U);
    EXPECT_EQ(proxy.scores[1].test, 0.5 + 0.001 * sum_of(proxy.point.bits));
  }
  std::size_t candidates = 0;
  for (const Contestant* one : {&contest.searched, &contest.uniform}) {
    candidates += one->tried.size();
    EXPECT_LE(one->point.interval.value, 384);
    double most = 0;
    for (const auto& [bits, share] : one->tried) most = std::max(most, share);
    EXPECT_EQ(1 - 0.01 * sum_of(one->point.bits), most);
    ASSERT_EQ(one->scores.size(), 2U);
    EXPECT_EQ(one->scores[1].test, 0.5 + 0.001 * sum_of(one->point.bits)) << "of seed 1";
  }
  // Every candidate with the first seed, then the two that were chosen and the two of the proxies with both.
  ASSERT_EQ(accuracy.trials.size(), candidates + 8);
  for (std::size_t k = 0; k < candidates; ++k) EXPECT_EQ(accuracy.trials[k].seed, 3U);
  for (const Trial& trial : accuracy.trials) EXPECT_EQ(trial.training, "4 epochs");
}

TEST(ComparisonTest, FindsOfShorterIntervalsAreCandidatesToo) {
  const Small small({384, 1536});
  const Problem problem = small.problem();
  const auto bits_of = [&](std::int64_t interval) {
    const auto points = searched_points(problem, engines(), interval);
    std::set<Bits> all;
    for (const Point& point : *points) {
      EXPECT_LE(point.interval.value, interval);
      all.insert(point.bits);
    }
    return all;
  };
  const std::set<Bits> shorter = bits_of(384);
  const std::set<Bits> longer = bits_of(1536);
  EXPECT_TRUE(std::ranges::includes(longer, shorter));
  EXPECT_GT(longer.size(), shorter.size());
}

TEST(ComparisonTest, UniformCandidatesAreTheWidestPairsThatKeepTheInterval) {
  const Small small({384});
  const Problem problem = small.problem();
  std::vector<std::pair<int, int>> kept;
  for (const auto& [w, a] :
       {std::pair{2, 2}, {2, 3}, {2, 4}, {3, 2}, {3, 3}, {3, 4}, {4, 2}, {4, 3}, {4, 4}}) {
    const auto plan = plan::solve(*small.blueprint.with_bits(uniform(3, w, a, 4)), small.on.part,
                                  small.on.primitive, small.on.budget);
    if (plan && plan->interval.value <= 384) kept.emplace_back(w, a);
  }
  std::set<Bits> expected;
  for (const auto& [w, a] : kept) {
    const bool needless = std::ranges::any_of(kept, [&](const auto& other) {
      return other != std::pair(w, a) && other.first >= w && other.second >= a;
    });
    if (!needless) expected.insert(uniform(3, w, a, 4));
  }
  std::set<Bits> found;
  for (const Point& point : UniformPairs(problem).points(384)) found.insert(point.bits);
  EXPECT_EQ(found, expected);
  EXPECT_GE(found.size(), 1U);
  EXPECT_LT(kept.size(), 9U) << "not all pairs fit";
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
  EXPECT_NEAR(contest.spread().value(), 0.02, 1e-12);
  EXPECT_FALSE((Contest{900, contestant({0.9}), contestant({0.8})}).spread()) << "of one seed";
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

Contestant at(std::int64_t cycles, double test, const char* engine = "") {
  Contestant one = contestant({test});
  one.point.interval = Cycles{cycles};
  one.point.engine = engine;
  return one;
}

TEST(ComparisonTest, SavingsCompareCyclesAtEqualAccuracy) {
  std::vector<Contest> contests{{100, at(100, 0.80), at(100, 0.7)},
                                {200, at(180, 0.85), at(200, 0.8)},
                                {400, at(400, 0.90), at(400, 0.8)}};
  contests[0].proxies = {at(100, 0.80, "p")};
  contests[1].proxies = {at(200, 0.78, "p")};  // falls: 80 % hold until the next
  contests[2].proxies = {at(300, 0.88, "p")};  // no slower than that in any interval
  const auto all = savings(contests);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].engine, "p");
  // 80 % at 100 cycles; 85 % at 200 + 5/8 * 100 = 262.5 cycles against 180; 90 % not in 400, against 400.
  EXPECT_NEAR(all[0].mean, (0 + (1 - 180 / 262.5) + 0) / 3, 1e-12);
  EXPECT_EQ(all[0].not_reached, 1);
  const auto json = nlohmann::json::parse(to_json(contests, {.seeds = {1}}, "{}"));
  EXPECT_EQ(json.at("savings").at(0).at("not_reached"), 1);
  EXPECT_EQ(json.at("budgets").at(2).at("proxies").at("p").at("mean"), 0.88);
  EXPECT_NE(
      to_table(contests).find("10.5 % fewer cycles than p at equal accuracy, mean over the intervals (1 of "
                              "them it never reached: its longest interval counts)"),
      std::string::npos)
      << to_table(contests);
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
