#include "plan/search.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
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
constexpr double kFlipFlopWorth = 0.25;

/// How far a use exceeds its limit, as a factor; at most 1 where it fits.
double excess(std::int64_t use, std::int64_t limit) {
  if (use <= limit) return 1;
  return limit == 0 ? 4 : static_cast<double>(use) / static_cast<double>(limit);
}

double largest_share(const Resources& use, const Resources& limit) {
  const auto used = amounts_of(use);
  const auto allowed = amounts_of(limit);
  double largest = 1;
  for (std::size_t r = 0; r < used.size(); ++r) largest = std::max(largest, excess(used[r], allowed[r]));
  return largest;
}

/// Raises the price of what is short, more the shorter it is.
void raise(Prices& prices, const Resources& use, const Resources& limit, double step) {
  const auto used = amounts_of(use);
  const auto allowed = amounts_of(limit);
  for (std::size_t r = 0; r < used.size(); ++r) prices.each[r] *= std::pow(excess(used[r], allowed[r]), step);
}

void add_cost(LayerPlan& plan, const Resources& cost) {
  set_resources(plan, resources_of(plan) + cost);
}

}  // namespace

bool fits(const Resources& use, const Resources& limit) {
  const auto allowed = amounts_of(limit);
  return std::ranges::equal(amounts_of(use), allowed, std::less_equal{});
}

Resources usable(const Budget& budget, std::int64_t interval) {
  Resources limit = budget.limit;
  limit.traffic = traffic_within(budget, interval);
  limit.luts = Luts(static_cast<std::int64_t>(static_cast<double>(limit.luts.value) * budget.lut_share));
  return limit;
}

Resources total_of(const std::vector<LayerPlan>& layers) {
  Resources total;
  for (const LayerPlan& plan : layers) total = total + resources_of(plan);
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
    : network_(network), choices_(std::move(choices)), budget_(budget) {}

Prices share_prices(const Budget& budget, std::int64_t interval) {
  // In the order of kResourceKinds.
  constexpr PerResource<double> kWorth{1, kLutWorth, kFlipFlopWorth, 1, 1, 1};
  Resources all = budget.limit;
  all.traffic = traffic_within(budget, interval);
  const auto part = amounts_of(all);
  Prices prices;
  for (std::size_t r = 0; r < part.size(); ++r) {
    prices.each[r] = kWorth[r] / static_cast<double>(std::max<std::int64_t>(1, part[r]));
  }
  return prices;
}

Prices Search::initial_prices(std::int64_t interval) const {
  return share_prices(budget_, interval);
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
  add_plumbing(network_, budget_.free_fifos ? std::vector<FifoPlan>{} : selection.fifos, selection.layers);
  selection.total = total_of(selection.layers);
  return selection;
}

std::optional<Selection> Search::settle(std::int64_t interval, Prices prices, double rise) const {
  const Resources most = limit(interval);
  for (int round = 0; round < kPriceRounds; ++round) {
    auto selection = select(interval, prices);
    if (!selection || fits(selection->total, most)) return selection;
    raise(prices, selection->total, most, round < kPriceRounds / 2 ? rise : std::min(rise, kSlowRise));
  }
  return std::nullopt;
}

std::optional<Selection> Search::at(std::int64_t interval) const {
  if (auto selection = settle(interval, initial_prices(interval), kFastRise)) return selection;
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

std::int64_t Search::longest_of(const std::vector<std::int64_t>& points, std::size_t at) const {
  const bool external = std::ranges::any_of(choices_, &LayerChoices::reads_weights);
  return external && at + 1 < points.size() ? points[at + 1] - 1 : points[at];
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
  Prices prices = initial_prices(interval);
  const Resources most = limit(interval);
  std::optional<Selection> best;
  for (int round = 0; round < kPriceRounds; ++round) {
    auto selection = select(interval, prices);
    // At later prices consumers may be chosen whose streams their producers cannot feed in time.
    if (!selection) break;
    raise(prices, selection->total, most, round < kPriceRounds / 2 ? kFastRise : kSlowRise);
    if (!best || largest_share(selection->total, most) < largest_share(best->total, most))
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
