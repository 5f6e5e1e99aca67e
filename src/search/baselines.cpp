#include "search/baselines.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

namespace bitmason::search {

namespace {

/// Budgets of a proxy that are tried, equal ratios apart, and halvings of the step above the largest kept.
constexpr int kBudgets = 240;
constexpr int kBisections = 5;
constexpr int kMostNodes = 2000;

/// MACs per multiplier and cycle, by bits of weights and activations.
constexpr std::array<std::array<double, 8>, 8> kReferenceDensity{{{39, 21, 15, 12, 12, 9, 6, 6},
                                                                  {21, 36, 20, 18, 12, 12, 10, 6},
                                                                  {18, 20, 18, 12, 12, 8, 8, 6},
                                                                  {15, 18, 12, 10, 8, 6, 6, 4},
                                                                  {9, 12, 12, 8, 6, 6, 4, 4},
                                                                  {9, 12, 8, 6, 6, 4, 4, 4},
                                                                  {7.5, 10, 8, 6, 4, 4, 4, 4},
                                                                  {7.5, 6, 6, 4, 4, 4, 4, 2}}};

double total_cost(const std::vector<std::int64_t>& macs, ProxyCost cost, const Bits& bits) {
  double sum = 0;
  for (std::size_t k = 0; k < macs.size(); ++k) sum += cost(macs[k], bits.weights[k], bits.activations[k]);
  return sum;
}

/// The least or the widest of all widths.
Bits extreme(const WidthSets& widths, bool widest) {
  Bits bits;
  for (const auto& set : widths.weights) bits.weights.push_back(widest ? set.back() : set.front());
  for (const auto& set : widths.activations) bits.activations.push_back(widest ? set.back() : set.front());
  return bits;
}

Found found(const Problem& problem, const Bits& bits, int rounds) {
  const double loss = predicted_loss(problem.sensitivities, bits);
  return {.bits = bits, .loss = loss, .bound = 0, .rounds = rounds};
}

bool allowed(const WidthSets& widths, const Bits& bits) {
  for (std::size_t k = 0; k < bits.weights.size(); ++k) {
    if (!std::ranges::binary_search(widths.weights[k], bits.weights[k])) return false;
    if (!std::ranges::binary_search(widths.activations[k], bits.activations[k])) return false;
  }
  return true;
}

}  // namespace

double bit_operation_cost(std::int64_t macs, int weights, int activations) {
  return static_cast<double>(macs) * weights * activations;
}

double reference_dsp_cost(std::int64_t macs, int weights, int activations) {
  return static_cast<double>(macs) / kReferenceDensity.at(static_cast<std::size_t>(weights - 1))
                                         .at(static_cast<std::size_t>(activations - 1));
}

std::optional<Bits> least_loss_within(const Problem& problem, ProxyCost cost, double most) {
  const auto macs = layer_macs(problem.blueprint.network());
  plan::IntegerProgram program;
  std::vector<plan::IntegerProgram::Term> budget;
  std::vector<std::array<int, 3>> columns;
  for (std::size_t k = 0; k < macs.size(); ++k) {
    std::vector<plan::IntegerProgram::Term> one;
    for (const int w : problem.widths.weights[k]) {
      for (const int a : problem.widths.activations[k]) {
        const double loss = problem.sensitivities.weights[k][static_cast<std::size_t>(w)] +
                            problem.sensitivities.activations[k][static_cast<std::size_t>(a)];
        one.push_back({program.add_column(loss, true)});
        budget.push_back({one.back().column, cost(macs[k], w, a) / most});
        columns.push_back({static_cast<int>(k), w, a});
      }
    }
    program.add_row(1, 1, std::move(one));
  }
  program.add_row(0, 1 + 1e-9, std::move(budget));
  const auto solved = program.solve(kMostNodes);
  if (solved.values.empty()) return std::nullopt;
  Bits bits{std::vector<int>(macs.size()), std::vector<int>(macs.size())};
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (solved.values[c] < 0.5) continue;
    bits.weights[static_cast<std::size_t>(columns[c][0])] = columns[c][1];
    bits.activations[static_cast<std::size_t>(columns[c][0])] = columns[c][2];
  }
  return bits;
}

std::optional<Found> proxy_search(const Problem& problem, ProxyCost cost, std::int64_t interval) {
  const auto macs = layer_macs(problem.blueprint.network());
  const Bits least = extreme(problem.widths, false);
  const double lowest = total_cost(macs, cost, least);
  const double highest = total_cost(macs, cost, extreme(problem.widths, true));
  std::map<Bits, bool> kept;
  int rounds = 0;
  const auto within = [&](double most) -> std::optional<Found> {
    ++rounds;
    const auto bits = least_loss_within(problem, cost, most);
    if (!bits) return std::nullopt;
    const auto [known, added] = kept.try_emplace(*bits, false);
    if (added) known->second = selection_within(problem, *bits, interval).has_value();
    if (!known->second) return std::nullopt;
    return found(problem, *bits, rounds);
  };
  // The planner may keep a choice of a large budget and none of a smaller one: the largest of a grid is
  // taken, then bisected up to the next.
  const auto budget = [&](int step) {
    return highest * std::pow(lowest / highest, static_cast<double>(step) / kBudgets);
  };
  for (int step = 0; step < kBudgets; ++step) {
    auto best = within(budget(step));
    if (!best) continue;
    double low = budget(step);
    double high = step == 0 ? low : budget(step - 1);
    for (int round = 0; step > 0 && round < kBisections; ++round) {
      const double middle = (low + high) / 2;
      auto wider = within(middle);
      (wider ? low : high) = middle;
      if (wider) best = std::move(wider);
    }
    return best;
  }
  if (selection_within(problem, least, interval)) return found(problem, least, rounds);
  return std::nullopt;
}

std::vector<Found> uniform_choices(const Problem& problem) {
  const std::size_t layers = problem.blueprint.weighted().size();
  const auto& image = problem.widths.activations.front();
  std::vector<Found> all;
  for (int w = kFewestBits; w <= kMostBits; ++w) {
    for (int a = kFewestBits; a <= kMostBits; ++a) {
      const Bits bits = uniform(layers, w, a, image.size() == 1 ? image.front() : a);
      if (allowed(problem.widths, bits)) all.push_back(found(problem, bits, 0));
    }
  }
  return all;
}

std::optional<Found> uniform_search(const Problem& problem, std::int64_t interval) {
  std::vector<Found> all = uniform_choices(problem);
  std::ranges::stable_sort(all, {}, &Found::loss);
  for (const Found& one : all) {
    if (selection_within(problem, one.bits, interval)) return one;
  }
  return std::nullopt;
}

}  // namespace bitmason::search
