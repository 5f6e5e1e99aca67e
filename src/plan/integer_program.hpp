#pragma once

#include <cstdint>
#include <utility>
#include <vector>

/// Integer linear programs, solved by COIN-OR's branch and cut (CBC).
namespace bitmason::plan {

/// Minimise the sum of costs of columns between 0 and 1 under rows that bound sums.
class IntegerProgram {
 public:
  using Column = int;
  struct Term {
    Column column = 0;
    double factor = 1;
  };

  /// A column of 0 or 1, or of any value between them.
  Column add_column(double cost, bool integer);
  /// lower <= sum of factor * column <= upper. A column may occur once.
  void add_row(double lower, double upper, std::vector<Term> terms);

  /// Optimal: within the gap of the cheapest solution.
  enum class Status { Optimal, Infeasible, Stopped };
  struct Outcome {
    Status status = Status::Stopped;
    double bound = 0;  ///< no solution costs less, proved; of Optimal at most the gap below its cost
    std::vector<double> values;  ///< of the best solution found; empty without one
  };
  /// Deterministic: `most_nodes` of the search tree bound the work, not time. A solution within `gap`, a
  /// share of the bound, ends the search. Cost: a few milliseconds for hundreds of columns.
  [[nodiscard]] Outcome solve(int most_nodes, double gap = 1e-3) const;

 private:
  struct Row {
    double lower = 0;
    double upper = 0;
    std::vector<Term> terms;
  };
  std::vector<double> costs_;
  std::vector<bool> integer_;
  std::vector<Row> rows_;
};

}  // namespace bitmason::plan
