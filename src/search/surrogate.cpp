#include "search/surrogate.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace bitmason::search {

namespace {

/// LUTs of the implementation that takes the least share of the part; all of it where none keeps the
/// interval.
double luts_of(const std::vector<plan::Resources>& front, const plan::Budget& budget) {
  if (front.empty()) return static_cast<double>(budget.limit.luts.value);
  const auto share = [&](const plan::Resources& cost) { return share_of(cost, budget); };
  return static_cast<double>(std::ranges::min(front, {}, share).luts.value);
}

/// Derivatives by the logits from those by the probabilities.
std::vector<double> through_softmax(const std::vector<double>& p, const std::vector<double>& by_p,
                                    double temperature) {
  const double mean = std::inner_product(p.begin(), p.end(), by_p.begin(), 0.0);
  std::vector<double> gradient(p.size());
  for (std::size_t k = 0; k < p.size(); ++k) gradient[k] = p[k] * (by_p[k] - mean) / temperature;
  return gradient;
}

std::size_t likeliest(const std::vector<double>& logits) {
  return static_cast<std::size_t>(std::ranges::max_element(logits) - logits.begin());
}

}  // namespace

Logits zero_logits(const WidthSets& widths) {
  Logits logits;
  for (const auto& set : widths.weights) logits.weights.emplace_back(set.size());
  for (const auto& set : widths.activations) logits.activations.emplace_back(set.size());
  return logits;
}

std::vector<double> softmax(const std::vector<double>& logits, double temperature) {
  const double most = std::ranges::max(logits);
  std::vector<double> p;
  double sum = 0;
  for (const double logit : logits) sum += p.emplace_back(std::exp((logit - most) / temperature));
  for (double& one : p) one /= sum;
  return p;
}

Bits most_likely(const WidthSets& widths, const Logits& logits) {
  Bits bits;
  for (std::size_t k = 0; k < widths.weights.size(); ++k) {
    bits.weights.push_back(widths.weights[k][likeliest(logits.weights[k])]);
    bits.activations.push_back(widths.activations[k][likeliest(logits.activations[k])]);
  }
  return bits;
}

Surrogate::Surrogate(const Blueprint& blueprint, const CostTables& tables, const WidthSets& widths,
                     const plan::Budget& budget, std::int64_t interval)
    : widths_(widths) {
  for (std::size_t k = 0; k < widths.weights.size(); ++k) {
    auto& cycles = share_cycles_.emplace_back();
    auto& luts = luts_.emplace_back();
    for (const int w : widths.weights[k]) {
      cycles.emplace_back();
      luts.emplace_back();
      for (const int a : widths.activations[k]) {
        const WidthKey key{blueprint.weighted()[k], w, a};
        cycles.back().push_back(tables.at(key).share_cycles);
        luts.back().push_back(luts_of(tables.front(key, interval), budget));
      }
    }
  }
}

Smooth Surrogate::expectation(const Table& table, const Logits& logits, double temperature) const {
  Smooth result;
  for (std::size_t k = 0; k < table.size(); ++k) {
    const auto p = softmax(logits.weights[k], temperature);
    const auto q = softmax(logits.activations[k], temperature);
    std::vector<double> by_p(p.size());
    std::vector<double> by_q(q.size());
    for (std::size_t w = 0; w < p.size(); ++w) {
      for (std::size_t a = 0; a < q.size(); ++a) {
        by_p[w] += q[a] * table[k][w][a];
        by_q[a] += p[w] * table[k][w][a];
      }
    }
    result.value += std::inner_product(p.begin(), p.end(), by_p.begin(), 0.0);
    result.gradient.weights.push_back(through_softmax(p, by_p, temperature));
    result.gradient.activations.push_back(through_softmax(q, by_q, temperature));
  }
  return result;
}

Smooth Surrogate::interval(const Logits& logits, double temperature) const {
  return expectation(share_cycles_, logits, temperature);
}

Smooth Surrogate::luts(const Logits& logits, double temperature) const {
  return expectation(luts_, logits, temperature);
}

Smooth Surrogate::loss(const Sensitivities& sensitivities, const Logits& logits, double temperature) const {
  Table table;
  for (std::size_t k = 0; k < widths_.weights.size(); ++k) {
    table.emplace_back();
    for (const int w : widths_.weights[k]) {
      table.back().emplace_back();
      for (const int a : widths_.activations[k]) {
        table.back().back().push_back(sensitivities.weights[k][static_cast<std::size_t>(w)] +
                                      sensitivities.activations[k][static_cast<std::size_t>(a)]);
      }
    }
  }
  return expectation(table, logits, temperature);
}

namespace {

/// Calls visit(logit, derivative, other derivative) for each.
template <class Visit>
void each(Logits& logits, const Logits& a, const Logits& b, const Visit& visit) {
  for (std::size_t k = 0; k < logits.weights.size(); ++k) {
    for (std::size_t i = 0; i < logits.weights[k].size(); ++i)
      visit(logits.weights[k][i], a.weights[k][i], b.weights[k][i]);
    for (std::size_t i = 0; i < logits.activations[k].size(); ++i)
      visit(logits.activations[k][i], a.activations[k][i], b.activations[k][i]);
  }
}

}  // namespace

Bits anneal(const Surrogate& surrogate, const Sensitivities& sensitivities, std::int64_t interval,
            const Annealing& schedule) {
  Logits logits = zero_logits(surrogate.widths());
  const auto budget = static_cast<double>(interval);
  const double unit = std::max(1e-12, surrogate.loss(sensitivities, logits, 1).value);
  for (int step = 0; step < schedule.steps; ++step) {
    const double temperature =
        schedule.first_temperature * std::pow(schedule.last_temperature / schedule.first_temperature,
                                              static_cast<double>(step) / schedule.steps);
    const Smooth loss = surrogate.loss(sensitivities, logits, temperature);
    const Smooth cycles = surrogate.interval(logits, temperature);
    const double price = cycles.value > budget ? schedule.price * unit / budget : 0;
    double largest = 1e-30;
    each(logits, loss.gradient, cycles.gradient, [&](double&, double by_loss, double by_cycles) {
      largest = std::max(largest, std::abs(by_loss + price * by_cycles));
    });
    each(logits, loss.gradient, cycles.gradient, [&](double& logit, double by_loss, double by_cycles) {
      logit -= schedule.rate * temperature * (by_loss + price * by_cycles) / largest;
    });
  }
  return most_likely(surrogate.widths(), logits);
}

}  // namespace bitmason::search
