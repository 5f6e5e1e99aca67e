#include "plan/search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plan/fifos.hpp"
#include "plan/streams.hpp"

namespace bitmason::plan {

namespace {

constexpr int kPriceRounds = 40;
/// Exponents of a price's rise by its excess: prices are found fast, then settle between two selections.
constexpr double kFastRise = 2.0;
constexpr double kSlowRise = 0.7;
constexpr double kFineRise = 0.3;
/// A LUT is worth a little more than its share of the part: designs of few bits run out of LUTs first.
constexpr double kLutWorth = 1.25;

/// How far a use exceeds its limit, as a factor; at most 1 where it fits.
double excess(std::int64_t use, std::int64_t limit) {
  if (use <= limit) return 1;
  return limit == 0 ? 4 : static_cast<double>(use) / static_cast<double>(limit);
}

double largest_share(const Resources& use, const Resources& limit) {
  return std::max({excess(use.dsps.value, limit.dsps.value), excess(use.luts.value, limit.luts.value),
                   excess(use.flip_flops.value, limit.flip_flops.value),
                   excess(use.bram18s.value, limit.bram18s.value)});
}

/// Raises the price of what is short, more the shorter it is.
void raise(Prices& prices, const Resources& use, const Resources& limit, double step) {
  prices.dsp *= std::pow(excess(use.dsps.value, limit.dsps.value), step);
  prices.lut *= std::pow(excess(use.luts.value, limit.luts.value), step);
  prices.flip_flop *= std::pow(excess(use.flip_flops.value, limit.flip_flops.value), step);
  prices.bram18 *= std::pow(excess(use.bram18s.value, limit.bram18s.value), step);
}

void add_cost(LayerPlan& plan, const Resources& cost) {
  plan.dsps += cost.dsps;
  plan.luts += cost.luts;
  plan.flip_flops += cost.flip_flops;
  plan.bram18s += cost.bram18s;
}

}  // namespace

bool fits(const Resources& use, const Resources& limit) {
  return use.dsps <= limit.dsps && use.luts <= limit.luts && use.flip_flops <= limit.flip_flops &&
         use.bram18s <= limit.bram18s;
}

Resources usable(const Budget& budget) {
  Resources limit = budget.limit;
  limit.luts = Luts(static_cast<std::int64_t>(static_cast<double>(limit.luts.value) * budget.lut_share));
  return limit;
}

Resources total_of(const std::vector<LayerPlan>& layers) {
  Resources total;
  for (const LayerPlan& plan : layers) {
    total = total + Resources{plan.dsps, plan.luts, plan.flip_flops, plan.bram18s, Urams(0)};
  }
  return total;
}

void add_plumbing(const ir::Network& network, const std::vector<FifoPlan>& fifos,
                  std::vector<LayerPlan>& layers) {
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const auto& inputs = network.layers()[k].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto producer = static_cast<std::size_t>(inputs[i].index);
      const std::int64_t bits = network.layers()[producer].type.range.bits();
      const int from = layers[producer].channels_per_beat;
      const int to = input_channels(layers[k]);
      add_cost(layers[k], width_change_cost(bits, from, to));
    }
  }
  for (const FifoPlan& fifo : fifos) {
    const auto named = [](const std::string& name) {
      return [&name](const LayerPlan& plan) { return plan.layer == name; };
    };
    const auto producer = std::find_if(layers.begin(), layers.end(), named(fifo.producer));
    const auto consumer = std::find_if(layers.begin(), layers.end(), named(fifo.consumer));
    const auto index = static_cast<std::size_t>(producer - layers.begin());
    const int channels = fifo.channels > 0 ? fifo.channels : producer->channels_per_beat;
    const std::int64_t width = std::int64_t{channels} * network.layers()[index].type.range.bits();
    add_cost(*consumer, fifo_cost(width, fifo.depth, fifo.memory));
  }
}

Search::Search(const ir::Network& network, std::vector<LayerChoices> choices, const Budget& budget)
    : network_(network), choices_(std::move(choices)), part_(budget.limit), limit_(usable(budget)) {}

Prices share_prices(const Resources& part) {
  const auto price = [](std::int64_t limit) {
    return 1.0 / static_cast<double>(std::max<std::int64_t>(1, limit));
  };
  return {.dsp = price(part.dsps.value),
          .lut = kLutWorth * price(part.luts.value),
          .flip_flop = price(part.flip_flops.value) / 4,
          .bram18 = price(part.bram18s.value)};
}

Prices Search::initial_prices() const {
  return share_prices(part_);
}

std::optional<Selection> Search::select(std::int64_t interval, const Prices& prices) const {
  Selection selection;
  selection.layers.resize(choices_.size());
  std::vector<std::vector<int>> consumers(choices_.size());
  // Consumers first: a producer's beats must pass at the widths that they take.
  for (std::size_t k = choices_.size(); k-- > 0;) {
    auto plan = choices_[k].pick({.interval = interval, .prices = prices, .consumers = consumers[k]});
    if (!plan) return std::nullopt;
    for (const ir::TensorId input : network_.layers()[k].inputs) {
      consumers[static_cast<std::size_t>(input.index)].push_back(input_channels(*plan));
    }
    selection.layers[k] = *std::move(plan);
  }
  return complete(std::move(selection.layers));
}

Selection Search::complete(std::vector<LayerPlan> layers) const {
  Selection selection{.layers = std::move(layers)};
  selection.fifos = fifo_depths(network_, selection.layers);
  add_plumbing(network_, selection.fifos, selection.layers);
  selection.total = total_of(selection.layers);
  return selection;
}

std::optional<Selection> Search::settle(std::int64_t interval, Prices prices, double rise) const {
  for (int round = 0; round < kPriceRounds; ++round) {
    auto selection = select(interval, prices);
    if (!selection || fits(selection->total, limit_)) return selection;
    raise(prices, selection->total, limit_, round < kPriceRounds / 2 ? rise : std::min(rise, kSlowRise));
  }
  return std::nullopt;
}

std::optional<Selection> Search::at(std::int64_t interval) const {
  if (auto selection = settle(interval, initial_prices(), kFastRise)) return selection;
  const auto fair = fair_prices(interval);
  return fair ? settle(interval, *fair, kFineRise) : std::nullopt;
}

std::vector<std::int64_t> Search::breakpoints() const {
  std::vector<std::int64_t> points;
  for (const LayerChoices& layer : choices_) {
    const auto more = layer.breakpoints();
    points.insert(points.end(), more.begin(), more.end());
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

std::optional<std::int64_t> Search::next_shorter(std::int64_t interval) const {
  const std::vector<std::int64_t> points = breakpoints();
  const auto at = std::lower_bound(points.begin(), points.end(), interval);
  return at == points.begin() ? std::nullopt : std::optional(*std::prev(at));
}

std::vector<std::string> Search::slower_than(std::int64_t interval) const {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < choices_.size(); ++k) {
    if (choices_[k].fastest() > interval) names.push_back(network_.layers()[k].name);
  }
  return names;
}

std::optional<Selection> Search::nearest(std::int64_t interval) const {
  Prices prices = initial_prices();
  std::optional<Selection> best;
  for (int round = 0; round < kPriceRounds; ++round) {
    auto selection = select(interval, prices);
    // At later prices consumers may be chosen whose streams their producers cannot feed in time.
    if (!selection) break;
    raise(prices, selection->total, limit_, round < kPriceRounds / 2 ? kFastRise : kSlowRise);
    if (!best || largest_share(selection->total, limit_) < largest_share(best->total, limit_))
      best = std::move(selection);
  }
  return best;
}

std::optional<std::int64_t> Search::shortest_interval() const {
  const std::vector<std::int64_t> points = breakpoints();
  std::size_t low = 0;
  std::size_t high = points.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (at(points[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  if (low == points.size()) return std::nullopt;
  return points[low];
}

}  // namespace bitmason::plan
