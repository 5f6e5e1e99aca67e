#include "search/bit_program.hpp"

#include <algorithm>

namespace bitmason::search {

namespace {

constexpr double kNoLimit = 1e30;
constexpr double kGap = 0.01;
/// The solver's tolerance must not make room for a unit more.
constexpr double kMargin = 1e-9;

}  // namespace

double predicted_loss(const Sensitivities& sensitivities, const Bits& bits) {
  double sum = 0;
  for (std::size_t k = 0; k < bits.weights.size(); ++k) {
    sum += sensitivities.weights[k][static_cast<std::size_t>(bits.weights[k])];
    sum += sensitivities.activations[k][static_cast<std::size_t>(bits.activations[k])];
  }
  return sum;
}

BitProgram::BitProgram(const Blueprint& blueprint, const CostTables& tables, const WidthSets& widths,
                       const Sensitivities& sensitivities, std::int64_t interval,
                       const plan::Resources& limit)
    : blueprint_(blueprint), tables_(tables), interval_(interval) {
  for (std::size_t k = 0; k < blueprint.weighted().size(); ++k) add_conv(k, sensitivities, widths);
  add_values();
  add_budget(limit);
}

std::size_t BitProgram::input(std::size_t layer, std::size_t which) const {
  const ir::TensorId id = blueprint_.network().layers()[layer].inputs[which];
  return blueprint_.original(static_cast<std::size_t>(id.index));
}

void BitProgram::use(plan::IntegerProgram::Column column, const plan::Resources& cost) {
  uses_.emplace_back(column, cost);
}

void BitProgram::imply(Terms first, const Terms& second) {
  for (const Term& term : second) first.push_back({term.column, -term.factor});
  program_.add_row(-kNoLimit, 0, std::move(first));
}

const BitProgram::Terms& BitProgram::wanted(std::size_t layer, int bits) {
  const auto [at, first] = wanted_.try_emplace({layer, bits});
  if (first) at->second = {{program_.add_column(0, false)}};
  return at->second;
}

void BitProgram::add_steps(const std::vector<int>& widths, const std::vector<double>& losses,
                           const std::map<int, Terms>& by_width) {
  const auto loss = [&](std::size_t k) { return losses[static_cast<std::size_t>(widths[k])]; };
  Terms narrower;
  for (std::size_t k = 0; k + 1 < widths.size(); ++k) {
    if (const auto at = by_width.find(widths[k]); at != by_width.end())
      narrower.insert(narrower.end(), at->second.begin(), at->second.end());
    Terms sum = narrower;
    sum.push_back({program_.add_column(loss(k) - loss(k + 1), true), -1});
    program_.add_row(0, 0, std::move(sum));
  }
  // Losses against the widest: the solver's gap is a share of them.
  offset_ += loss(widths.size() - 1);
}

void BitProgram::add_conv(std::size_t weighted, const Sensitivities& sensitivities, const WidthSets& widths) {
  const std::size_t layer = blueprint_.weighted()[weighted];
  Terms one;
  std::map<int, Terms> by_weights;
  std::map<int, Terms> by_activations;
  for (const int a : widths.activations[weighted]) {
    for (const int w : widths.weights[weighted]) {
      const WidthKey key{layer, w, a};
      Terms ways;
      for (const plan::Resources& cost : tables_.front(key, interval_)) {
        ways.push_back({program_.add_column(0, false)});
        use(ways.back().column, cost);
      }
      const auto append = [&](Terms& terms) { terms.insert(terms.end(), ways.begin(), ways.end()); };
      append(one);
      append(by_weights[w]);
      append(by_activations[a]);
      append(accumulators_[{layer, tables_.at(key).type.range.bits()}]);
      choices_.push_back({weighted, w, a, std::move(ways)});
    }
    if (!by_activations[a].empty()) imply(by_activations[a], wanted(input(layer, 0), a));
  }
  possible_ = possible_ && !one.empty();
  program_.add_row(1, 1, std::move(one));
  add_steps(widths.weights[weighted], sensitivities.weights[weighted], by_weights);
  add_steps(widths.activations[weighted], sensitivities.activations[weighted], by_activations);
}

/// Everything without weights, consumers first: what is wanted of a layer is known when it is reached.
void BitProgram::add_values() {
  const auto& layers = blueprint_.network().layers();
  for (const ir::OutputPort& port : blueprint_.network().outputs()) {
    const auto at = static_cast<std::size_t>(port.layer);
    if (!holds_codes(blueprint_.network(), at)) continue;
    program_.add_row(1, 1, wanted(blueprint_.original(at), layers[at].type.range.bits()));
  }
  for (std::size_t k = layers.size(); k-- > 0;) {
    if (blueprint_.original(k) != k || std::holds_alternative<ir::Conv>(layers[k].operation)) continue;
    if (!holds_codes(blueprint_.network(), k)) {
      add_sum(k);
      continue;
    }
    for (int bits = kMostBits; bits >= kFewestBits; --bits) {
      if (!wanted_.contains({k, bits})) continue;
      if (std::holds_alternative<ir::Requantise>(layers[k].operation)) {
        add_quantiser(k, bits);
        continue;
      }
      add_costs({k, bits, 0}, wanted(k, bits));
      for (std::size_t i = 0; i < layers[k].inputs.size(); ++i)
        imply(wanted(k, bits), wanted(input(k, i), bits));
    }
  }
}

/// A quantiser's costs by the width of what it reads: of a Conv's accumulator, or of a sum's inputs.
void BitProgram::add_quantiser(std::size_t layer, int bits) {
  const std::size_t from = input(layer, 0);
  const bool conv = std::holds_alternative<ir::Conv>(blueprint_.network().layers()[from].operation);
  Terms all;
  for (auto at = tables_.cases().lower_bound({layer, 0, 0}); at != tables_.cases().end(); ++at) {
    const WidthKey& key = at->first;
    if (key.layer != layer) break;
    if (key.out != bits) continue;
    if (conv && !accumulators_.contains({from, key.in})) continue;
    const Terms reads{{program_.add_column(0, false)}};
    imply(reads, conv ? accumulators_.at({from, key.in}) : wanted(from, key.in));
    add_costs(key, reads);
    all.push_back(reads.front());
  }
  imply(wanted(layer, bits), all);
}

/// The inputs of a sum have one width.
void BitProgram::add_sum(std::size_t layer) {
  Terms one;
  for (int bits = kMostBits; bits >= kFewestBits; --bits) {
    if (!wanted_.contains({layer, bits})) continue;
    const Terms& chosen = wanted(layer, bits);
    one.insert(one.end(), chosen.begin(), chosen.end());
    add_costs({layer, bits, 0}, chosen);
    const auto& inputs = blueprint_.network().layers()[layer].inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i) imply(chosen, wanted(input(layer, i), bits));
  }
  program_.add_row(0, 1, std::move(one));
}

void BitProgram::add_costs(const WidthKey& key, const Terms& chosen) {
  Terms ways;
  for (const plan::Resources& cost : tables_.front(key, interval_)) {
    ways.push_back({program_.add_column(0, false)});
    use(ways.back().column, cost);
  }
  imply(chosen, ways);
}

void BitProgram::add_budget(const plan::Resources& limit) {
  const auto limits = plan::amounts_of(limit);
  for (std::size_t r = 0; r < limits.size(); ++r) {
    const auto unit = static_cast<double>(std::max<std::int64_t>(1, limits[r]));
    Terms sum;
    for (const auto& [column, cost] : uses_) {
      const auto used = static_cast<double>(plan::amounts_of(cost)[r]);
      if (used != 0) sum.push_back({column, used / unit});
    }
    if (sum.empty()) continue;
    program_.add_row(-kNoLimit, static_cast<double>(limits[r]) / unit + kMargin, std::move(sum));
  }
}

void BitProgram::exclude_at_least(const Bits& bits) {
  Terms narrower;
  for (const Choice& choice : choices_) {
    const int below = (choice.weights < bits.weights[choice.layer] ? 1 : 0) +
                      (choice.activations < bits.activations[choice.layer] ? 1 : 0);
    if (below == 0) continue;
    for (const Term& way : choice.ways) narrower.push_back({way.column, static_cast<double>(below)});
  }
  if (narrower.empty()) possible_ = false;
  program_.add_row(1, kNoLimit, std::move(narrower));
}

BitProgram::Outcome BitProgram::solve(int most_nodes) const {
  if (!possible_) return {.status = plan::IntegerProgram::Status::Infeasible, .bits = {}};
  const plan::IntegerProgram::Outcome solved = program_.solve(most_nodes, kGap);
  Outcome outcome{.status = solved.status, .bound = solved.bound + offset_, .bits = {}};
  if (solved.values.empty()) return outcome;
  const std::size_t layers = blueprint_.weighted().size();
  Bits bits{std::vector<int>(layers), std::vector<int>(layers)};
  for (const Choice& choice : choices_) {
    double sum = 0;
    for (const Term& way : choice.ways) sum += solved.values[static_cast<std::size_t>(way.column)];
    if (sum < 0.5) continue;
    bits.weights[choice.layer] = choice.weights;
    bits.activations[choice.layer] = choice.activations;
  }
  outcome.bits = std::move(bits);
  return outcome;
}

}  // namespace bitmason::search
