#include "refined.hpp"

#include <fmt/format.h>

#include "search/local_search.hpp"

namespace bitmason::train_cli {
namespace {

/// The choice with the least divergence of its own among that of the exact search and those found around the
/// one before.
Result<std::optional<search::Found>> refined(const SearchRequest& request, int rounds,
                                             const SearchSetup& setup, const search::Problem& problem,
                                             std::int64_t interval) {
  search::Sensitivities around = problem.sensitivities;
  std::optional<search::Found> best;
  double least = 0;
  std::optional<search::Bits> last;
  for (int round = 0; round <= rounds; ++round) {
    const search::Problem near{problem.blueprint, problem.target, problem.widths, problem.tables, around};
    const auto proposed = search::exact_search(near, interval);
    if (!proposed) break;
    const auto found = search::local_search(near, *proposed, interval);
    if (last && *last == found.bits) break;
    last = found.bits;
    const auto divergence = divergence_of(request, setup, found.bits);
    if (!divergence) return divergence.errors();
    if (!best || *divergence < least) {
      least = *divergence;
      best = search::Found{.bits = found.bits,
                           .loss = search::predicted_loss(problem.sensitivities, found.bits)};
    }
    if (round == rounds) break;
    auto measured = measured_around(request, setup, found.bits);
    if (!measured) return measured.errors();
    around = std::move(measured->sensitivities);
  }
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
