#include "search/engines.hpp"

#include <algorithm>
#include <cmath>

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

/// The better of both, with the bound of the exact one.
std::optional<Found> combined(const Problem& problem, std::int64_t interval) {
  auto one = exact(problem, interval);
  const auto other = surrogate(problem, interval);
  if (!one || !other) return one ? one : other;
  if (other->loss < one->loss) {
    one->bits = other->bits;
    one->loss = other->loss;
    one->bound = std::min(one->bound, one->loss);
  }
  return one;
}

}  // namespace

std::vector<Engine> engines() {
  return {{"combined", combined},
          {"exact", exact},
          {"surrogate", surrogate},
          {"uniform", uniform_search},
          {"bit_operations",
           [](const Problem& problem, std::int64_t interval) {
             return proxy_search(problem, bit_operation_cost, interval);
           }},
          {"reference_dsp", [](const Problem& problem, std::int64_t interval) {
             return proxy_search(problem, reference_dsp_cost, interval);
           }}};
}

Result<std::vector<Interval>> uniform_intervals(const Blueprint& blueprint, const Target& target, int from,
                                                int to, int image) {
  const std::size_t layers = blueprint.weighted().size();
  std::vector<Interval> found;
  Diagnostics errors;
  for (int bits = from; bits <= to; ++bits) {
    for (const auto& [w, a] : {std::pair{bits, bits}, {bits, bits + 1}, {bits + 1, bits}}) {
      Interval one{.uniform = uniform(layers, w, a, image)};
      const auto network = blueprint.with_bits(one.uniform);
      if (!network) return network.errors();
      const auto plan = plan::solve(*network, target.part, target.primitive, target.budget);
      if (!plan) {
        errors = plan.errors();
        break;
      }
      one.cycles = plan->interval.value;
      if (std::ranges::count(found, one.cycles, &Interval::cycles) > 0) continue;
      found.push_back(std::move(one));
      break;
    }
  }
  if (found.empty()) return errors;
  std::ranges::sort(found, {}, &Interval::cycles);
  return found;
}

}  // namespace bitmason::search
