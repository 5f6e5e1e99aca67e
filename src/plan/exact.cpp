#include "plan/exact.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

constexpr double kNoLimit = 1e30;
/// A budget is exceeded by more than the solver's rounding, so that what it proves impossible is.
constexpr double kMargin = 1e-6;

}  // namespace

ExactChoice::ExactChoice(const ir::Network& network, const std::vector<LayerChoices>& choices,
                         const Resources& limit, std::int64_t interval, const Prices& prices)
    : network_(network), choices_(choices), prices_(prices) {
  for (const LayerChoices& layer : choices) add_layer(layer, interval);
  for (std::size_t k = 0; possible_ && k < choices.size(); ++k) {
    for (const ir::TensorId input : network.layers()[k].inputs) add_stream(k, input, interval);
  }
  add_budget(limit);
}

IntegerProgram::Column ExactChoice::add_use(const Resources& cost, bool integer) {
  uses_.push_back(cost);
  return program_.add_column(prices_.of(cost), integer);
}

void ExactChoice::add_layer(const LayerChoices& choices, std::int64_t interval) {
  Layer layer{.implementations = choices.implementations(interval)};
  possible_ = possible_ && !layer.implementations.empty();
  std::map<int, Terms> inputs;
  Terms one;
  for (const Implementation& implementation : layer.implementations) {
    const auto column = add_use(implementation.cost, true);
    layer.columns.push_back(column);
    inputs[implementation.input_channels].push_back({column});
    one.push_back({column});
  }
  program_.add_row(1, 1, one);
  layer.inputs.assign(inputs.begin(), inputs.end());
  add_outputs(choices, interval, layer);
  layers_.push_back(std::move(layer));
}

void ExactChoice::add_outputs(const LayerChoices& choices, std::int64_t interval, Layer& layer) {
  std::map<int, Terms> from;
  for (std::size_t k = 0; k < layer.implementations.size(); ++k) {
    for (const int channels : choices.output_choices(layer.implementations[k], interval))
      from[channels].push_back({layer.columns[k]});
  }
  if (!choices.convolves()) {
    layer.outputs.assign(from.begin(), from.end());
    return;
  }
  // One number of channels, which some of the implementations can send.
  Terms one;
  for (auto& [channels, senders] : from) {
    const auto column = add_use({}, true);
    one.push_back({column});
    layer.outputs.push_back({channels, {{column}}});
    senders.push_back({column, -1});
    program_.add_row(0, kNoLimit, senders);
  }
  program_.add_row(1, 1, one);
}

void ExactChoice::add_stream(std::size_t consumer, ir::TensorId input, std::int64_t interval) {
  const auto producer = static_cast<std::size_t>(input.index);
  const ir::TensorType& type = network_.type(input);
  const auto& sends = layers_[producer].outputs;
  const auto& takes = layers_[consumer].inputs;
  // A column per pair of widths; pairs whose stream is too slow have none.
  std::vector<Terms> by_sender(sends.size());
  std::vector<Terms> by_taker(takes.size());
  for (std::size_t a = 0; a < sends.size(); ++a) {
    for (std::size_t b = 0; b < takes.size(); ++b) {
      if (type.shape.elements() / std::gcd(sends[a].first, takes[b].first) > interval) continue;
      const auto column =
          add_use(width_change_cost(type.range.bits(), sends[a].first, takes[b].first), false);
      by_sender[a].push_back({column});
      by_taker[b].push_back({column});
    }
  }
  const auto equal = [&](Terms sum, const Terms& chosen) {
    for (const auto& term : chosen) sum.push_back({term.column, -term.factor});
    program_.add_row(0, 0, std::move(sum));
  };
  for (std::size_t a = 0; a < sends.size(); ++a) equal(by_sender[a], sends[a].second);
  for (std::size_t b = 0; b < takes.size(); ++b) equal(by_taker[b], takes[b].second);
}

void ExactChoice::add_budget(const Resources& limit) {
  const auto limits = amounts_of(limit);
  for (std::size_t r = 0; r < limits.size(); ++r) {
    const double unit = static_cast<double>(std::max<std::int64_t>(1, limits[r]));
    Terms sum;
    for (std::size_t k = 0; k < uses_.size(); ++k) {
      const std::int64_t used = amounts_of(uses_[k])[r];
      if (used != 0)
        sum.push_back({static_cast<IntegerProgram::Column>(k), static_cast<double>(used) / unit});
    }
    if (sum.empty() && limits[r] == 0) continue;
    program_.add_row(-kNoLimit, static_cast<double>(limits[r]) / unit + kMargin, std::move(sum));
  }
}

ExactChoice::Outcome ExactChoice::solve(int most_nodes) const {
  if (!possible_) return {.status = IntegerProgram::Status::Infeasible};
  const IntegerProgram::Outcome solved = program_.solve(most_nodes);
  Outcome outcome{.status = solved.status, .bound = solved.bound};
  if (solved.values.empty()) return outcome;
  const auto chosen = [&](IntegerProgram::Column column) {
    return solved.values[static_cast<std::size_t>(column)] > 0.5;
  };
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    const Layer& layer = layers_[k];
    const auto column = std::find_if(layer.columns.begin(), layer.columns.end(), chosen);
    const auto output = std::find_if(layer.outputs.begin(), layer.outputs.end(), [&](const auto& sends) {
      return std::any_of(sends.second.begin(), sends.second.end(),
                         [&](const auto& t) { return chosen(t.column); });
    });
    if (column == layer.columns.end() || output == layer.outputs.end())
      return {.status = outcome.status, .bound = outcome.bound};
    outcome.layers.push_back(choices_[k].plan_of(
        layer.implementations[static_cast<std::size_t>(column - layer.columns.begin())], output->first));
  }
  return outcome;
}

}  // namespace bitmason::plan
