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
  std::int64_t taken = pool_elements(network, layer);
  for (const ir::TensorId input : layer.inputs) taken = std::max(taken, network.type(input).shape.elements());
  int channels = 1;
  for (const BeatWidths& widths : beat_widths(network, layer)) {
    if (layer.type.shape.channels % widths.out == 0) channels = widths.out;
    if (folding.pe && *folding.pe != widths.out) continue;
    const std::int64_t cycles = std::max(taken / widths.in, layer.type.shape.elements() / widths.out);
    choices.streaming_.push_back({widths, cycles});
  }
  if (choices.streaming_.empty()) {
    return make_diagnostic(
        diagnostics::kFoldingDivides, layer.name,
        {"PE", std::to_string(folding.pe.value_or(0)), std::to_string(channels), "channels"});
  }
  choices.scale_shift_ = scale_shift_of(network, layer);
  if (const auto* requantise = std::get_if<ir::Requantise>(&layer.operation)) {
    const auto* own = std::get_if<ir::ScaleShift>(&requantise->form);
    if (own == nullptr && choices.scale_shift_) own = &*choices.scale_shift_;
    choices.scales_in_dsp_ =
        own != nullptr &&
        fits_multiplier(scale_bits(*own, network.type(layer.inputs.front()).range), primitive);
  }
  return choices;
}

std::vector<std::int64_t> LayerChoices::breakpoints() const {
  std::vector<std::int64_t> points;
  for (const ConvOption& option : conv_) points.push_back(option.cycles);
  for (const Streaming& streaming : streaming_) points.push_back(streaming.cycles);
  const auto append_beats = [&](const ir::Shape& shape) {
    for (const int divisor : divisors(shape.channels)) points.push_back(shape.elements() / divisor);
    for (const int pixels : divisors(shape.width)) points.push_back(std::int64_t{shape.height} * pixels);
  };
  append_beats(layer_->type.shape);
  for (const ir::TensorId input : layer_->inputs) append_beats(network_->type(input).shape);
  return points;
}

bool LayerChoices::reads_weights() const {
  return std::ranges::any_of(conv_, [](const ConvOption& option) { return option.plan.external(); });
}

std::int64_t LayerChoices::fastest() const {
  if (conv_.empty()) return std::ranges::min(streaming_, {}, &Streaming::cycles).cycles;
  return std::ranges::min(conv_, {}, &ConvOption::cycles).cycles;
}

std::optional<int> LayerChoices::output_channels(const std::vector<int>& widths, const Demand& demand) const {
  const std::int64_t elements = layer_->type.shape.elements();
  for (const int channels : widths) {
    if (elements / channels > demand.interval) continue;
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
    if (option.cycles > demand.interval || in_elements / input_channels(option.plan) > demand.interval)
      continue;
    double price = demand.prices.of(option.cost);
    if (price >= best_price) continue;
    price += demand.prices.of(memories(option, demand.prices));
    if (price >= best_price) continue;
    Demand sending = demand;
    sending.interval = sending_interval(option, demand.interval);
    const auto channels = output_channels(result_widths(layer_->type.shape, option.plan), sending);
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

LayerPlan LayerChoices::plan_with(const Streaming& streaming) const {
  LayerPlan plan{.layer = layer_->name, .channels_per_beat = streaming.widths.out};
  if (streaming.widths.in != streaming.widths.out) plan.input_channels_per_beat = streaming.widths.in;
  plan.cycles = Cycles(streaming.cycles);
  return plan;
}

std::vector<LayerPlan> LayerChoices::variants(const Streaming& streaming) const {
  return variants_of(*layer_, plan_with(streaming), scale_shift_, scales_in_dsp_);
}

std::optional<LayerPlan> LayerChoices::pick_other(const Demand& demand) const {
  std::vector<int> widths;
  for (const Streaming& streaming : streaming_) {
    if (streaming.cycles <= demand.interval) widths.push_back(streaming.widths.out);
  }
  std::ranges::sort(widths);
  const auto channels = output_channels(widths, demand);
  if (!channels) return std::nullopt;
  const auto chosen = std::ranges::find_if(streaming_, [&](const Streaming& streaming) {
    return streaming.cycles <= demand.interval && streaming.widths.out == *channels;
  });
  std::optional<LayerPlan> best;
  double best_price = 0;
  for (LayerPlan& variant : variants(*chosen)) {
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
    if (option.cycles > interval || in_elements / input_channels(option.plan) > interval) continue;
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
  for (const Streaming& streaming : streaming_) {
    if (streaming.cycles > interval) continue;
    for (const LayerPlan& variant : variants(streaming)) {
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
  for (const Streaming& streaming : streaming_) {
    for (const LayerPlan& variant : variants(streaming)) {
      visit(streaming.cycles, other_cost(*network_, *layer_, variant));
    }
  }
}

}  // namespace bitmason::plan
