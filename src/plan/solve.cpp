#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plan/bound.hpp"
#include "plan/diagnostics.hpp"
#include "plan/fifos.hpp"
#include "plan/folding.hpp"
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
  return fmt::format("{:g}", value);
}

/// What is missing, and what each layer takes of it at least.
Diagnostics shortage(const ir::Network& network, const Search& search, const Budget& budget) {
  Diagnostics findings;
  const Resources limit = usable(budget);
  struct Row {
    const char* name;
    std::int64_t limit;
    Prices prices;
    std::int64_t (*use)(const Resources&);
    std::int64_t (*layer_use)(const LayerPlan&);
  };
  constexpr double kRest = 1e-6;
  const Row rows[] = {{"DSPs",
                       limit.dsps.value,
                       {1, kRest, kRest, kRest},
                       [](const Resources& r) { return r.dsps.value; },
                       [](const LayerPlan& p) { return p.dsps.value; }},
                      {"LUTs",
                       limit.luts.value,
                       {kRest, 1, kRest, kRest},
                       [](const Resources& r) { return r.luts.value; },
                       [](const LayerPlan& p) { return p.luts.value; }},
                      {"flip-flops",
                       limit.flip_flops.value,
                       {kRest, kRest, 1, kRest},
                       [](const Resources& r) { return r.flip_flops.value; },
                       [](const LayerPlan& p) { return p.flip_flops.value; }},
                      {"BRAM18",
                       limit.bram18s.value,
                       {kRest, kRest, kRest, 1},
                       [](const Resources& r) { return r.bram18s.value; },
                       [](const LayerPlan& p) { return p.bram18s.value; }}};
  // Without an interval to meet every layer is at its smallest; where each resource alone fits, report their
  // balance.
  constexpr std::int64_t kNoInterval = std::numeric_limits<std::int64_t>::max() / 4;
  for (const bool balanced : {false, true}) {
    for (const Row& row : rows) {
      const auto selection = search.select(kNoInterval, balanced ? search.initial_prices() : row.prices);
      if (!selection || row.use(selection->total) <= row.limit) continue;
      findings.push_back(
          make_diagnostic(diagnostics::kResourceShort, network.name(),
                          {std::to_string(row.use(selection->total)), row.name, std::to_string(row.limit)}));
      for (const LayerPlan& plan : selection->layers) {
        if (row.layer_use(plan) == 0) continue;
        findings.push_back(make_diagnostic(
            diagnostics::kSmallest, plan.layer,
            {std::to_string(row.layer_use(plan)), std::to_string(row.use(selection->total)), row.name}));
      }
    }
    if (!findings.empty()) break;
  }
  return findings;
}

}  // namespace

const LayerPlan* Plan::find(std::string_view layer) const {
  const auto found =
      std::find_if(layers.begin(), layers.end(), [&](const LayerPlan& p) { return p.layer == layer; });
  return found == layers.end() ? nullptr : &*found;
}

Result<Plan> solve(const ir::Network& network, const device::Part& part, const device::Primitive& primitive,
                   const Budget& budget, const Folding& folding) {
  auto choices = all_choices(network, primitive, folding);
  if (!choices) return choices.errors();
  const Search search(network, *std::move(choices), budget);
  Fastest chosen;
  if (budget.target_fps) {
    chosen.interval = static_cast<std::int64_t>(std::min(budget.clock_mhz * 1e6 / *budget.target_fps, 1e15));
    chosen.cheapest = search.best(chosen.interval);
  }
  if (!chosen.cheapest.selection) {
    auto fastest = search.fastest();
    if (!fastest) return shortage(network, search, budget);
    if (budget.target_fps && fastest->interval > chosen.interval) {
      return make_diagnostic(
          diagnostics::kTooSlow, network.name(),
          {number(*budget.target_fps), std::to_string(chosen.interval), std::to_string(fastest->interval)});
    }
    chosen = *std::move(fastest);
  }
  Selection* selection = &*chosen.cheapest.selection;
  Plan plan{.part = part.name,
            .clock_mhz = budget.clock_mhz,
            .layers = std::move(selection->layers),
            .fifos = std::move(selection->fifos),
            .total = selection->total};
  plan.interval = interval_of(network, plan.layers);
  plan.latency = latency_of(network, plan.interval.value);
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    const ir::Layer& layer = network.layers()[k];
    if (!plan.layers[k].conv) continue;
    if (auto note = folding_note(entry_of(folding, network, layer), network, layer, *plan.layers[k].conv))
      plan.notes.push_back(*std::move(note));
  }
  plan.bound = bound_of(network, search, budget, plan);
  const std::int64_t bound = budget.target_fps ? search.lower_bound(plan.interval.value) : chosen.lower_bound;
  plan.lower_bound = std::min(plan.interval, Cycles(bound));
  plan.cost = search.initial_prices().of(plan.total);
  plan.cost_bound = std::min(plan.cost, chosen.cheapest.bound);
  return plan;
}

}  // namespace bitmason::plan
