#include "search/layer_case.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "search/rescale.hpp"

namespace bitmason::search {

namespace {

/// The operation in other widths, and what it makes of its result.
struct Operated {
  ir::Operation operation;
  std::vector<ir::TensorType> inputs;
  double gain = 1;
};

std::vector<ir::TensorType> code_inputs(const ir::Network& network, const ir::Layer& layer, int bits) {
  std::vector<ir::TensorType> inputs;
  for (const ir::TensorId input : layer.inputs) {
    const ir::TensorType& type = network.type(input);
    inputs.push_back({type.shape, resize(type.range, bits)});
  }
  return inputs;
}

Operated conv_at(ir::Conv conv, std::vector<ir::TensorType> inputs, const IntRange& before, int bits) {
  ResizedWeights weights = resize(conv.weights, bits);
  const double in = code_gain(before, inputs.front().range);
  conv.weights = std::move(weights.weights);
  rescale(conv, in, weights.gain);
  return {std::move(conv), std::move(inputs), in * weights.gain};
}

Operated sum_at(const ir::Network& network, const ir::Layer& layer, std::vector<ir::TensorType> inputs) {
  std::vector<double> gains;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    gains.push_back(code_gain(network.type(layer.inputs[k]).range, inputs[k].range));
  double gain = gains.front();
  if (const auto* add = std::get_if<ir::Add>(&layer.operation)) {
    const ir::Add adjusted = rescaled(*add, gains, gain);
    return {adjusted, std::move(inputs), gain};
  }
  return {layer.operation, std::move(inputs), gain};
}

Operated operate(const Blueprint& blueprint, const WidthKey& key, const LayerCase* accumulator) {
  const ir::Network& network = blueprint.network();
  const ir::Layer& layer = network.layers()[key.layer];
  if (std::holds_alternative<ir::Requantise>(layer.operation)) {
    const IntRange codes = resize(layer.type.range, key.out);
    return {resize(blueprint.quantiser(key.layer), accumulator->gain, codes), {accumulator->type}};
  }
  const bool weighted = std::holds_alternative<ir::Conv>(layer.operation);
  auto inputs = code_inputs(network, layer, weighted ? key.out : key.in);
  if (weighted) {
    const IntRange& before = network.type(layer.inputs.front()).range;
    return conv_at(std::get<ir::Conv>(layer.operation), std::move(inputs), before, key.in);
  }
  if (!holds_codes(network, key.layer)) return sum_at(network, layer, std::move(inputs));
  return {layer.operation, std::move(inputs)};
}

/// The layer by itself, last of a network.
struct Alone {
  ir::Network network;
  double gain = 1;
};

Result<Alone> alone(const Blueprint& blueprint, const WidthKey& key, const LayerCase* accumulator) {
  const ir::Layer& layer = blueprint.network().layers()[key.layer];
  ir::NetworkBuilder builder(layer.name);
  Result<ir::TensorId> last = ir::TensorId{};
  double gain = 1;
  if (std::holds_alternative<ir::Input>(layer.operation)) {
    const IntRange range = resize(layer.type.range, key.in);
    gain = code_gain(layer.type.range, range);
    last = builder.add_input(layer.name, {layer.type.shape, range}, {.name = layer.name});
  } else {
    Operated operated = operate(blueprint, key, accumulator);
    gain = operated.gain;
    std::vector<ir::TensorId> inputs;
    for (const ir::TensorType& type : operated.inputs) {
      const std::string name = "input" + std::to_string(inputs.size());
      auto added = builder.add_input(name, type, {.name = name});
      if (!added) return added.errors();
      inputs.push_back(*added);
    }
    last = builder.add(layer.name, std::move(operated.operation), std::move(inputs));
  }
  if (!last) return last.errors();
  if (auto added = builder.add_output({.name = "output", .layer = last->index}); !added)
    return added.errors();
  auto network = std::move(builder).build();
  if (!network) return network.errors();
  return Alone{*std::move(network), gain};
}

/// Costs that differ by less than this share of themselves, or of the part, count as one that is the least of
/// each resource.
constexpr double kMerge = 0.04;
constexpr double kMergeOfPart = 0.0005;

plan::Resources least_of(const plan::Resources& a, const plan::Resources& b) {
  return {std::min(a.dsps, b.dsps),       std::min(a.luts, b.luts),   std::min(a.flip_flops, b.flip_flops),
          std::min(a.bram18s, b.bram18s), std::min(a.urams, b.urams), std::min(a.traffic, b.traffic)};
}

/// Resources of which none is no worse than another.
std::vector<plan::Resources> front_of(const std::vector<plan::Implementation>& implementations,
                                      const plan::Budget& budget) {
  std::vector<plan::Resources> front;
  const auto add = [&](const plan::Resources& candidate) {
    if (std::ranges::any_of(front,
                            [&](const plan::Resources& known) { return plan::fits(known, candidate); }))
      return;
    std::erase_if(front, [&](const plan::Resources& known) { return plan::fits(candidate, known); });
    front.push_back(candidate);
  };
  for (const plan::Implementation& candidate : implementations) add(candidate.cost);
  const std::vector<plan::Resources> all = std::exchange(front, {});
  for (const plan::Resources& one : all) {
    const auto near = std::ranges::find_if(front, [&](const plan::Resources& known) {
      const double least = share_of(least_of(known, one), budget);
      const double apart = std::max(share_of(known, budget), share_of(one, budget)) - least;
      return apart < std::max(kMerge * least, kMergeOfPart);
    });
    if (near == front.end()) {
      front.push_back(one);
    } else {
      const plan::Resources merged = least_of(*near, one);
      front.erase(near);
      add(merged);
    }
  }
  return front;
}

}  // namespace

double share_of(const plan::Resources& cost, const plan::Budget& budget) {
  const auto used = plan::amounts_of(cost);
  const auto limit = plan::amounts_of(plan::usable(budget, 1));
  double sum = 0;
  for (std::size_t r = 0; r <= plan::kBram18; ++r)
    sum += static_cast<double>(used[r]) / static_cast<double>(std::max<std::int64_t>(1, limit[r]));
  return sum / (plan::kBram18 + 1);
}

Result<LayerCase> make_case(const Blueprint& blueprint, const Target& target,
                            const std::vector<std::int64_t>& intervals, const WidthKey& key,
                            const LayerCase* accumulator) {
  const auto made = alone(blueprint, key, accumulator);
  if (!made) return made.errors();
  const ir::Layer& layer = made->network.layers().back();
  const bool external = target.budget.external != plan::ExternalWeights::Never;
  const auto choices = plan::LayerChoices::of(made->network, layer, target.primitive, {},
                                              plan::offer_of(target.budget, external));
  if (!choices) return choices.errors();
  LayerCase one{.type = layer.type,
                .gain = made->gain,
                .fastest = choices->fastest(),
                .share_cycles = std::numeric_limits<double>::infinity(),
                .fronts = {}};
  for (const std::int64_t interval : intervals)
    one.fronts.push_back(front_of(choices->implementations(interval), target.budget));
  choices->each([&](std::int64_t cycles, const plan::Resources& cost) {
    one.share_cycles =
        std::min(one.share_cycles, static_cast<double>(cycles) * share_of(cost, target.budget));
  });
  return one;
}

}  // namespace bitmason::search
