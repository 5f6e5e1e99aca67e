#pragma once

#include <functional>
#include <string>

#include "search/exact_search.hpp"

/// All ways to choose bits, behind one interface.
namespace bitmason::search {

/// A choice whose plan keeps the interval, one of the tables'; nothing where none is found. Errors: of
/// engines that train.
struct Engine {
  std::string name;
  bool baseline = false;  ///< does not know the planner's cost
  std::function<Result<std::optional<Found>>(const Problem&, std::int64_t interval)> search;
  std::string settings{};  ///< what decides its finds beside the problem
};

/// Name of the baseline whose finds have one (w, a) for all layers.
inline constexpr const char* kUniform = "uniform";

/// "exact": exact_search(), then local_search(); "surrogate": surrogate_search(), then local_search();
/// "combined": the best of both and of local searches from the proxies' finds, with the bound of "exact"; and
/// the baselines "uniform", "bit_operations" and "reference_dsp".
std::vector<Engine> engines();

/// anneal() under the largest budget of Surrogate::interval(), found by bisection, whose choice the planner
/// brings to the interval. Nothing where none is found.
std::optional<Found> surrogate_search(const Problem& problem, std::int64_t interval);

/// An interval to search for, and the uniform choice whose planned interval it is.
struct Interval {
  Bits uniform;
  std::int64_t cycles = 0;
};
/// Planned intervals of w = a = `from` .. `to` bits behind an image of `image` bits, shortest first. Where
/// one coincides with an earlier one, the next pair of no fewer bits with another interval takes its place
/// (fewest bits in sum, the most even, narrow weights first); where there is none, or w = a itself does not
/// fit, it is left out. Errors: those of plan::solve() where nothing fits. Cost: a plan for each pair that is
/// tried.
Result<std::vector<Interval>> uniform_intervals(const Blueprint& blueprint, const Target& target, int from,
                                                int to, int image);

}  // namespace bitmason::search
