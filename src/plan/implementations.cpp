#include <algorithm>
#include <functional>
#include <map>

#include "plan/layer_choices.hpp"
#include "plan/layer_variants.hpp"

namespace bitmason::plan {

namespace {

bool no_worse(const Resources& a, const Resources& b) {
  const auto more = amounts_of(b);
  return std::ranges::equal(amounts_of(a), more, std::less_equal{});
}

/// What decides the streams that an implementation may have: two that agree in it differ only in cost.
struct Streams {
  int input_channels = 1;
  int channels = 1;
  bool all_channels = false;  ///< of its output in one beat
  std::int64_t silent = 0;    ///< cycles in which it cannot send
  auto operator<=>(const Streams&) const = default;
};

/// Implementations by their streams, each set without those that another of it beats.
class Fronts {
 public:
  void add(const Implementation& candidate, bool all_channels = false, std::int64_t silent = 0) {
    auto& front = fronts_[{candidate.input_channels, candidate.channels, all_channels, silent}];
    for (const Implementation& known : front) {
      if (no_worse(known.cost, candidate.cost)) return;
    }
    std::erase_if(front, [&](const Implementation& known) { return no_worse(candidate.cost, known.cost); });
    front.push_back(candidate);
  }
  [[nodiscard]] std::vector<Implementation> all() const {
    std::vector<Implementation> all;
    for (const auto& [streams, front] : fronts_) all.insert(all.end(), front.begin(), front.end());
    return all;
  }

 private:
  std::map<Streams, std::vector<Implementation>> fronts_;
};

}  // namespace

void LayerChoices::each_memory(
    const ConvOption& option,
    const std::function<void(const MemoryKinds& kinds, const Resources& cost)>& visit) const {
  constexpr MemoryKind kKinds[] = {MemoryKind::Lut, MemoryKind::Block, MemoryKind::Ultra};
  // URAM has no initial contents.
  const std::size_t written = offer_.ultra ? 3 : 2;
  const bool read_only = !option.plan.external();
  for (std::size_t weights = 0; weights < (read_only ? 2 : written); ++weights) {
    const Resources cost = option.cost + memory_cost(kKinds[weights], option.weights, read_only);
    for (std::size_t line = 0; line < written; ++line) {
      const Resources with_line = cost + memory_cost(kKinds[line], option.line, false);
      for (std::size_t turn = 0; turn < (read_only ? 1 : written); ++turn) {
        visit({kKinds[weights], kKinds[line], kKinds[turn]},
              with_line + memory_cost(kKinds[turn], option.turn, false));
      }
    }
  }
}

std::vector<Implementation> LayerChoices::implementations(std::int64_t interval) const {
  Fronts fronts;
  for (std::size_t k = 0; k < conv_.size(); ++k) {
    const ConvOption& option = conv_[k];
    const std::int64_t in_elements = network_->type(layer_->inputs.front()).shape.elements();
    const int taken = input_channels(option.plan);
    if (option.cycles > interval || in_elements / taken > interval) continue;
    const int sent =
        option.plan.aligned ? result_widths(layer_->type.shape, option.plan).back() : option.plan.pe();
    each_memory(option, [&](const MemoryKinds& kinds, const Resources& cost) {
      fronts.add({.option = k, .memories = kinds, .input_channels = taken, .channels = sent, .cost = cost},
                 option.plan.constants, option.silent);
    });
  }
  if (!conv_.empty()) return fronts.all();
  for (std::size_t s = 0; s < streaming_.size(); ++s) {
    if (streaming_[s].cycles > interval) continue;
    const auto forms = variants(streaming_[s]);
    for (std::size_t k = 0; k < forms.size(); ++k) {
      fronts.add({.option = k,
                  .streaming = s,
                  .input_channels = streaming_[s].widths.in,
                  .channels = streaming_[s].widths.out,
                  .cost = other_cost(*network_, *layer_, forms[k])});
    }
  }
  return fronts.all();
}

std::vector<int> LayerChoices::output_choices(const Implementation& implementation,
                                              std::int64_t interval) const {
  if (conv_.empty()) return {implementation.channels};
  const ConvOption& option = conv_[implementation.option];
  std::vector<int> choices;
  for (const int channels : result_widths(layer_->type.shape, option.plan)) {
    if (layer_->type.shape.elements() / channels > sending_interval(option, interval)) continue;
    choices.push_back(channels);
    // Nothing makes a wider result of the network cheaper.
    if (!read_) break;
  }
  return choices;
}

LayerPlan LayerChoices::plan_of(const Implementation& implementation, int channels) const {
  if (!conv_.empty()) {
    return conv_plan(conv_[implementation.option], channels, implementation.memories);
  }
  LayerPlan plan = variants(streaming_[implementation.streaming])[implementation.option];
  set_resources(plan, implementation.cost);
  return plan;
}

}  // namespace bitmason::plan
