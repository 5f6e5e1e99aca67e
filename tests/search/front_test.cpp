#include "search/front.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "search/engines.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

Point point(double loss, std::int64_t cycles, std::int64_t dsps) {
  return {.engine = "hand",
          .bits = {{4}, {8}},
          .budget = 100,
          .interval = Cycles(cycles),
          .total = {.dsps = Dsps(dsps), .luts = Luts(50)},
          .loss = loss,
          .accuracy = {}};
}

TEST(FrontTest, APointThatIsWorseInEverythingIsNotOnTheFront) {
  // The third loses to the first in loss and DSPs; the last is the first again.
  const std::vector<Point> points{point(0.1, 100, 10), point(0.2, 50, 10), point(0.3, 100, 11),
                                  point(0.1, 100, 10)};
  EXPECT_EQ(pareto(points), (std::vector<bool>{true, true, false, true}));
}

TEST(FrontTest, MeasuredAccuracyDecidesBetweenMeasuredPoints) {
  std::vector<Point> points{point(0.1, 100, 10), point(0.2, 100, 10)};
  EXPECT_EQ(pareto(points), (std::vector<bool>{true, false}));
  points[0].accuracy = 0.8;
  points[1].accuracy = 0.9;
  EXPECT_EQ(pareto(points), (std::vector<bool>{false, true}));
}

TEST(FrontTest, TheDocumentHoldsEveryNumber) {
  std::vector<Point> points{point(0.125, 96, 10)};
  points[0].bound = 0.1;
  const auto json = nlohmann::json::parse(to_json("net", "xczu3eg", points));
  EXPECT_EQ(json.at("part"), "xczu3eg");
  const auto& row = json.at("points").at(0);
  EXPECT_EQ(row.at("budget_cycles"), 100);
  EXPECT_EQ(row.at("interval_cycles"), 96);
  EXPECT_EQ(row.at("predicted_loss"), 0.125);
  EXPECT_EQ(row.at("loss_bound"), 0.1);
  EXPECT_EQ(row.at("dsp"), 10);
  EXPECT_EQ(row.at("activations"), nlohmann::json({8}));
  EXPECT_TRUE(row.at("accuracy").is_null());
  EXPECT_TRUE(row.at("pareto"));
  points[0].accuracy = 0.875;
  EXPECT_NE(to_table(points).find("0.125000    0.100000   87.50 %    10      50  w 4 a 8 *"),
            std::string::npos)
      << to_table(points);
}

TEST(EnginesTest, EveryEngineKeepsTheIntervalAndTheCombinedOneLosesLeast) {
  const Small small({384});
  std::vector<std::string> told;
  const auto points = search_all(
      small.problem(), engines(),
      [](Point& point) {
        point.accuracy = 1 - point.loss;
        return success();
      },
      [&](std::int64_t interval, const Engine& engine, const std::optional<Found>& found) {
        EXPECT_EQ(interval, 384);
        EXPECT_TRUE(found) << engine.name;
        told.push_back(engine.name);
      });
  ASSERT_TRUE(points) << to_text(points.errors());
  ASSERT_EQ(points->size(), 6U);
  for (const Point& point : *points) {
    EXPECT_EQ(point.engine, told[static_cast<std::size_t>(&point - points->data())]);
    EXPECT_LE(point.interval.value, 384) << point.engine;
    EXPECT_EQ(point.accuracy, 1 - point.loss) << point.engine;
    EXPECT_LE(points->front().loss, point.loss + 1e-9) << point.engine;
  }
  // Not all widths fit: uniform bits lose twice as much.
  EXPECT_GT(points->at(3).loss, 2 * points->front().loss);
}

TEST(EnginesTest, AnIntervalThatNoWidthsReachFindsNothing) {
  // 64 pixels: no design takes less than 64 cycles, and 10 DSPs do not hold three layers at that rate.
  const Small small({64});
  int searched = 0;
  const auto points = search_all(
      small.problem(), engines(), [](Point&) { return success(); },
      [&](std::int64_t, const Engine&, const std::optional<Found>& found) {
        EXPECT_FALSE(found);
        ++searched;
      });
  EXPECT_EQ(searched, 6);
  ASSERT_FALSE(points);
  EXPECT_EQ(to_text(points.errors()),
            small.blueprint.network().name() +
                ": no engine finds bits that keep 64 cycles on xczu3eg; allow narrower widths, a longer "
                "interval or a larger part [BM-SEARCH-007]\n");
}

TEST(EnginesTest, IntervalsOfUniformBitsAscend) {
  const Small small({640});
  const auto intervals = uniform_intervals(small.blueprint, small.on, 2, 4, 4);
  ASSERT_TRUE(intervals);
  for (std::size_t k = 1; k < intervals->size(); ++k)
    EXPECT_LT((*intervals)[k - 1].cycles, (*intervals)[k].cycles);
  EXPECT_EQ(intervals->front().uniform, uniform(3, 2, 2, 4));
}

TEST(EnginesTest, TheNextPairOfAnotherIntervalTakesThePlaceOfOneThatCoincides) {
  // A pixel a cycle in 2 bits, and in all pairs from 3 bits up before w 4 a 5.
  Small small({640});
  small.on.budget.limit.dsps = Dsps(360);
  small.on.budget.limit.luts = Luts(70560);
  const auto intervals = uniform_intervals(small.blueprint, small.on, 2, 3, 4);
  ASSERT_TRUE(intervals);
  ASSERT_EQ(intervals->size(), 2U);
  EXPECT_EQ(intervals->at(0).uniform, uniform(3, 2, 2, 4));
  EXPECT_EQ(intervals->at(0).cycles, 64);
  EXPECT_EQ(intervals->at(1).uniform, uniform(3, 4, 5, 4));
  EXPECT_EQ(intervals->at(1).cycles, 128);
}

}  // namespace
}  // namespace bitmason::search
