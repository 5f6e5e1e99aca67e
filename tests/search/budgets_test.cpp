#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>

#include "search/engines.hpp"
#include "search/front.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Five budgets of a network of the zoo with invented sensitivities; prints the table that docs/search.md
/// quotes.
void search_five_budgets(const std::string& name) {
  const Target on = target("xczu3eg");
  const Blueprint blueprint(zoo_network(name, 8));
  const std::size_t layers = blueprint.weighted().size();
  const WidthSets widths = width_sets(layers, 2, 8, 8);
  const auto budgets = uniform_intervals(blueprint, on, 2, 6, 8);
  ASSERT_TRUE(budgets) << to_text(budgets.errors());
  ASSERT_GE(budgets->size(), 4U);
  std::vector<std::int64_t> intervals;
  for (const Interval& one : *budgets) intervals.push_back(one.cycles);
  const double start = cpu_seconds();
  const auto tables = CostTables::of(blueprint, on, widths, intervals, 2);
  ASSERT_TRUE(tables) << to_text(tables.errors());
  const double made = cpu_seconds();
  const Sensitivities losses = falling_losses(layers);
  const Problem problem{blueprint, on, widths, *tables, losses};
  std::vector<Point> points;
  double searching = 0;
  for (const std::int64_t interval : intervals) {
    for (const Engine& engine : engines()) {
      const double before = cpu_seconds();
      const auto found = engine.search(problem, interval);
      if (engine.name == "exact") searching += cpu_seconds() - before;
      ASSERT_TRUE(found) << engine.name << " " << interval;
      const auto selection = selection_within(problem, found->bits, interval);
      ASSERT_TRUE(selection);
      points.push_back({.engine = engine.name,
                        .bits = found->bits,
                        .budget = interval,
                        .interval = Cycles(interval),
                        .total = selection->total,
                        .loss = found->loss,
                        .bound = found->bound,
                        .accuracy = {}});
    }
  }
  fmt::print("{}: tables {:.1f} s, exact search of {} budgets {:.1f} s (CPU)\n{}", name, made - start,
             intervals.size(), searching, to_table(points));
  EXPECT_LT(cpu_seconds() - start, 240) << "CPU seconds, all engines";
}

TEST(SlowBudgetsTest, ResNet8) {
  search_five_budgets("ResNet-8");
}
TEST(SlowBudgetsTest, VggTiny) {
  search_five_budgets("VGG-tiny");
}

}  // namespace
}  // namespace bitmason::search
