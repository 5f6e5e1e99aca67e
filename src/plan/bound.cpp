#include "plan/bound.hpp"

#include <algorithm>
#include <utility>

#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

/// The resources of which a selection needs more than may be used.
std::vector<Shortage> shortages(const Resources& need, const Resources& usable) {
  const auto needed = amounts_of(need);
  const auto allowed = amounts_of(usable);
  std::vector<Shortage> list;
  for (std::size_t r = 0; r < needed.size(); ++r) {
    if (needed[r] > allowed[r]) list.push_back({kResourceKinds[r].key, needed[r], allowed[r]});
  }
  return list;
}

}  // namespace

Bound bound_of(const ir::Network& network, const Search& search, const Budget& budget, const Plan& plan) {
  Bound bound;
  const std::int64_t interval = plan.interval.value;
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    if (plan.layers[k].cycles != plan.interval) continue;
    bound.layers.push_back(plan.layers[k].layer);
  }
  if (bound.layers.empty() && traffic_cycles(budget, plan.total.traffic) == plan.interval) {
    bound.layers.emplace_back("external memory");
  }
  for (std::size_t k = 0; bound.layers.empty() && k < plan.layers.size(); ++k) {
    if (interval_of(network, plan.layers, k) == plan.interval) bound.layers.push_back(plan.layers[k].layer);
  }
  if (budget.target_fps) {
    bound.kind = Bound::Kind::Target;
    return bound;
  }
  // With external memory as the slowest a cycle less has too little traffic already.
  const bool by_traffic = traffic_cycles(budget, plan.total.traffic) == plan.interval;
  auto next = by_traffic ? std::optional(interval - 1) : search.next_shorter(interval);
  auto nearest = next ? search.nearest(*next) : std::nullopt;
  if (!nearest) {
    // Those at their own end; the others only happen to be as slow.
    const std::vector<std::string> at_end = search.slower_than(next.value_or(interval - 1));
    if (!at_end.empty()) bound.layers = at_end;
    std::vector<std::string> inputs;
    for (const ir::Layer& layer : network.layers()) {
      const bool listed = std::ranges::find(bound.layers, layer.name) != bound.layers.end();
      if (listed && std::holds_alternative<ir::Input>(layer.operation)) inputs.push_back(layer.name);
    }
    bound.kind = inputs.empty() ? Bound::Kind::Layers : Bound::Kind::InputStream;
    if (!inputs.empty()) bound.layers = std::move(inputs);
    return bound;
  }
  bound.kind = Bound::Kind::Resources;
  bound.next = Cycles(*next);
  bound.missing = shortages(by_traffic ? plan.total : nearest->total, usable(budget, *next));
  return bound;
}

}  // namespace bitmason::plan
