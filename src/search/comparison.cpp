#include "search/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "search/contestants.hpp"
#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

/// Trials in the order in which they are asked for, scored together.
class Round {
 public:
  explicit Round(const ComparisonOptions& options) : options_(options) {}

  void add(const std::vector<Point>& points, const std::vector<std::uint64_t>& seeds) {
    for (const Point& one : points) {
      for (const auto seed : seeds) trials_.push_back({options_.network, one.bits, seed, options_.training});
    }
  }
  [[nodiscard]] std::size_t size() const { return trials_.size(); }
  Status run(Accuracy& accuracy) {
    auto scores = accuracy.scores(trials_);
    if (!scores) return scores.errors();
    scores_ = *std::move(scores);
    return success();
  }
  std::vector<Score> take(std::size_t count) {
    const auto first = scores_.begin() + static_cast<std::ptrdiff_t>(taken_);
    taken_ += count;
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }

 private:
  const ComparisonOptions& options_;
  std::vector<Trial> trials_;
  std::vector<Score> scores_;
  std::size_t taken_ = 0;
};

/// An interval for which both sides have something to train.
struct Sides {
  std::int64_t interval = 0;
  std::vector<Point> searched;
  std::vector<Point> uniform;
  std::vector<Point> proxies;
};

Result<std::vector<Sides>> sides_of(const Problem& problem, const ComparisonOptions& options,
                                    const std::function<void(const std::string&)>& progress) {
  std::vector<Sides> all;
  UniformPairs pairs(problem);
  for (const std::int64_t interval : problem.tables.intervals()) {
    auto searched = searched_points(problem, options.engines, interval);
    if (!searched) return searched.errors();
    auto proxies = options.proxies ? proxy_points(problem, options.engines, interval)
                                   : Result<std::vector<Point>>(std::vector<Point>{});
    if (!proxies) return proxies.errors();
    Sides sides{interval, *std::move(searched), pairs.points(interval), *std::move(proxies)};
    progress(fmt::format("{} cycles: {} searched and {} uniform choices", interval, sides.searched.size(),
                         sides.uniform.size()));
    if (!sides.searched.empty() && !sides.uniform.empty()) all.push_back(std::move(sides));
  }
  if (!all.empty()) return all;
  return make_diagnostic(
      diagnostics::kNothingFound, problem.blueprint.network().name(),
      {fmt::format("{}", fmt::join(problem.tables.intervals(), ", ")), problem.target.part.name});
}

/// The point that has most of the images held out right goes on; the first of equals.
Contestant chosen(const std::vector<Point>& points, const std::vector<Score>& scores) {
  const auto best = std::ranges::max_element(scores, {}, &Score::held_out);
  Contestant one{.point = points[static_cast<std::size_t>(best - scores.begin())], .scores = {}, .tried = {}};
  for (std::size_t k = 0; k < points.size(); ++k) one.tried.emplace_back(points[k].bits, scores[k].held_out);
  return one;
}

}  // namespace

double Contestant::mean_test() const {
  double sum = 0;
  for (const Score& score : scores) sum += score.test;
  return sum / static_cast<double>(scores.size());
}

std::optional<double> Contest::spread() const {
  const std::size_t seeds = searched.scores.size();
  if (seeds < 2) return std::nullopt;
  const double mean = searched.mean_test() - uniform.mean_test();
  double squares = 0;
  for (std::size_t k = 0; k < seeds; ++k)
    squares += std::pow(searched.scores[k].test - uniform.scores[k].test - mean, 2);
  return std::sqrt(squares / static_cast<double>(seeds - 1));
}

Result<std::vector<Contest>> compare(const Problem& problem, Accuracy& accuracy,
                                     const ComparisonOptions& options,
                                     const std::function<void(const std::string&)>& progress) {
  const auto sides = sides_of(problem, options, progress);
  if (!sides) return sides.errors();
  Round first(options);
  for (const Sides& one : *sides) {
    first.add(one.searched, {options.seeds.front()});
    first.add(one.uniform, {options.seeds.front()});
  }
  progress(fmt::format("first round: {} candidates", first.size()));
  if (const auto run = first.run(accuracy); !run) return run.errors();
  Round second(options);
  std::vector<Contest> contests;
  for (const Sides& one : *sides) {
    Contest contest{.interval = one.interval,
                    .searched = chosen(one.searched, first.take(one.searched.size())),
                    .uniform = chosen(one.uniform, first.take(one.uniform.size()))};
    second.add({contest.searched.point, contest.uniform.point}, options.seeds);
    second.add(one.proxies, options.seeds);
    for (const Point& point : one.proxies)
      contest.proxies.push_back({.point = point, .scores = {}, .tried = {}});
    contests.push_back(std::move(contest));
  }
  progress(fmt::format("second round: {} choices with {} seeds", second.size() / options.seeds.size(),
                       options.seeds.size()));
  if (const auto run = second.run(accuracy); !run) return run.errors();
  for (Contest& contest : contests) {
    contest.searched.scores = second.take(options.seeds.size());
    contest.uniform.scores = second.take(options.seeds.size());
    for (Contestant& proxy : contest.proxies) proxy.scores = second.take(options.seeds.size());
  }
  return contests;
}

}  // namespace bitmason::search
