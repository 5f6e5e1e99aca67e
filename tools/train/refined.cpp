#include "refined.hpp"

#include <fmt/format.h>

#include "search/local_search.hpp"

namespace bitmason::train_cli {
namespace {

Result<std::optional<search::Found>> refined(const SearchRequest& request, int rounds,
                                             const SearchSetup& setup, const search::Problem& problem,
                                             std::int64_t interval) {
  search::Sensitivities around = problem.sensitivities;
  std::optional<search::Found> best;
  for (int round = 0; round <= rounds; ++round) {
    if (round > 0) {
      auto measured = sensitivities_around(request, setup, best->bits);
      if (!measured) return measured.errors();
      around = *std::move(measured);
    }
    const search::Problem near{problem.blueprint, problem.target, problem.widths, problem.tables, around};
    const auto found = search::exact_search(near, interval);
    if (!found) break;
    const bool settled = best && best->bits == found->bits;
    best = search::local_search(near, *found, interval);
    if (settled) break;
  }
  if (best) best->loss = search::predicted_loss(problem.sensitivities, best->bits);
  if (best) best->bound = 0;
  return best;
}

}  // namespace

search::Engine refined_engine(const SearchRequest& request, int rounds, const SearchSetup& setup) {
  return {.name = "refined",
          .search = [&request, rounds, &setup](
                        const search::Problem& problem,
                        std::int64_t interval) { return refined(request, rounds, setup, problem, interval); },
          .settings = fmt::format("{} rounds", rounds)};
}

}  // namespace bitmason::train_cli
