#include "plan/explain.hpp"

#include <algorithm>
#include <utility>

#include "plan/resources.hpp"
#include "plan/search.hpp"

namespace bitmason::plan {

namespace {

/// The resource of which `need` exceeds `have` most, as a share of it, and that share; 0 where all fits.
std::pair<const char*, double> worst_lack(const Resources& need, const Resources& have) {
  std::pair<const char*, double> worst{"", 0};
  const auto needed = amounts_of(need);
  const auto given = amounts_of(have);
  for (std::size_t r = 0; r < needed.size(); ++r) {
    const auto lack =
        static_cast<double>(needed[r] - given[r]) / static_cast<double>(std::max<std::int64_t>(1, given[r]));
    if (lack > worst.second) worst = {kResourceKinds[r].key, lack};
  }
  return worst;
}

/// Cycles of the layer's fastest implementation within the resources, no more than it has now.
std::int64_t fastest_within(const LayerChoices& layer, const Resources& most, std::int64_t now) {
  std::int64_t best = now;
  layer.each([&](std::int64_t cycles, const Resources& cost) {
    if (cycles < best && worst_lack(cost, most).second == 0) best = cycles;
  });
  return best;
}

/// What the layer's implementation has, and what the plan leaves free.
Resources within_reach(const LayerPlan& layer, const Resources& total, const Resources& limit) {
  const auto left = [](std::int64_t own, std::int64_t used, std::int64_t most) {
    return own + std::max<std::int64_t>(0, most - used);
  };
  return {Dsps(left(layer.dsps.value, total.dsps.value, limit.dsps.value)),
          Luts(left(layer.luts.value, total.luts.value, limit.luts.value)),
          FlipFlops(left(layer.flip_flops.value, total.flip_flops.value, limit.flip_flops.value)),
          Bram18s(left(layer.bram18s.value, total.bram18s.value, limit.bram18s.value)),
          Urams(left(layer.urams.value, total.urams.value, limit.urams.value)),
          Bytes(left(layer.traffic.value, total.traffic.value, limit.traffic.value))};
}

std::string bound_by(const LayerChoices& layer, const LayerExplanation& told, const Resources& reach,
                     std::int64_t interval) {
  if (told.cycles < interval) return "slack";
  if (told.fastest >= told.cycles) return "implementations";
  std::pair<const char*, double> nearest{"choice", 1e300};
  layer.each([&](std::int64_t cycles, const Resources& cost) {
    if (cycles >= told.cycles) return;
    const auto lack = worst_lack(cost, reach);
    if (lack.second < nearest.second) nearest = lack.second > 0 ? lack : std::pair{"choice", 0.0};
  });
  return nearest.first;
}

/// Interval of the plan found with a larger budget; the present one where that is shorter, or where none is
/// found: FIFOs that are safe without a run of the handshakes may need more than those of the plan.
std::int64_t interval_with(const ir::Network& network, const device::Part& part,
                           const device::Primitive& primitive, const Budget& budget, const Folding& folding,
                           const Plan& plan) {
  const auto larger = solve(network, part, primitive, budget, folding);
  return larger ? std::min(larger->interval.value, plan.interval.value) : plan.interval.value;
}

}  // namespace

Result<Explanation> explain(const ir::Network& network, const device::Part& part,
                            const device::Primitive& primitive, const Budget& budget, const Folding& folding,
                            const Plan& plan) {
  const auto choices = all_choices(network, primitive, folding, offer_for(budget, plan));
  if (!choices) return choices.errors();
  const Resources limit = usable(budget, plan.interval.value);
  Explanation told;
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    const LayerPlan& layer = plan.layers[k];
    const LayerChoices& own = (*choices)[k];
    const Resources reach = within_reach(layer, plan.total, limit);
    LayerExplanation row{.layer = layer.layer, .cycles = layer.cycles.value};
    row.fastest = std::min(row.cycles, own.fastest());
    row.with_one_dsp = fastest_within(own, reach + Resources{.dsps = Dsps(1)}, row.cycles);
    row.with_more_luts = fastest_within(own, reach + Resources{.luts = Luts(kMoreLuts)}, row.cycles);
    row.bound_by = bound_by(own, row, reach, plan.interval.value);
    told.layers.push_back(std::move(row));
  }
  // How fast it would be: a target that is met says nothing of that.
  Budget fastest = budget;
  fastest.target_fps.reset();
  Budget one_dsp = fastest;
  one_dsp.limit.dsps += Dsps(1);
  Budget more_luts = fastest;
  more_luts.limit.luts += Luts(static_cast<std::int64_t>(kMoreLuts / budget.lut_share));
  for (const auto& [larger, interval] :
       {std::pair{&one_dsp, &told.interval_with_one_dsp}, {&more_luts, &told.interval_with_more_luts}}) {
    *interval = interval_with(network, part, primitive, *larger, folding, plan);
  }
  return told;
}

}  // namespace bitmason::plan
