#pragma once

#include <vector>

#include "search/bit_program.hpp"

namespace bitmason::search {

/// What is searched: the network, its part, the widths allowed, and what narrower widths cost in accuracy.
struct Problem {
  const Blueprint& blueprint;
  const Target& target;
  const WidthSets& widths;
  const CostTables& tables;
  const Sensitivities& sensitivities;
};

/// The planner's answer whether a choice keeps an interval, without a proof that it does not: one selection
/// at falling prices. Nothing where none is found.
std::optional<plan::Selection> selection_within(const Problem& problem, const Bits& bits,
                                                std::int64_t interval);

struct ExactOptions {
  int most_rounds = 24;   ///< integer programs solved
  int most_nodes = 2000;  ///< of the search tree of each
};

struct Found {
  Bits bits;
  double loss = 0;  ///< predicted
  /// No choice of the widths has less where a plan keeps the interval, proved; 0: not known.
  double bound = 0;
  int rounds = 0;  ///< integer programs solved
};

/// The choice of least predicted loss of which the planner finds a plan within the interval, one of the
/// tables'. An integer program proposes (BitProgram), the planner judges. A choice that fails is excluded
/// with all that are nowhere narrower, as if wider bits never planned faster; the next program gets less of
/// what the plan lacked and only widths near the failed ones. The bound is that of the first program, with
/// the whole budget, all widths and nothing excluded. Errors: BM-SEARCH-005 where no choice is found.
Result<Found> exact_search(const Problem& problem, std::int64_t interval, const ExactOptions& options = {});

}  // namespace bitmason::search
