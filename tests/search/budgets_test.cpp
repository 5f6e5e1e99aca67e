#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <ctime>

#include "search/engines.hpp"
#include "small_network.hpp"

namespace bitmason::search {
namespace {

using namespace testing;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Five budgets of a network of the zoo with invented sensitivities; prints a line per choice as
/// docs/search.md quotes them.
void search_budgets(const std::string& name, const std::vector<std::int64_t>& intervals) {
  const Target on = target("xczu3eg");
  const Blueprint blueprint(zoo_network(name, 8));
  const std::size_t layers = blueprint.weighted().size();
  const WidthSets widths = width_sets(layers, 2, 8, 8);
  const double start = cpu_seconds();
  const auto tables = CostTables::of(blueprint, on, widths, intervals, 2);
  ASSERT_TRUE(tables) << to_text(tables.errors());
  double searching = cpu_seconds() - start;
  fmt::print("{}: tables {:.1f} s\n", name, searching);
  const Sensitivities losses = falling_losses(layers);
  const Problem problem{blueprint, on, widths, *tables, losses};
  for (const std::int64_t interval : intervals) {
    double bound = 0;
    for (const Engine& engine : engines()) {
      // Both of its halves are in the list.
      if (engine.name == "combined") continue;
      const double before = cpu_seconds();
      const auto searched = engine.search(problem, interval);
      const double seconds = cpu_seconds() - before;
      ASSERT_TRUE(searched && *searched) << engine.name << " " << interval;
      const std::optional<Found>& found = *searched;
      if (engine.name == "exact") {
        searching += seconds;
        bound = found->bound;
      }
      EXPECT_GE(found->loss, bound - 1e-9) << engine.name << " " << interval;
      fmt::print("{:<15} {:>6} cycles, loss {:.5f}, bound {:.5f}, {:.1f} s, {}\n", engine.name, interval,
                 found->loss, bound, seconds, to_text(found->bits));
      std::fflush(stdout);
    }
  }
  EXPECT_LT(searching, 240) << "CPU seconds of tables and exact search: two minutes of two cores";
}

TEST(SlowBudgetsTest, ResNet8) {
  search_budgets("ResNet-8", {2048, 3072, 4096, 6144, 8192});
}
TEST(SlowBudgetsTest, VggTiny) {
  search_budgets("VGG-tiny", {18432, 24576, 36864, 49152, 73728});
}

}  // namespace
}  // namespace bitmason::search
