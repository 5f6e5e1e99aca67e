#pragma once

#include <functional>
#include <vector>

#include "search/bit_program.hpp"

/// The exact tables as smooth functions of mixed widths, for an engine that follows gradients.
namespace bitmason::search {

/// A distribution over the widths allowed by layer: softmax of these numbers.
struct Logits {
  std::vector<std::vector<double>> weights;  ///< by layer and index of its width set
  std::vector<std::vector<double>> activations;
};
Logits zero_logits(const WidthSets& widths);

/// softmax(logits / temperature).
std::vector<double> softmax(const std::vector<double>& logits, double temperature);

/// The likeliest widths.
Bits most_likely(const WidthSets& widths, const Logits& logits);

/// A value and its derivatives by every logit.
struct Smooth {
  double value = 0;
  Logits gradient;
};

/// Expectations over independent widths of every layer,
///   E[c] = sum over layers l, widths w and a of p_l(w) q_l(a) c_l(w, a):
/// linear, so convex, in the distribution of any one width and in joint distributions of (w, a); equal to the
/// table where all probability is on one choice.
class Surrogate {
 public:
  /// Of the layers with weights; what follows them is left out. `interval`: one of the tables', for luts().
  Surrogate(const Blueprint& blueprint, const CostTables& tables, const WidthSets& widths,
            const plan::Budget& budget, std::int64_t interval);

  /// Expected cycles of a frame on a part whose resources are all used evenly: the sum of
  /// LayerCase::share_cycles. For a choice a lower bound of every plan's interval.
  [[nodiscard]] Smooth interval(const Logits& logits, double temperature) const;
  /// Expected LUTs of each layer's implementation of the least share of the part for the interval. Widths in
  /// which a layer cannot keep it cost the whole part.
  [[nodiscard]] Smooth luts(const Logits& logits, double temperature) const;
  /// Expected predicted loss.
  [[nodiscard]] Smooth loss(const Sensitivities& sensitivities, const Logits& logits,
                            double temperature) const;
  [[nodiscard]] const WidthSets& widths() const { return widths_; }

 private:
  /// By layer, index of its weights' and index of its activations' width.
  using Table = std::vector<std::vector<std::vector<double>>>;
  [[nodiscard]] Smooth expectation(const Table& table, const Logits& logits, double temperature) const;

  WidthSets widths_;
  Table share_cycles_;
  Table luts_;
};

struct Annealing {
  int steps = 600;
  double rate = 0.3;  ///< of the steps, each gradient scaled to its largest component
  double first_temperature = 2;
  double last_temperature = 0.05;
  double price = 20;  ///< loss of the widest range for an interval that is missed by its whole
};

/// Descends the expected loss, plus a price on Surrogate::interval() beyond the budget, while the temperature
/// falls geometrically; returns the likeliest widths. The planner's exact cost is asked afterwards.
/// Deterministic.
Bits anneal(const Surrogate& surrogate, const Sensitivities& sensitivities, std::int64_t interval,
            const Annealing& schedule = {});

}  // namespace bitmason::search
