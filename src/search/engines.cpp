#include "search/engines.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "search/baselines.hpp"
#include "search/local_search.hpp"
#include "search/surrogate.hpp"

namespace bitmason::search {

namespace {

constexpr int kBisections = 10;

std::optional<Found> polished(const Problem& problem, std::int64_t interval,
                              const std::optional<Found>& found) {
  if (!found) return std::nullopt;
  return local_search(problem, *found, interval);
}

std::optional<Found> exact(const Problem& problem, std::int64_t interval) {
  const auto found = exact_search(problem, interval);
  return found ? polished(problem, interval, *found) : std::nullopt;
}

}  // namespace

std::optional<Found> surrogate_search(const Problem& problem, std::int64_t interval) {
  const Surrogate surrogate(problem.blueprint, problem.tables, problem.widths, problem.target.budget,
                            interval);
  std::optional<Found> best;
  double low = 0;
  double high = 2 * static_cast<double>(interval);
  for (int round = 0; round < kBisections; ++round) {
    const double middle = (low + high) / 2;
    const Bits bits =
        anneal(surrogate, problem.sensitivities, std::max<std::int64_t>(1, std::llround(middle)));
    if (!selection_within(problem, bits, interval)) {
      high = middle;
      continue;
    }
    low = middle;
    const double loss = predicted_loss(problem.sensitivities, bits);
    if (!best || loss < best->loss) best = Found{.bits = bits, .loss = loss, .rounds = round + 1};
  }
  return best;
}

namespace {

std::optional<Found> surrogate(const Problem& problem, std::int64_t interval) {
  return polished(problem, interval, surrogate_search(problem, interval));
}

/// The best that exact and surrogate search and local searches from the proxies' finds bring, with the bound
/// of the exact one.
std::optional<Found> combined(const Problem& problem, std::int64_t interval) {
  auto best = exact(problem, interval);
  for (const auto& other :
       {surrogate(problem, interval),
        polished(problem, interval, proxy_search(problem, bit_operation_cost, interval)),
        polished(problem, interval, proxy_search(problem, reference_dsp_cost, interval))}) {
    if (!other) continue;
    if (!best) best = Found{.bits = other->bits, .loss = other->loss};
    if (other->loss >= best->loss) continue;
    best->bits = other->bits;
    best->loss = other->loss;
    best->bound = std::min(best->bound, best->loss);
  }
  return best;
}

}  // namespace

namespace {

/// (w, a) of at least `bits` each, fewest bits in sum first; of equal sums the most even, then narrow
/// weights.
std::vector<std::pair<int, int>> pairs_from(int bits) {
  std::vector<std::pair<int, int>> pairs;
  for (int w = bits; w <= kMostBits; ++w) {
    for (int a = bits; a <= kMostBits; ++a) pairs.emplace_back(w, a);
  }
  std::ranges::sort(pairs, {}, [](const auto& pair) {
    const auto [w, a] = pair;
    return std::tuple(w + a, std::abs(w - a), w);
  });
  return pairs;
}

}  // namespace

std::vector<Engine> engines() {
  return {{"combined", false, combined},
          {"exact", false, exact},
          {"surrogate", false, surrogate},
          {kUniform, true, uniform_search},
          {"bit_operations", true,
           [](const Problem& problem, std::int64_t interval) {
             return proxy_search(problem, bit_operation_cost, interval);
           }},
          {"reference_dsp", true, [](const Problem& problem, std::int64_t interval) {
             return proxy_search(problem, reference_dsp_cost, interval);
           }}};
}

Result<std::vector<Interval>> uniform_intervals(const Blueprint& blueprint, const Target& target, int from,
                                                int to, int image) {
  std::map<std::pair<int, int>, std::int64_t> planned;
  Diagnostics errors;
  // Fewest cycles of the pair; 0 where nothing fits.
  const auto cycles_of = [&](int w, int a) -> std::int64_t {
    const auto [known, added] = planned.try_emplace({w, a}, 0);
    if (!added) return known->second;
    const auto network = blueprint.with_bits(uniform(blueprint.weighted().size(), w, a, image));
    const auto plan = network ? plan::solve(*network, target.part, target.primitive, target.budget)
                              : Result<plan::Plan>(network.errors());
    if (plan)
      known->second = plan->interval.value;
    else
      errors = plan.errors();
    return known->second;
  };
  std::vector<Interval> found;
  for (int bits = from; bits <= to; ++bits) {
    for (const auto& [w, a] : pairs_from(bits)) {
      const std::int64_t cycles = cycles_of(w, a);
      if (cycles == 0 && w == a && w == bits) break;
      if (cycles == 0 || std::ranges::count(found, cycles, &Interval::cycles) > 0) continue;
      found.push_back({.uniform = uniform(blueprint.weighted().size(), w, a, image), .cycles = cycles});
      break;
    }
  }
  if (found.empty()) return errors;
  std::ranges::sort(found, {}, &Interval::cycles);
  return found;
}

}  // namespace bitmason::search
