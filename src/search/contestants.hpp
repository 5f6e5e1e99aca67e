#pragma once

#include <map>

#include "search/front.hpp"

/// What both sides of a comparison bring to an interval, planned.
namespace bitmason::search {

/// The finds of the engines that are no baselines for this interval and, since they keep it too, for the
/// shorter ones of the tables, least predicted loss first, equal ones once. Errors: those of the engines.
Result<std::vector<Point>> searched_points(const Problem& problem, const std::vector<Engine>& engines,
                                           std::int64_t interval);

/// What the baselines find that judge choices by a cost of their own, all but "uniform". Errors: those of the
/// engines.
Result<std::vector<Point>> proxy_points(const Problem& problem, const std::vector<Engine>& engines,
                                        std::int64_t interval);

/// The uniform choices, with the planned intervals of each, which are found once.
class UniformPairs {
 public:
  /// The problem must outlive it.
  explicit UniformPairs(const Problem& problem);

  /// Those that the planner brings to the interval, without those that another such one is nowhere narrower
  /// than, least predicted loss first.
  [[nodiscard]] std::vector<Point> points(std::int64_t interval);

 private:
  bool keeps(const Bits& bits, std::int64_t interval);

  const Problem& problem_;
  std::vector<Found> all_;
  std::map<Bits, std::int64_t> fastest_;
};

}  // namespace bitmason::search
