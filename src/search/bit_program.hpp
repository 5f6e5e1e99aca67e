#pragma once

#include <optional>

#include "plan/integer_program.hpp"
#include "search/cost_tables.hpp"

namespace bitmason::search {

/// Predicted increase of the loss, added up over the layers with weights: `weights[l][b]` where layer l has b
/// bits of weights, `activations[l][b]` where b bits of activations enter it. Index 0 is not used.
struct Sensitivities {
  std::vector<std::vector<double>> weights;
  std::vector<std::vector<double>> activations;
};
/// The sum for a choice. Precondition: one row per layer, long enough for its bits.
double predicted_loss(const Sensitivities& sensitivities, const Bits& bits);

/// The choice of bits as an integer program: minimise the predicted loss so that implementations of every
/// layer that keep the interval together fit. Columns are (layer, bits of weights, bits of activations,
/// implementation); what producers and consumers of a value want of each other couples them. Widths are whole
/// numbers; implementations may be mixed, and FIFOs, width converters and the fit of streams are left out: a
/// relaxation of the planner.
class BitProgram {
 public:
  /// `limit`: what all layers together may use.
  BitProgram(const Blueprint& blueprint, const CostTables& tables, const WidthSets& widths,
             const Sensitivities& sensitivities, std::int64_t interval, const plan::Resources& limit);

  /// Excludes the choice and every choice that is nowhere narrower.
  void exclude_at_least(const Bits& bits);

  struct Outcome {
    plan::IntegerProgram::Status status = plan::IntegerProgram::Status::Stopped;
    double bound = 0;          ///< no choice left has less loss, proved
    std::optional<Bits> bits;  ///< the best found
  };
  /// Up to a gap of 1 % in the loss above that of the widest bits.
  [[nodiscard]] Outcome solve(int most_nodes) const;

 private:
  using Term = plan::IntegerProgram::Term;
  using Terms = std::vector<Term>;
  /// A layer with weights in some widths.
  struct Choice {
    std::size_t layer = 0;
    int weights = 0;
    int activations = 0;
    Terms ways;  ///< its implementations
  };
  [[nodiscard]] std::size_t input(std::size_t layer, std::size_t which) const;
  void add_conv(std::size_t weighted, const Sensitivities& sensitivities, const WidthSets& widths);
  /// A whole number of 0 or 1 for "at most so many bits" of each width but the widest.
  void add_steps(const std::vector<int>& widths, const std::vector<double>& losses,
                 const std::map<int, Terms>& by_width);
  void add_values();
  void add_sum(std::size_t layer);
  void add_quantiser(std::size_t layer, int bits);
  /// Terms that are 1 where the layer's result is wanted in so many bits; made on first use.
  const Terms& wanted(std::size_t layer, int bits);
  /// The implementations of a case, mixed, are chosen as often as the terms say.
  void add_costs(const WidthKey& key, const Terms& chosen);
  /// The first terms need the second ones.
  void imply(Terms first, const Terms& second);
  void use(plan::IntegerProgram::Column column, const plan::Resources& cost);
  void add_budget(const plan::Resources& limit);

  const Blueprint& blueprint_;
  const CostTables& tables_;
  std::int64_t interval_;
  plan::IntegerProgram program_;
  double offset_ = 0;                                          ///< loss where all widths are the widest
  std::vector<Choice> choices_;                                ///< of the layers with weights
  std::map<std::pair<std::size_t, int>, Terms> wanted_;        ///< by layer and bits
  std::map<std::pair<std::size_t, int>, Terms> accumulators_;  ///< by Conv and bits of its accumulator
  std::vector<std::pair<plan::IntegerProgram::Column, plan::Resources>> uses_;
  bool possible_ = true;
};

}  // namespace bitmason::search
