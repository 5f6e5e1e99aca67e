#include <algorithm>
#include <set>

#include "graph/initialise.hpp"
#include "qat/diagnostics.hpp"
#include "qat/torch_mixed_internal.hpp"
#include "qat/torch_open_widths_internal.hpp"

namespace bitmason::qat {
namespace {

/// Logit of a width that a shared distribution does not have.
constexpr double kImpossible = -1e3;

/// The Quantise step whose codes a layer reads: pools, reorderings and concatenations pass them on.
std::size_t quantiser_before(const graph::Graph& graph, int value) {
  for (;;) {
    const auto step = static_cast<std::size_t>(value - 1);
    if (std::holds_alternative<graph::Quantise>(graph.steps[step].operation)) return step;
    value = graph.steps[step].inputs[0];
  }
}

int scale_of(const graph::Graph& graph, std::size_t step) {
  return std::get<graph::Quantise>(graph.steps[step].operation).scale;
}

std::vector<std::size_t> weighted_steps(const graph::Graph& graph) {
  std::vector<std::size_t> steps;
  for (std::size_t k = 0; k < graph.steps.size(); ++k) {
    if (graph.steps[k].weights() != nullptr) steps.push_back(k);
  }
  return steps;
}

/// `fixed`: the steps stay as they are.
std::shared_ptr<OpenQuantiser> open_quantiser(const std::vector<int>& widths, const std::vector<float>& steps,
                                              bool fixed) {
  auto open = std::make_shared<OpenQuantiser>();
  open->widths = widths;
  open->steps = tensor_of(steps).set_requires_grad(!fixed);
  open->logits = at::zeros({static_cast<std::int64_t>(widths.size())}, at::kFloat).set_requires_grad(true);
  return open;
}

Diagnostic unusable(const graph::Step& layer) {
  return make_diagnostic(diagnostics::kOpenWidths, layer.name);
}

bool usable(const std::vector<int>& widths) {
  return !widths.empty() && std::ranges::all_of(widths, [](int w) { return w >= 2 && w <= 8; });
}

std::vector<int> common(const std::vector<int>& a, const std::vector<int>& b) {
  std::vector<int> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

}  // namespace

OpenWidths::Place OpenWidths::placed(const Quantiser& quantiser, const std::vector<int>& set) {
  Place place{quantiser, {}};
  for (const int width : set) {
    const auto at = std::ranges::find(quantiser->widths, width);
    place.index.push_back(at == quantiser->widths.end() ? -1
                                                        : static_cast<int>(at - quantiser->widths.begin()));
  }
  return place;
}

void OpenWidths::add_use(std::size_t step, const Quantiser& quantiser, const graph::Step& form) {
  Use use{.step = step, .quantiser = quantiser};
  for (const int width : quantiser->widths) {
    if (const auto* weights = form.weights()) {
      auto wanted = weights->quantiser;
      wanted.bits = width;
      use.ranges.push_back(wanted.range());
    } else {
      auto wanted = std::get<graph::Quantise>(form.operation);
      wanted.bits = width;
      use.ranges.push_back(wanted.range());
      use.per_frame = true;
    }
  }
  uses_.push_back(std::move(use));
}

Result<OpenWidths> OpenWidths::open(const ByWidth& by_width, const std::vector<std::vector<int>>& weights,
                                    const std::vector<std::vector<int>>& activations) {
  OpenWidths result;
  const graph::Graph& widest = by_width.rbegin()->second;
  const auto layers = weighted_steps(widest);
  // What all layers allow that read values of one scale, and the first such layer.
  std::map<int, std::vector<int>> sets;
  std::map<int, std::size_t> readers;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const graph::Step& layer = widest.steps[layers[k]];
    const int scale = scale_of(widest, quantiser_before(widest, layer.inputs[0]));
    const auto [set, first] = sets.try_emplace(scale, activations[k]);
    if (!first) set->second = common(set->second, activations[k]);
    readers.try_emplace(scale, k);
    if (!usable(weights[k]) || !usable(set->second)) return unusable(layer);
  }
  std::map<int, Quantiser> by_scale;
  const auto fixed = graph::fixed_scales(widest);
  for (const auto& [scale, set] : sets) {
    std::vector<float> steps;
    for (const int width : set) {
      const graph::Graph& graph = by_width.at(width);
      const auto layer = weighted_steps(graph)[readers.at(scale)];
      const auto before = quantiser_before(graph, graph.steps[layer].inputs[0]);
      steps.push_back(graph.scales[static_cast<std::size_t>(scale_of(graph, before))]);
    }
    by_scale[scale] = open_quantiser(set, steps, fixed[static_cast<std::size_t>(scale)]);
    result.quantisers_.push_back(by_scale[scale]);
  }
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const graph::Step& layer = widest.steps[layers[k]];
    std::vector<float> steps;
    for (const int width : weights[k]) {
      const graph::Graph& graph = by_width.at(width);
      steps.push_back(graph.steps[weighted_steps(graph)[k]].weights()->quantiser.scales.front());
    }
    result.quantisers_.push_back(open_quantiser(weights[k], steps, false));
    result.weights_.push_back(placed(result.quantisers_.back(), weights[k]));
    result.add_use(layers[k], result.quantisers_.back(), layer);
    const auto before = quantiser_before(widest, layer.inputs[0]);
    const auto& reads = by_scale.at(scale_of(widest, before));
    result.activations_.push_back(placed(reads, activations[k]));
    result.add_use(before, reads, widest.steps[before]);
  }
  return result;
}

void OpenWidths::place_in(TorchModel& model) const {
  for (const Use& use : uses_) {
    model.replace_quantiser(
        use.step, [use, temperature = temperature_](const at::Tensor& x, const at::Tensor&) {
          const OpenQuantiser& open = *use.quantiser;
          const auto served = use.per_frame ? x.numel() / x.size(0) : x.numel();
          std::vector<at::Tensor> steps;
          for (std::size_t k = 0; k < use.ranges.size(); ++k) {
            const auto at = static_cast<std::int64_t>(k);
            steps.push_back(
                with_gradient_scale(open.steps.slice(0, at, at + 1),
                                    step_gradient_scale(served, static_cast<double>(use.ranges[k].hi))));
          }
          return mixed(x, at::cat(steps), at::softmax(open.logits / *temperature, 0), use.ranges);
        });
  }
}

std::vector<Parameter> OpenWidths::steps() const {
  std::vector<Parameter> all;
  for (const auto& quantiser : quantisers_) all.push_back({quantiser->steps, Role::Step});
  return all;
}

std::vector<Parameter> OpenWidths::logits() const {
  std::vector<Parameter> all;
  for (const auto& quantiser : quantisers_) all.push_back({quantiser->logits, Role::Affine});
  return all;
}

void OpenWidths::read(const std::vector<Place>& places, std::vector<std::vector<double>>& logits) {
  for (const Place& place : places) {
    const auto values = floats_of(place.quantiser->logits);
    auto& row = logits.emplace_back();
    for (const int at : place.index)
      row.push_back(at < 0 ? kImpossible : values[static_cast<std::size_t>(at)]);
  }
}

WidthLogits OpenWidths::width_logits() const {
  WidthLogits logits;
  read(weights_, logits.weights);
  read(activations_, logits.activations);
  return logits;
}

void OpenWidths::write(const std::vector<Place>& places, const std::vector<std::vector<double>>& logits) {
  for (std::size_t layer = 0; layer < places.size(); ++layer) {
    auto* values = places[layer].quantiser->logits.data_ptr<float>();
    for (std::size_t k = 0; k < places[layer].index.size(); ++k) {
      if (const int at = places[layer].index[k]; at >= 0) values[at] = static_cast<float>(logits[layer][k]);
    }
  }
}

void OpenWidths::set_logits(const WidthLogits& logits) {
  const at::NoGradGuard no_gradients;
  write(weights_, logits.weights);
  write(activations_, logits.activations);
}

void OpenWidths::add(const std::vector<Place>& places, const std::vector<std::vector<double>>& derivatives,
                     double factor) {
  for (std::size_t layer = 0; layer < places.size(); ++layer) {
    auto& gradient = places[layer].quantiser->logits.mutable_grad();
    if (!gradient.defined()) gradient = at::zeros_like(places[layer].quantiser->logits.detach());
    auto* values = gradient.data_ptr<float>();
    for (std::size_t k = 0; k < places[layer].index.size(); ++k) {
      if (const int at = places[layer].index[k]; at >= 0)
        values[at] += static_cast<float>(factor * derivatives[layer][k]);
    }
  }
}

void OpenWidths::add_gradient(const WidthLogits& derivatives, double factor) {
  const at::NoGradGuard no_gradients;
  add(weights_, derivatives.weights, factor);
  add(activations_, derivatives.activations, factor);
}

}  // namespace bitmason::qat
