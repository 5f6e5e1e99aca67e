#include "graph/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>

#include "graph/placement_internal.hpp"

namespace bitmason::graph {

namespace {

bool passes_codes(const Operation& operation) {
  return std::holds_alternative<MaxPool>(operation) || std::holds_alternative<Concat>(operation) ||
         std::holds_alternative<SpaceToDepth>(operation) || std::holds_alternative<Flatten>(operation);
}

bool is_elementwise(const Operation& operation) {
  return std::holds_alternative<BatchNorm>(operation) || std::holds_alternative<Relu>(operation);
}

/// Norms and ReLUs follow sums without a quantiser between.
bool reads_real(const Graph& graph, const Step& step, int input) {
  return is_elementwise(step.operation) && input > 0 &&
         !passes_codes(graph.steps[static_cast<std::size_t>(input - 1)].operation);
}

/// Builds the quantised network beside the float one, value by value.
class Placer {
 public:
  Placer(const Graph& graph, const PlaceOptions& options)
      : graph_(graph), options_(options), demands_(demands(graph, options.bits)) {}

  Graph place(const Hints& hints) {
    placed_ = {graph_.name, graph_.input, graph_.pixel, {}, {}};
    reals_ = {0};
    quantise(0, "input", hints);
    for (std::size_t i = 0; i < graph_.steps.size(); ++i) add(static_cast<int>(i) + 1, hints);
    merge_scales();
    return std::move(placed_);
  }

 private:
  [[nodiscard]] const Step& step_of(int value) const {
    return graph_.steps[static_cast<std::size_t>(value - 1)];
  }

  int append(std::string name, Operation operation, std::vector<int> inputs) {
    placed_.steps.push_back({std::move(name), std::move(operation), std::move(inputs)});
    return placed_.output();
  }

  void add(int value, const Hints& hints) {
    const Step& step = step_of(value);
    if (passes_codes(step.operation)) {
      for (const int bits : widths(value)) pass(value, bits);
      reals_.push_back(-1);
      return;
    }
    Step copy = step;
    const Widths& own = demands_[static_cast<std::size_t>(value)].behind;
    const int bits = step.weights() != nullptr ? options_.bits.activations[layer_] : *own.begin();
    for (int& input : copy.inputs)
      input = reads_real(graph_, step, input) ? reals_[static_cast<std::size_t>(input)] : coded(input, bits);
    if (Weights* weights = copy.weights()) set_quantiser(*weights);
    const int made = append(copy.name, std::move(copy.operation), std::move(copy.inputs));
    if (std::holds_alternative<Add>(step.operation)) share(placed_.steps.back().inputs);
    reals_.push_back(made);
    quantise(value, step.name, hints);
  }

  void set_quantiser(Weights& weights) {
    const bool last = layer_ + 1 == options_.bits.weights.size();
    const int bits = options_.bits.weights[layer_++];
    const bool per_channel = options_.per_channel && !last;
    WeightQuantiser wanted{bits, options_.narrow, per_channel, {}};
    const auto& old = weights.quantiser;
    if (old.bits == bits && old.narrow == wanted.narrow && old.per_channel == per_channel)
      wanted.scales = old.scales;
    weights.quantiser = std::move(wanted);
  }

  void pass(int value, int bits) {
    const Step& step = step_of(value);
    std::vector<int> inputs;
    for (const int input : step.inputs) inputs.push_back(coded(input, bits));
    coded_[{value, bits}] = append(named(value, step.name, bits), step.operation, inputs);
    if (std::holds_alternative<Concat>(step.operation)) share(inputs);
  }

  /// Quantisers of a real value, one per width.
  void quantise(int value, const std::string& name, const Hints& hints) {
    const bool is_signed = value > 0 && !is_positive(graph_, value);
    for (const int bits : widths(value)) {
      const Quantise quantiser{is_signed ? std::max(2, bits) : bits, is_signed,
                               static_cast<int>(placed_.scales.size())};
      const auto hint = hints.find({value, quantiser.bits});
      const float otherwise = value == 0 ? graph_.pixel * static_cast<float>(1 << (8 - bits)) : 0;
      placed_.scales.push_back(hint == hints.end() ? otherwise : hint->second);
      coded_[{value, bits}] =
          append(named(value, name, bits) + "_codes", quantiser, {reals_[static_cast<std::size_t>(value)]});
    }
  }

  /// The step's name; with the width where there are several.
  [[nodiscard]] std::string named(int value, const std::string& name, int bits) const {
    return widths(value).size() == 1 ? name : fmt::format("{}_a{}", name, bits);
  }
  [[nodiscard]] const Widths& widths(int value) const {
    return demands_[static_cast<std::size_t>(value)].codes;
  }
  [[nodiscard]] int coded(int value, int bits) const { return coded_.at({value, bits}); }

  /// The scale of the codes behind a value of the new network.
  [[nodiscard]] int scale_behind(int value) const {
    for (;;) {
      const Step& step = placed_.steps[static_cast<std::size_t>(value - 1)];
      if (const auto* quantise = std::get_if<Quantise>(&step.operation)) return quantise->scale;
      value = step.inputs[0];
    }
  }

  void share(const std::vector<int>& values) {
    for (const int value : values) shared_.emplace_back(scale_behind(values[0]), scale_behind(value));
  }

  /// Gives the quantisers of each set of shared scales its first one.
  void merge_scales() {
    std::vector<int> first(placed_.scales.size());
    std::iota(first.begin(), first.end(), 0);
    for (const auto& [a, b] : shared_) {
      const auto [to, from] =
          std::minmax(first[static_cast<std::size_t>(a)], first[static_cast<std::size_t>(b)]);
      const int kept = to;
      const int gone = from;
      std::ranges::replace(first, gone, kept);
    }
    std::map<int, int> renumbered;
    std::vector<float> scales;
    for (std::size_t i = 0; i < first.size(); ++i) {
      const auto [place, is_new] = renumbered.emplace(first[i], static_cast<int>(scales.size()));
      if (is_new) scales.push_back(placed_.scales[i]);
    }
    for (Step& step : placed_.steps) {
      if (auto* quantise = std::get_if<Quantise>(&step.operation))
        quantise->scale = renumbered.at(first[static_cast<std::size_t>(quantise->scale)]);
    }
    placed_.scales = std::move(scales);
  }

  const Graph& graph_;
  const PlaceOptions& options_;
  const std::vector<Demand> demands_;
  Graph placed_;
  std::vector<int> reals_;                    ///< by value of the float network: its real value in the new
  std::map<std::pair<int, int>, int> coded_;  ///< by value and width: its codes in the new network
  std::vector<std::pair<int, int>> shared_;   ///< scales that must be equal
  std::size_t layer_ = 0;                     ///< steps with weights so far
};

}  // namespace

std::vector<Demand> demands(const Graph& graph, const Bits& bits) {
  std::vector<Demand> wanted(graph.steps.size() + 1);
  auto layer = bits.activations.size();
  for (int value = graph.output(); value > 0; --value) {
    const Step& step = graph.steps[static_cast<std::size_t>(value - 1)];
    Widths own = wanted[static_cast<std::size_t>(value)].behind;
    if (step.weights() != nullptr) {
      own = {bits.activations[--layer]};
    } else if (!passes_codes(step.operation) && !reads_real(graph, step, step.inputs[0]) && !own.empty()) {
      own = {*own.begin()};
    }
    for (const int input : step.inputs) {
      Demand& demand = wanted[static_cast<std::size_t>(input)];
      demand.behind.insert(own.begin(), own.end());
      if (!reads_real(graph, step, input)) demand.codes.insert(own.begin(), own.end());
    }
  }
  return wanted;
}

bool is_positive(const Graph& graph, int value) {
  if (value == 0) return true;
  const Step& step = graph.steps[static_cast<std::size_t>(value - 1)];
  if (std::holds_alternative<Relu>(step.operation)) return true;
  if (step.weights() != nullptr || std::holds_alternative<BatchNorm>(step.operation)) return false;
  return std::ranges::all_of(step.inputs, [&](int input) { return is_positive(graph, input); });
}

Graph place(const Graph& graph, const PlaceOptions& options) {
  const Stripped stripped = strip(graph);
  return Placer(stripped.graph, options).place(stripped.hints);
}

}  // namespace bitmason::graph
