#include "search/cost_tables.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <set>

#include "search/diagnostics.hpp"
#include "search/layer_case.hpp"
#include "search/parallel.hpp"

namespace bitmason::search {

namespace {

std::set<int> all_widths(const WidthSets& widths, const Blueprint& blueprint) {
  std::set<int> all;
  for (const auto& set : widths.activations) all.insert(set.begin(), set.end());
  for (const ir::OutputPort& port : blueprint.network().outputs()) {
    const auto at = static_cast<std::size_t>(port.layer);
    if (holds_codes(blueprint.network(), at)) all.insert(blueprint.network().layers()[at].type.range.bits());
  }
  return all;
}

/// Makes the cases of many keys in parallel.
class Maker {
 public:
  using Cases = std::map<WidthKey, LayerCase>;
  struct Task {
    WidthKey key;
    const LayerCase* accumulator = nullptr;
  };

  Maker(const Blueprint& blueprint, const Target& target, const WidthSets& widths,
        const std::vector<std::int64_t>& intervals)
      : blueprint_(blueprint),
        target_(target),
        widths_(widths),
        intervals_(intervals),
        codes_(all_widths(widths, blueprint)) {}

  Result<Cases> run(int threads) {
    if (auto checked = check_accumulators(); !checked) return checked.errors();
    if (auto made = make(direct(), threads); !made) return made.errors();
    if (auto made = make(quantisers(), threads); !made) return made.errors();
    return std::move(cases_);
  }

 private:
  [[nodiscard]] bool quantises(std::size_t layer) const {
    return std::holds_alternative<ir::Requantise>(blueprint_.network().layers()[layer].operation);
  }
  [[nodiscard]] std::size_t input(std::size_t layer) const {
    const ir::TensorId id = blueprint_.network().layers()[layer].inputs.front();
    return blueprint_.original(static_cast<std::size_t>(id.index));
  }
  [[nodiscard]] Status check_accumulators() const;
  [[nodiscard]] std::vector<Task> direct() const;
  [[nodiscard]] std::vector<Task> quantisers() const;
  Status make(const std::vector<Task>& tasks, int threads);

  const Blueprint& blueprint_;
  const Target& target_;
  const WidthSets& widths_;
  const std::vector<std::int64_t>& intervals_;
  std::set<int> codes_;
  Cases cases_;
};

Status Maker::check_accumulators() const {
  const ir::Network& network = blueprint_.network();
  for (std::size_t k = 0; k < network.layers().size(); ++k) {
    for (const ir::TensorId input : network.layers()[k].inputs) {
      // A quantiser reads accumulators, all others read codes.
      if (quantises(k) != holds_codes(network, static_cast<std::size_t>(input.index))) continue;
      return make_diagnostic(diagnostics::kAccumulators, network.name(),
                             {network.layers()[k].name, network.layer(input).name});
    }
  }
  return success();
}

/// All but the quantisers.
std::vector<Maker::Task> Maker::direct() const {
  std::vector<Task> tasks;
  const auto& weighted = blueprint_.weighted();
  for (std::size_t k = 0; k < blueprint_.network().layers().size(); ++k) {
    if (blueprint_.original(k) != k || quantises(k)) continue;
    const auto at = std::ranges::find(weighted, k);
    if (at == weighted.end()) {
      for (const int bits : codes_) tasks.push_back({{k, bits, 0}});
      continue;
    }
    const auto layer = static_cast<std::size_t>(at - weighted.begin());
    for (const int weights : widths_.weights[layer]) {
      for (const int activations : widths_.activations[layer]) tasks.push_back({{k, weights, activations}});
    }
  }
  return tasks;
}

/// A quantiser's cost depends on its accumulator by the bits alone: the first of each width stands for all.
std::vector<Maker::Task> Maker::quantisers() const {
  std::map<WidthKey, const LayerCase*> tasks;
  for (std::size_t k = 0; k < blueprint_.network().layers().size(); ++k) {
    if (blueprint_.original(k) != k || !quantises(k)) continue;
    const std::size_t from = input(k);
    const bool conv = std::ranges::count(blueprint_.weighted(), from) > 0;
    for (auto at = cases_.lower_bound({from, 0, 0}); at != cases_.end() && at->first.layer == from; ++at) {
      const int in = conv ? at->second.type.range.bits() : at->first.in;
      for (const int bits : codes_) {
        if (conv || bits <= in) tasks.try_emplace({k, in, bits}, &at->second);
      }
    }
  }
  std::vector<Task> list;
  for (const auto& [key, accumulator] : tasks) list.push_back({key, accumulator});
  return list;
}

Status Maker::make(const std::vector<Task>& tasks, int threads) {
  std::vector<LayerCase> made(tasks.size());
  std::vector<Diagnostics> errors(tasks.size());
  parallel_for(tasks.size(), threads, [&](std::size_t k) {
    auto one = make_case(blueprint_, target_, intervals_, tasks[k].key, tasks[k].accumulator);
    if (one) {
      made[k] = *std::move(one);
    } else {
      errors[k] = one.errors();
    }
  });
  for (std::size_t k = 0; k < tasks.size(); ++k) {
    if (!errors[k].empty()) return errors[k];
    cases_[tasks[k].key] = std::move(made[k]);
  }
  return success();
}

}  // namespace

WidthSets width_sets(std::size_t layers, int from, int to, int image) {
  std::vector<int> all;
  for (int bits = from; bits <= to; ++bits) all.push_back(bits);
  WidthSets sets{std::vector(layers, all), std::vector(layers, all)};
  if (layers > 0) sets.activations.front() = {image};
  return sets;
}

Result<CostTables> CostTables::of(const Blueprint& blueprint, const Target& target, const WidthSets& widths,
                                  std::vector<std::int64_t> intervals, int threads) {
  auto cases = Maker(blueprint, target, widths, intervals).run(threads);
  if (!cases) return cases.errors();
  CostTables tables;
  tables.intervals_ = std::move(intervals);
  tables.cases_ = *std::move(cases);
  return tables;
}

const std::vector<plan::Resources>& CostTables::front(const WidthKey& key, std::int64_t interval) const {
  const auto at = std::ranges::find(intervals_, interval);
  assert(at != intervals_.end());
  return cases_.at(key).fronts[static_cast<std::size_t>(at - intervals_.begin())];
}

std::int64_t CostTables::least_interval() const {
  std::map<std::size_t, std::int64_t> fastest;
  for (const auto& [key, one] : cases_) {
    const auto [at, first] = fastest.try_emplace(key.layer, one.fastest);
    at->second = std::min(at->second, one.fastest);
  }
  std::int64_t least = 1;
  for (const auto& [layer, cycles] : fastest) least = std::max(least, cycles);
  return least;
}

}  // namespace bitmason::search
