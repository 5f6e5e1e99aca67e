#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "search/engines.hpp"

/// What searches found, side by side.
namespace bitmason::search {

/// A choice, planned.
struct Point {
  std::string engine;
  Bits bits;
  std::int64_t budget = 0;         ///< cycles that were asked for
  Cycles interval;                 ///< planned
  plan::Resources total;           ///< estimated
  double loss = 0;                 ///< predicted
  double bound = 0;                ///< no choice for the budget has less predicted loss; 0: not known
  std::optional<double> accuracy;  ///< measured, 0 to 1
};

/// The choice as plan::solve() plans it with the budget as its target. Errors: those of plan::solve().
Result<Point> planned(const Problem& problem, const std::string& engine, const Found& found,
                      std::int64_t budget);

/// What search_all() tells of each search; nothing where the engine found no choice.
using SearchProgress =
    std::function<void(std::int64_t interval, const Engine& engine, const std::optional<Found>& found)>;
/// Every one of the engines for every interval of the tables, each find planned and then handed to `finish`,
/// which may measure it. Errors: BM-SEARCH-007 where nothing is found at all, those of planned() and of
/// `finish`.
Result<std::vector<Point>> search_all(const Problem& problem, const std::vector<Engine>& engines,
                                      const std::function<Status(Point&)>& finish,
                                      const SearchProgress& progress);

/// By point: true where no other is at least as good in accuracy (predicted loss where one of both was not
/// measured), interval, DSPs and LUTs and better in one.
std::vector<bool> pareto(const std::vector<Point>& points);

/// {"network", "part", "points": [{"engine", "budget_cycles", "interval_cycles", "predicted_loss",
/// "loss_bound", "accuracy", "dsp", "lut", "ff", "bram18", "weights", "activations", "pareto"}]}; accuracy is
/// null where it was not measured.
std::string to_json(const std::string& network, const std::string& part, const std::vector<Point>& points);
/// A line per point; those of the front are marked.
std::string to_table(const std::vector<Point>& points);

}  // namespace bitmason::search
