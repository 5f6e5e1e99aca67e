#include <algorithm>

#include "plan/exact.hpp"
#include "plan/fifos.hpp"
#include "plan/search.hpp"
#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

/// Nodes of the search tree before branch and cut gives up; almost all programs end below ten.
constexpr int kMostNodes = 200;
/// Times that branch and cut is tried with one DSP less where it gives up without a selection: another tree.
constexpr int kRetries = 2;
constexpr int kRetryNodes = 50;
/// Intervals that branch and cut may leave undecided before the shortest one found stands.
constexpr int kMostUndecided = 4;
/// Times that the FIFOs of a selection are set aside and the rest is chosen anew.
constexpr int kFifoRounds = 3;

Resources operator-(const Resources& a, const Resources& b) {
  return {a.dsps - b.dsps,       a.luts - b.luts,   a.flip_flops - b.flip_flops,
          a.bram18s - b.bram18s, a.urams - b.urams, a.traffic - b.traffic};
}

/// The larger of both, resource by resource.
Resources larger(const Resources& a, const Resources& b) {
  return {std::max(a.dsps, b.dsps),       std::max(a.luts, b.luts),   std::max(a.flip_flops, b.flip_flops),
          std::max(a.bram18s, b.bram18s), std::max(a.urams, b.urams), std::max(a.traffic, b.traffic)};
}

}  // namespace

Cheapest Search::cheapest(std::int64_t interval) const {
  return cheapest(interval, limit(interval), initial_prices(interval), kMostNodes);
}

std::optional<Selection> Search::least(std::size_t resource) const {
  constexpr std::int64_t kPlenty = std::int64_t{1} << 40;
  constexpr double kRest = 1e-6;
  auto most = amounts_of(limit(kNoInterval));
  most[resource] = kPlenty;
  Prices prices;
  prices.each.fill(kRest);
  prices.each[resource] = 1;
  return cheapest(kNoInterval, resources_from(most), prices, kRetryNodes).selection;
}

Cheapest Search::cheapest(std::int64_t interval, const Resources& most, const Prices& prices,
                          int nodes) const {
  Cheapest cheapest;
  Resources fifos;
  for (int round = 0; round < kFifoRounds; ++round) {
    const ExactChoice program(network_, choices_, most - fifos, interval, prices);
    ExactChoice::Outcome outcome = program.solve(nodes);
    if (round == 0) {
      cheapest.impossible = outcome.status == IntegerProgram::Status::Infeasible;
      cheapest.bound = outcome.bound;
    }
    for (int tighter = 1; tighter <= kRetries && outcome.layers.empty() && !cheapest.impossible; ++tighter) {
      Resources less = most - fifos;
      less.dsps = less.dsps - Dsps(tighter);
      outcome = ExactChoice(network_, choices_, less, interval, prices).solve(kRetryNodes);
    }
    if (outcome.layers.empty()) break;
    std::vector<LayerPlan> without = outcome.layers;
    add_plumbing(network_, {}, without);
    Selection selection = complete(std::move(outcome.layers));
    if (fits(selection.total, most)) {
      cheapest.selection = std::move(selection);
      break;
    }
    fifos = larger(fifos, selection.total - total_of(without));
  }
  return cheapest;
}

std::optional<Fastest> Search::fastest() const {
  std::vector<std::int64_t> points = breakpoints();
  if (points.empty()) return std::nullopt;
  // Where nothing fits however slow, one proof is enough.
  std::optional<Selection> slowest = at(kNoInterval);
  if (!slowest) {
    Cheapest cheapest = this->cheapest(kNoInterval);
    if (cheapest.impossible) return std::nullopt;
    slowest = std::move(cheapest.selection);
  }
  // Weights from outside may take longer than any layer.
  if (slowest && needed(*slowest) > points.back()) points.push_back(needed(*slowest));
  // Prices find a short interval and Lagrange's bound proves one; from there upwards branch and cut decides,
  // in doubling steps, then in halves.
  const std::int64_t found = shortest_interval().value_or(points.back());
  const auto index = [&](std::int64_t interval) {
    return std::lower_bound(points.begin(), points.end(), interval) - points.begin();
  };
  auto proved = index(lower_bound(found));
  auto low = proved;
  auto high = index(found);
  std::ptrdiff_t step = 1;
  // Once an interval is left undecided, longer ones prove nothing of the bound: a selection is sought in few
  // nodes, and not for ever.
  int undecided = 0;
  Fastest fastest;
  while (low < high && undecided < kMostUndecided) {
    const int nodes = undecided == 0 ? kMostNodes : kRetryNodes;
    const auto at = step > 0 ? std::min(low + step, high) - 1 : low + (high - low) / 2;
    const std::int64_t interval = longest_of(points, static_cast<std::size_t>(at));
    Cheapest cheapest = this->cheapest(interval, limit(interval), initial_prices(interval), nodes);
    if (cheapest.selection) {
      high = at;
      step = 0;
      fastest.cheapest = std::move(cheapest);
      continue;
    }
    if (!cheapest.impossible) ++undecided;
    // What is impossible in these cycles is in fewer.
    if (cheapest.impossible) proved = at + 1;
    low = at + 1;
    step *= 2;
  }
  fastest.interval = longest_of(points, static_cast<std::size_t>(high));
  fastest.lower_bound = points[static_cast<std::size_t>(proved)];
  if (!fastest.cheapest.selection || undecided > 0) {
    Cheapest most = best(fastest.interval);
    if (most.selection) fastest.cheapest = std::move(most);
  }
  if (!fastest.cheapest.selection) return std::nullopt;
  look_below(fastest);
  refine(fastest);
  return fastest;
}

void Search::look_below(Fastest& fastest) const {
  while (fastest.interval > fastest.lower_bound) {
    const auto next = next_shorter(fastest.interval);
    auto nearest = next ? this->nearest(*next) : std::nullopt;
    if (!nearest || !fits(nearest->total, limit(*next))) return;
    fastest.interval = *next;
    fastest.cheapest = {.selection = std::move(nearest), .bound = cheapest(*next).bound};
  }
}

std::int64_t Search::needed(const Selection& selection) const {
  return std::max(interval_of(network_, selection.layers), traffic_cycles(budget_, selection.total.traffic))
      .value;
}

void Search::refine(Fastest& fastest) const {
  constexpr std::int64_t kPrecision = 64;
  constexpr int kMostUnproved = 2;
  const auto settle = [&](Cheapest cheapest) {
    fastest.interval = std::min(fastest.interval, needed(*cheapest.selection));
    fastest.cheapest = std::move(cheapest);
  };
  if (!std::ranges::any_of(choices_, &LayerChoices::reads_weights)) return;
  settle(std::move(fastest.cheapest));
  std::int64_t low = fastest.lower_bound;
  int unproved = 0;
  while (unproved < kMostUnproved && fastest.interval - low > fastest.interval / kPrecision) {
    const std::int64_t middle = low + (fastest.interval - low) / 2;
    Cheapest cheapest = this->cheapest(middle);
    if (cheapest.selection) {
      settle(std::move(cheapest));
      continue;
    }
    low = middle + 1;
    unproved += static_cast<int>(!cheapest.impossible);
    if (unproved == 0) fastest.lower_bound = low;
  }
}

Cheapest Search::best(std::int64_t interval) const {
  Cheapest best = cheapest(interval);
  if (!best.selection && !best.impossible) best.selection = at(interval);
  return best;
}

}  // namespace bitmason::plan
