#include "search/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "search/baselines.hpp"
#include "search/diagnostics.hpp"

namespace bitmason::search {

namespace {

/// What both sides bring to an interval.
struct Sides {
  std::int64_t interval = 0;
  std::vector<Found> searched;
  std::vector<Found> uniform;
};

void keep_best(std::vector<Found>& found, std::size_t count) {
  std::ranges::stable_sort(found, {}, &Found::loss);
  found.resize(std::min(found.size(), count));
}

std::vector<Found> searched(const Problem& problem, std::int64_t interval, std::size_t count) {
  std::vector<Found> all;
  for (const Engine& engine : engines()) {
    if (engine.baseline) continue;
    const auto found = engine.search(problem, interval);
    if (found && std::ranges::count(all, found->bits, &Found::bits) == 0) all.push_back(*found);
  }
  keep_best(all, count);
  return all;
}

bool nowhere_wider(const Bits& a, const Bits& b) {
  return std::ranges::equal(a.weights, b.weights, std::less_equal<>()) &&
         std::ranges::equal(a.activations, b.activations, std::less_equal<>());
}

/// The uniform choices with the planned intervals of each, which are found once.
class UniformPairs {
 public:
  explicit UniformPairs(const Problem& problem) : problem_(problem), all_(uniform_choices(problem)) {}

  /// The widest that keep the interval, those of least predicted loss.
  [[nodiscard]] std::vector<Found> within(std::int64_t interval, std::size_t count) {
    std::vector<Found> widest;
    for (auto one = all_.rbegin(); one != all_.rend(); ++one) {
      const bool beaten =
          std::ranges::any_of(widest, [&](const Found& kept) { return nowhere_wider(one->bits, kept.bits); });
      if (!beaten && keeps(one->bits, interval)) widest.push_back(*one);
    }
    keep_best(widest, count);
    return widest;
  }

 private:
  bool keeps(const Bits& bits, std::int64_t interval) {
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

  const Problem& problem_;
  std::vector<Found> all_;
  std::map<Bits, std::int64_t> fastest_;
};

/// Trials in the order in which they are asked for, scored together.
class Round {
 public:
  explicit Round(const ComparisonOptions& options) : options_(options) {}

  void add(const std::vector<Found>& candidates, const std::vector<std::uint64_t>& seeds) {
    for (const Found& one : candidates) {
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

/// Only the candidate that has most of the images held out right; the first of equals.
void choose(std::vector<Found>& candidates, const std::vector<Score>& scores) {
  const auto best = std::ranges::max_element(scores, {}, &Score::held_out);
  candidates = {candidates[static_cast<std::size_t>(best - scores.begin())]};
}

Result<Contestant> contestant(const Problem& problem, const char* engine, const Found& found,
                              std::int64_t interval, std::vector<Score> scores) {
  auto point = planned(problem, engine, found, interval);
  if (!point) return point.errors();
  return Contestant{*std::move(point), std::move(scores)};
}

Result<std::vector<Sides>> sides_of(const Problem& problem, std::size_t count,
                                    const std::function<void(const std::string&)>& progress) {
  std::vector<Sides> all;
  UniformPairs pairs(problem);
  for (const std::int64_t interval : problem.tables.intervals()) {
    Sides sides{interval, searched(problem, interval, count), pairs.within(interval, count)};
    progress(fmt::format("{} cycles: {} searched and {} uniform choices", interval, sides.searched.size(),
                         sides.uniform.size()));
    if (!sides.searched.empty() && !sides.uniform.empty()) all.push_back(std::move(sides));
  }
  if (!all.empty()) return all;
  return make_diagnostic(
      diagnostics::kNothingFound, problem.blueprint.network().name(),
      {fmt::format("{}", fmt::join(problem.tables.intervals(), ", ")), problem.target.part.name});
}

}  // namespace

double Contestant::mean_test() const {
  double sum = 0;
  for (const Score& score : scores) sum += score.test;
  return sum / static_cast<double>(scores.size());
}

double Contest::spread() const {
  const std::size_t seeds = searched.scores.size();
  if (seeds < 2) return 0;
  const double mean = searched.mean_test() - uniform.mean_test();
  double squares = 0;
  for (std::size_t k = 0; k < seeds; ++k)
    squares += std::pow(searched.scores[k].test - uniform.scores[k].test - mean, 2);
  return std::sqrt(squares / static_cast<double>(seeds - 1));
}

Result<std::vector<Contest>> compare(const Problem& problem, Accuracy& accuracy,
                                     const ComparisonOptions& options,
                                     const std::function<void(const std::string&)>& progress) {
  auto sides = sides_of(problem, options.candidates, progress);
  if (!sides) return sides.errors();
  Round first(options);
  for (const Sides& one : *sides) {
    first.add(one.searched, {options.seeds.front()});
    first.add(one.uniform, {options.seeds.front()});
  }
  progress(fmt::format("first round: {} candidates", first.size()));
  if (const auto run = first.run(accuracy); !run) return run.errors();
  Round second(options);
  for (Sides& one : *sides) {
    for (auto* side : {&one.searched, &one.uniform}) {
      choose(*side, first.take(side->size()));
      second.add(*side, options.seeds);
    }
  }
  progress(fmt::format("second round: {} choices with {} seeds", 2 * sides->size(), options.seeds.size()));
  if (const auto run = second.run(accuracy); !run) return run.errors();
  std::vector<Contest> contests;
  for (const Sides& one : *sides) {
    auto ours = contestant(problem, "searched", one.searched.front(), one.interval,
                           second.take(options.seeds.size()));
    auto theirs =
        contestant(problem, "uniform", one.uniform.front(), one.interval, second.take(options.seeds.size()));
    if (!ours || !theirs) return ours ? theirs.errors() : ours.errors();
    contests.push_back({one.interval, *std::move(ours), *std::move(theirs)});
  }
  return contests;
}

}  // namespace bitmason::search
