#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "plan/bound.hpp"
#include "plan/diagnostics.hpp"
#include "plan/fifos.hpp"
#include "plan/folding.hpp"
#include "plan/misfit.hpp"
#include "plan/search.hpp"
#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

/// Cycles from a module's last needed input to its first output.
constexpr double kConvPipelineCycles = 18;
constexpr double kPipelineCycles = 6;

/// Estimated cycles from the first beat of a frame to its last result: rows that windows wait for, then one
/// interval.
Cycles latency_of(const ir::Network& network, std::int64_t interval) {
  std::vector<double> start(network.layers().size());
  double last = 0;
  for (std::size_t k = 0; k < start.size(); ++k) {
    const ir::Layer& layer = network.layers()[k];
    for (const ir::TensorId input : layer.inputs) {
      start[k] = std::max(start[k], start[static_cast<std::size_t>(input.index)]);
    }
    start[k] += std::holds_alternative<ir::Conv>(layer.operation) ? kConvPipelineCycles : kPipelineCycles;
    const ir::Window* window = nullptr;
    if (const auto* conv = std::get_if<ir::Conv>(&layer.operation)) window = &conv->window;
    if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) window = &pool->window;
    if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) window = &pool->window;
    if (window != nullptr) {
      const int height = network.type(layer.inputs.front()).shape.height;
      const double rows = std::min(height, window->kernel_h - window->pad_top);
      start[k] += rows / height * static_cast<double>(interval);
    }
    last = std::max(last, start[k]);
  }
  return Cycles(static_cast<std::int64_t>(last) + interval);
}

std::string number(double value) {
  return fmt::format("{}", value);
}

}  // namespace

const LayerPlan* Plan::find(std::string_view layer) const {
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const LayerPlan& p) { return p.layer == layer; });
  return found == layers.end() ? nullptr : &*found;
}

namespace {

/// The search over what is offered, and what it chose.
struct Found {
  Search search;
  bool resident = false;          ///< weights from external memory were not offered though there is one
  std::optional<Fastest> chosen;  ///< at the target where it is met, else the fastest; nothing if none fits
};

/// Cycles a frame may take at the target; nothing without one.
std::optional<std::int64_t> target_of(const Budget& budget) {
  if (!budget.target_fps) return std::nullopt;
  // A rate that was computed from a number of cycles gives it back, whatever its last bit.
  constexpr double kRounding = 1 + 1e-9;
  return static_cast<std::int64_t>(std::min(budget.clock_mhz * 1e6 / *budget.target_fps * kRounding, 1e15));
}

Result<Found> find(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
                   const Folding& folding, bool external) {
  auto choices = all_choices(network, primitive, folding, offer_of(budget, external));
  if (!choices) return choices.errors();
  Found found{.search = Search(network, *std::move(choices), budget), .chosen = std::nullopt};
  if (const auto target = target_of(budget)) {
    Cheapest cheapest = found.search.best(*target);
    if (cheapest.selection) {
      found.chosen = Fastest{.interval = *target, .cheapest = std::move(cheapest)};
      return found;
    }
  }
  found.chosen = found.search.fastest();
  return found;
}

bool misses(const Budget& budget, const std::optional<Fastest>& chosen) {
  const auto target = target_of(budget);
  return !chosen || (target && chosen->interval > *target);
}

/// Weights from outside where they are needed, or wanted for speed and do shorten the interval.
Result<Found> find_best(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
                        const Folding& folding) {
  auto resident = find(network, primitive, budget, folding, false);
  if (!resident || budget.memory_port_bits == 0 || budget.external == ExternalWeights::Never) return resident;
  if (budget.external == ExternalWeights::Needed && !misses(budget, resident->chosen)) {
    resident->resident = true;
    return resident;
  }
  auto external = find(network, primitive, budget, folding, true);
  if (!external || !external->chosen) return resident;
  if (resident->chosen && resident->chosen->interval <= external->chosen->interval) return resident;
  return external;
}

}  // namespace

Result<Plan> solve(const ir::Network& network, const device::Part& part, const device::Primitive& primitive,
                   const Budget& budget, const Folding& folding) {
  auto found = find_best(network, primitive, budget, folding);
  if (!found) return found.errors();
  const Search& search = found->search;
  if (!found->chosen) return misfit(network, search, budget);
  if (misses(budget, found->chosen)) {
    return make_diagnostic(diagnostics::kTooSlow, network.name(),
                           {number(*budget.target_fps), std::to_string(*target_of(budget)),
                            std::to_string(found->chosen->interval)});
  }
  Fastest& chosen = *(*found).chosen;
  Selection* selection = &*chosen.cheapest.selection;
  Plan plan{.part = part.name,
            .clock_mhz = budget.clock_mhz,
            .layers = std::move(selection->layers),
            .fifos = std::move(selection->fifos),
            .total = selection->total};
  if (budget.free_fifos) replace_fifos(plan, std::exchange(plan.fifos, {}));
  plan.interval = std::max(interval_of(network, plan.layers), traffic_cycles(budget, plan.total.traffic));
  plan.latency = latency_of(network, plan.interval.value);
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    const ir::Layer& layer = network.layers()[k];
    if (!plan.layers[k].conv) continue;
    if (auto note = folding_note(entry_of(folding, network, layer), network, layer, *plan.layers[k].conv))
      plan.notes.push_back(*std::move(note));
  }
  plan.bound = bound_of(network, search, budget, plan);
  const std::int64_t bound = budget.target_fps ? search.lower_bound(plan.interval.value) : chosen.lower_bound;
  assert(bound <= plan.interval.value);
  plan.lower_bound = Cycles(bound);
  plan.resident = found->resident;
  plan.cost = search.initial_prices(chosen.interval).of(plan.total);
  plan.cost_bound = std::min(plan.cost, chosen.cheapest.bound);
  return plan;
}

Offer offer_of(const Budget& budget, bool external) {
  return {.ultra = budget.limit.urams.value > 0, .memory_port = external ? budget.memory_port_bits : 0};
}

Offer offer_for(const Budget& budget, const Plan& plan) {
  const bool external = std::ranges::any_of(
      plan.layers, [](const LayerPlan& layer) { return layer.conv && layer.conv->external(); });
  return offer_of(budget, external);
}

Result<bool> fits_at_all(const ir::Network& network, const device::Primitive& primitive, const Budget& budget,
                         const Folding& folding) {
  const bool external = budget.external != ExternalWeights::Never;
  auto choices = all_choices(network, primitive, folding, offer_of(budget, external));
  if (!choices) return choices.errors();
  const Search search(network, *std::move(choices), budget);
  // Prices find most selections in a moment; where they find none, branch and cut decides.
  return search.at(kNoInterval) || search.cheapest(kNoInterval).selection;
}

}  // namespace bitmason::plan
