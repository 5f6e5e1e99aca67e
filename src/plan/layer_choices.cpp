#include "plan/layer_choices.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "ir/scalar_function.hpp"
#include "plan/diagnostics.hpp"
#include "plan/external.hpp"
#include "plan/layer_variants.hpp"

namespace bitmason::plan {

namespace {

/// 1,024 channels of 8 bits; they take 0.13 s to turn into multiplier and shift.
constexpr std::size_t kMostThresholdsToConvert = 262144;
constexpr int kMostMultiplierBits = 18;

/// The channels per beat of a layer that is no Conv divide this number.
int channel_bound_of(const ir::Network& network, const ir::Layer& layer) {
  int bound = layer.type.shape.channels;
  for (const ir::TensorId input : layer.inputs) bound = std::gcd(bound, network.type(input).shape.channels);
  return bound;
}

/// Elements a pool walks: its padding counts; 0 for other layers.
std::int64_t pool_elements(const ir::Network& network, const ir::Layer& layer) {
  const ir::Window* window = nullptr;
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) window = &pool->window;
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) window = &pool->window;
  if (window == nullptr) return 0;
  const ir::Shape& in = network.type(layer.inputs.front()).shape;
  return std::int64_t{in.channels} * (in.height + window->pad_top + window->pad_bottom) *
         (in.width + window->pad_left + window->pad_right);
}

std::optional<ir::ScaleShift> scale_shift_of(const ir::Network& network, const ir::Layer& layer) {
  const auto* requantise = std::get_if<ir::Requantise>(&layer.operation);
  if (requantise == nullptr) return std::nullopt;
  const auto* form = std::get_if<ir::Thresholds>(&requantise->form);
  if (form == nullptr || form->values.size() > kMostThresholdsToConvert) return std::nullopt;
  return ir::to_scale_shift(*form, network.type(layer.inputs.front()).range, kMostMultiplierBits);
}

struct MemoryChoice {
  MemoryKind kind = MemoryKind::Lut;
  Resources cost;
};

MemoryChoice cheapest(const MemoryShape& shape, bool read_only, const Prices& prices, bool ultra) {
  MemoryChoice best{MemoryKind::Lut, memory_cost(MemoryKind::Lut, shape, read_only)};
  double price = prices.of(best.cost);
  for (const MemoryKind kind : {MemoryKind::Block, MemoryKind::Ultra}) {
    // URAM has no initial contents.
    if (kind == MemoryKind::Ultra && (read_only || !ultra)) continue;
    const Resources cost = memory_cost(kind, shape, read_only);
    if (prices.of(cost) >= price) continue;
    best = {kind, cost};
    price = prices.of(cost);
  }
  return best;
}

}  // namespace

Result<LayerChoices> LayerChoices::of(const ir::Network& network, const ir::Layer& layer,
                                      const device::Primitive& primitive, const Folding::Entry& folding,
                                      const Offer& offer) {
  LayerChoices choices;
  choices.offer_ = offer;
  choices.network_ = &network;
  choices.layer_ = &layer;
  choices.elements_ = layer.type.shape.elements();
  const auto self = &layer - network.layers().data();
  choices.read_ = std::ranges::any_of(network.layers(), [&](const ir::Layer& other) {
    return std::ranges::count(other.inputs, ir::TensorId{static_cast<int>(self)}) > 0;
  });
  if (std::holds_alternative<ir::Conv>(layer.operation)) {
    auto options = conv_options(network, layer, primitive, folding, offer);
    if (!options) return options.errors();
    choices.conv_ = *std::move(options);
    return choices;
  }
  for (const ir::TensorId input : layer.inputs) {
    choices.elements_ = std::max(choices.elements_, network.type(input).shape.elements());
  }
  choices.elements_ = std::max(choices.elements_, pool_elements(network, layer));
  choices.channel_bound_ = channel_bound_of(network, layer);
  choices.folded_channels_ = folding.pe;
  if (folding.pe && (*folding.pe < 1 || choices.channel_bound_ % *folding.pe != 0)) {
    return make_diagnostic(
        diagnostics::kFoldingDivides, layer.name,
        {"PE", std::to_string(*folding.pe), std::to_string(choices.channel_bound_), "channels"});
  }
  choices.scale_shift_ = scale_shift_of(network, layer);
  return choices;
}

std::vector<std::int64_t> LayerChoices::breakpoints() const {
  std::vector<std::int64_t> points;
  for (const ConvOption& option : conv_) points.push_back(option.cycles);
  const auto append_beats = [&](std::int64_t elements, int channels) {
    for (const int divisor : divisors(channels)) points.push_back(elements / divisor);
  };
  append_beats(layer_->type.shape.elements(), layer_->type.shape.channels);
  if (conv_.empty()) append_beats(elements_, channel_bound_);
  for (const ir::TensorId input : layer_->inputs) {
    append_beats(network_->type(input).shape.elements(), network_->type(input).shape.channels);
  }
  return points;
}

bool LayerChoices::reads_weights() const {
  return std::ranges::any_of(conv_, [](const ConvOption& option) { return option.plan.external(); });
}

std::int64_t LayerChoices::fastest() const {
  if (conv_.empty()) return elements_ / folded_channels_.value_or(channel_bound_);
  return std::ranges::min(conv_, {}, &ConvOption::cycles).cycles;
}

std::optional<int> LayerChoices::output_channels(int bound, int parallel, const Demand& demand,
                                                 int least) const {
  const std::int64_t elements = layer_->type.shape.elements();
  for (const int channels : divisors(bound)) {
    if (channels < least) continue;
    if (elements / channels > demand.interval) continue;
    // The engine sends part of its parallel channels, or several groups of them, per beat.
    if (channels % parallel != 0 && parallel % channels != 0) continue;
    // Where neither number divides the other, the stream narrows to their divisor on the way.
    const bool passes = std::all_of(demand.consumers.begin(), demand.consumers.end(), [&](int consumer) {
      return elements / std::gcd(channels, consumer) <= demand.interval;
    });
    if (passes) return channels;
  }
  return std::nullopt;
}

Resources LayerChoices::memories(const ConvOption& option, const Prices& prices) const {
  return cheapest(option.weights, !option.plan.external(), prices, offer_.ultra).cost +
         cheapest(option.line, false, prices, offer_.ultra).cost +
         cheapest(option.turn, false, prices, offer_.ultra).cost;
}

LayerPlan LayerChoices::conv_plan(const ConvOption& option, int channels, const MemoryKinds& kinds) const {
  LayerPlan plan{.layer = layer_->name, .channels_per_beat = channels, .conv = option.plan};
  plan.conv->weight_memory = kinds.weights;
  plan.conv->line_memory = kinds.line;
  plan.conv->turn_memory = kinds.turn;
  plan.conv->output_channels_per_beat = channels;
  plan.line_rows = option.plan.line_rows;
  plan.cycles = Cycles(option.cycles);
  set_resources(plan, option.cost + memory_cost(kinds.weights, option.weights, !option.plan.external()) +
                          memory_cost(kinds.line, option.line, false) +
                          memory_cost(kinds.turn, option.turn, false));
  return plan;
}

std::int64_t LayerChoices::sending_interval(const ConvOption& option, std::int64_t interval) const {
  return interval - option.silent;
}

std::optional<LayerPlan> LayerChoices::pick_conv(const Demand& demand) const {
  const std::int64_t in_elements = network_->type(layer_->inputs.front()).shape.elements();
  const ConvOption* best = nullptr;
  int best_channels = 0;
  double best_price = std::numeric_limits<double>::infinity();
  for (const ConvOption& option : conv_) {
    if (option.cycles > demand.interval || in_elements / option.plan.simd > demand.interval) continue;
    double price = demand.prices.of(option.cost);
    if (price >= best_price) continue;
    price += demand.prices.of(memories(option, demand.prices));
    if (price >= best_price) continue;
    Demand sending = demand;
    sending.interval = sending_interval(option, demand.interval);
    const auto channels = output_channels(layer_->type.shape.channels, option.plan.pe(), sending,
                                          option.plan.constants ? option.plan.pe() : 1);
    if (!channels) continue;
    best = &option;
    best_channels = *channels;
    best_price = price;
  }
  if (best == nullptr) return std::nullopt;
  const auto kind = [&](const MemoryShape& shape, bool read_only) {
    return cheapest(shape, read_only, demand.prices, offer_.ultra).kind;
  };
  return conv_plan(*best, best_channels,
                   {.weights = kind(best->weights, !best->plan.external()),
                    .line = kind(best->line, false),
                    .turn = kind(best->turn, false)});
}

std::optional<LayerPlan> LayerChoices::pick_other(const Demand& demand) const {
  LayerPlan base{.layer = layer_->name};
  if (folded_channels_) {
    base.channels_per_beat = *folded_channels_;
  } else {
    const auto channels = output_channels(channel_bound_, 1, demand);
    if (!channels) return std::nullopt;
    base.channels_per_beat = *channels;
  }
  for (const int channels : divisors(channel_bound_)) {
    if (folded_channels_ || elements_ / base.channels_per_beat <= demand.interval) break;
    if (channels % base.channels_per_beat == 0) base.channels_per_beat = channels;
  }
  base.cycles = Cycles(elements_ / base.channels_per_beat);
  if (base.cycles.value > demand.interval) return std::nullopt;
  std::optional<LayerPlan> best;
  double best_price = 0;
  for (LayerPlan& variant : variants_of(*layer_, base, scale_shift_)) {
    const Resources cost = other_cost(*network_, *layer_, variant);
    const double price = demand.prices.of(cost);
    if (best && price >= best_price) continue;
    set_resources(variant, cost);
    best = std::move(variant);
    best_price = price;
  }
  return best;
}

std::optional<LayerPlan> LayerChoices::pick(const Demand& demand) const {
  return conv_.empty() ? pick_other(demand) : pick_conv(demand);
}

std::optional<Resources> LayerChoices::least_conv(std::int64_t interval, const Prices& prices) const {
  const std::int64_t in_elements = network_->type(layer_->inputs.front()).shape.elements();
  std::optional<Resources> best;
  double best_price = std::numeric_limits<double>::infinity();
  for (const ConvOption& option : conv_) {
    if (option.cycles > interval || in_elements / option.plan.simd > interval) continue;
    if (prices.of(option.cost) >= best_price) continue;
    const Resources cost = option.cost + memories(option, prices);
    if (const double price = prices.of(cost); price < best_price) {
      best = cost;
      best_price = price;
    }
  }
  return best;
}

std::optional<Resources> LayerChoices::least(std::int64_t interval, const Prices& prices) const {
  if (!conv_.empty()) return least_conv(interval, prices);
  std::optional<Resources> best;
  double best_price = std::numeric_limits<double>::infinity();
  for (const int channels : divisors(channel_bound_)) {
    if (folded_channels_.value_or(channels) != channels || elements_ / channels > interval) continue;
    for (const LayerPlan& variant :
         variants_of(*layer_, {.layer = layer_->name, .channels_per_beat = channels}, scale_shift_)) {
      const Resources cost = other_cost(*network_, *layer_, variant);
      if (const double price = prices.of(cost); price < best_price) {
        best = cost;
        best_price = price;
      }
    }
  }
  return best;
}

void LayerChoices::each(const std::function<void(std::int64_t, const Resources&)>& visit) const {
  for (const ConvOption& option : conv_) {
    each_memory(option, [&](const MemoryKinds&, const Resources& cost) { visit(option.cycles, cost); });
  }
  if (!conv_.empty()) return;
  for (const int channels : divisors(channel_bound_)) {
    if (folded_channels_.value_or(channels) != channels) continue;
    for (const LayerPlan& variant :
         variants_of(*layer_, {.layer = layer_->name, .channels_per_beat = channels}, scale_shift_)) {
      visit(elements_ / channels, other_cost(*network_, *layer_, variant));
    }
  }
}

int input_channels(const LayerPlan& plan) {
  return plan.conv ? plan.conv->simd : plan.channels_per_beat;
}

}  // namespace bitmason::plan
