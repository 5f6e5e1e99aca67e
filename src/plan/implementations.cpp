#include <algorithm>
#include <map>

#include "plan/layer_choices.hpp"
#include "plan/layer_variants.hpp"

namespace bitmason::plan {

namespace {

bool no_worse(const Resources& a, const Resources& b) {
  return a.dsps <= b.dsps && a.luts <= b.luts && a.flip_flops <= b.flip_flops && a.bram18s <= b.bram18s;
}

/// Implementations by their channels per beat, each set without those that another of it beats.
class Fronts {
 public:
  void add(const Implementation& candidate) {
    auto& front = fronts_[{candidate.input_channels, candidate.channels}];
    for (const Implementation& known : front) {
      if (no_worse(known.cost, candidate.cost)) return;
    }
    std::erase_if(front, [&](const Implementation& known) { return no_worse(candidate.cost, known.cost); });
    front.push_back(candidate);
  }
  [[nodiscard]] std::vector<Implementation> all() const {
    std::vector<Implementation> all;
    for (const auto& [channels, front] : fronts_) all.insert(all.end(), front.begin(), front.end());
    return all;
  }

 private:
  std::map<std::pair<int, int>, std::vector<Implementation>> fronts_;
};

}  // namespace

std::vector<Implementation> LayerChoices::implementations(std::int64_t interval) const {
  constexpr MemoryKind kKinds[] = {MemoryKind::Lut, MemoryKind::Block};
  Fronts fronts;
  for (std::size_t k = 0; k < conv_.size(); ++k) {
    const ConvOption& option = conv_[k];
    const std::int64_t in_elements = network_->type(layer_->inputs.front()).shape.elements();
    if (option.cycles > interval || in_elements / option.plan.simd > interval) continue;
    for (const MemoryKind weights : kKinds) {
      const Resources cost = option.cost + memory_cost(weights, option.weights, true);
      for (const MemoryKind line : kKinds) {
        fronts.add({k, weights, line, option.plan.simd, option.plan.pe(),
                    cost + memory_cost(line, option.line, false)});
      }
    }
  }
  if (!conv_.empty()) return fronts.all();
  for (const int channels : divisors(channel_bound_)) {
    if (folded_channels_.value_or(channels) != channels || elements_ / channels > interval) continue;
    const auto variants =
        variants_of(*layer_, {.layer = layer_->name, .channels_per_beat = channels}, scale_shift_);
    for (std::size_t k = 0; k < variants.size(); ++k) {
      fronts.add({.option = k,
                  .input_channels = channels,
                  .channels = channels,
                  .cost = other_cost(*network_, *layer_, variants[k])});
    }
  }
  return fronts.all();
}

std::vector<int> LayerChoices::output_choices(const Implementation& implementation,
                                              std::int64_t interval) const {
  if (conv_.empty()) return {implementation.channels};
  std::vector<int> choices;
  const int parallel = implementation.channels;
  for (const int channels : divisors(layer_->type.shape.channels)) {
    if (layer_->type.shape.elements() / channels > interval) continue;
    if (channels % parallel == 0 || parallel % channels == 0) choices.push_back(channels);
  }
  return choices;
}

LayerPlan LayerChoices::plan_of(const Implementation& implementation, int channels) const {
  if (!conv_.empty()) {
    return conv_plan(conv_[implementation.option], channels, implementation.weights, implementation.line);
  }
  LayerPlan plan = variants_of(*layer_, {.layer = layer_->name, .channels_per_beat = channels},
                               scale_shift_)[implementation.option];
  plan.cycles = Cycles(elements_ / channels);
  plan.dsps = implementation.cost.dsps;
  plan.luts = implementation.cost.luts;
  plan.flip_flops = implementation.cost.flip_flops;
  plan.bram18s = implementation.cost.bram18s;
  return plan;
}

}  // namespace bitmason::plan
