#include "search/contestants.hpp"

#include <algorithm>
#include <limits>

#include "search/baselines.hpp"

namespace bitmason::search {

namespace {

/// Planned, least predicted loss first; what the planner does not bring to the interval after all is left
/// out.
std::vector<Point> planned_all(const Problem& problem, const char* side, std::vector<Found> found,
                               std::int64_t interval) {
  std::ranges::stable_sort(found, {}, &Found::loss);
  std::vector<Point> points;
  for (const Found& one : found) {
    if (auto point = planned(problem, side, one, interval)) points.push_back(*std::move(point));
  }
  return points;
}

}  // namespace

Result<std::vector<Point>> searched_points(const Problem& problem, const std::vector<Engine>& engines,
                                           std::int64_t interval) {
  std::vector<Found> all;
  for (const std::int64_t kept : problem.tables.intervals()) {
    if (kept > interval) continue;
    for (const Engine& engine : engines) {
      if (engine.baseline) continue;
      const auto searched = engine.search(problem, kept);
      if (!searched) return searched.errors();
      const std::optional<Found>& found = *searched;
      if (found && std::ranges::count(all, found->bits, &Found::bits) == 0) all.push_back(*found);
    }
  }
  return planned_all(problem, "searched", std::move(all), interval);
}

Result<std::vector<Point>> proxy_points(const Problem& problem, const std::vector<Engine>& engines,
                                        std::int64_t interval) {
  std::vector<Point> points;
  for (const Engine& engine : engines) {
    if (!engine.baseline || engine.name == kUniform) continue;
    const auto searched = engine.search(problem, interval);
    if (!searched) return searched.errors();
    const std::optional<Found>& found = *searched;
    if (!found) continue;
    if (auto point = planned(problem, engine.name, *found, interval)) points.push_back(*std::move(point));
  }
  return points;
}

UniformPairs::UniformPairs(const Problem& problem) : problem_(problem), all_(uniform_choices(problem)) {}

std::vector<Point> UniformPairs::points(std::int64_t interval) {
  std::vector<Found> widest;
  for (auto one = all_.rbegin(); one != all_.rend(); ++one) {
    const bool beaten = std::ranges::any_of(
        widest, [&](const Found& kept) { return nowhere_narrower(kept.bits, one->bits); });
    if (!beaten && keeps(one->bits, interval)) widest.push_back(*one);
  }
  return planned_all(problem_, kUniform, std::move(widest), interval);
}

bool UniformPairs::keeps(const Bits& bits, std::int64_t interval) {
  if (selection_within(problem_, bits, interval)) return true;
  const auto [known, added] = fastest_.try_emplace(bits, std::numeric_limits<std::int64_t>::max());
  if (added) {
    const auto network = problem_.blueprint.with_bits(bits);
    const Target& on = problem_.target;
    const auto plan = network ? plan::solve(*network, on.part, on.primitive, on.budget)
                              : Result<plan::Plan>(network.errors());
    if (plan) known->second = plan->interval.value;
  }
  return known->second <= interval;
}

}  // namespace bitmason::search
