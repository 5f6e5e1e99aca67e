#include "search/discretise.hpp"

#include <algorithm>

namespace bitmason::search {

namespace {

/// A way to save cycles.
struct Step {
  Bits bits;
  double price = 0;  ///< logit per cycle
};

class Narrowing {
 public:
  Narrowing(const Problem& problem, const Logits& logits) : problem_(problem), logits_(logits) {}

  /// The cheapest step from the bits; nothing where none saves cycles.
  [[nodiscard]] std::optional<Bits> step(const Bits& bits) const {
    std::optional<Step> best;
    for (std::size_t layer = 0; layer < bits.weights.size(); ++layer) {
      for (const bool weights : {true, false}) {
        const auto next = narrowed(bits, layer, weights);
        if (next && (!best || next->price < best->price)) best = next;
      }
    }
    return best ? std::optional(best->bits) : std::nullopt;
  }

 private:
  [[nodiscard]] double cycles(const Bits& bits, std::size_t layer) const {
    return problem_.tables
        .at({problem_.blueprint.weighted()[layer], bits.weights[layer], bits.activations[layer]})
        .share_cycles;
  }

  [[nodiscard]] std::optional<Step> narrowed(const Bits& bits, std::size_t layer, bool weights) const {
    const auto& set = (weights ? problem_.widths.weights : problem_.widths.activations)[layer];
    const auto& logits = (weights ? logits_.weights : logits_.activations)[layer];
    Step next{bits};
    int& width = (weights ? next.bits.weights : next.bits.activations)[layer];
    const auto at = std::ranges::find(set, width) - set.begin();
    if (at == 0) return std::nullopt;
    width = set[static_cast<std::size_t>(at - 1)];
    const double saved = cycles(bits, layer) - cycles(next.bits, layer);
    if (saved <= 0) return std::nullopt;
    const double lost = logits[static_cast<std::size_t>(at)] - logits[static_cast<std::size_t>(at - 1)];
    next.price = lost / saved;
    return next;
  }

  const Problem& problem_;
  const Logits& logits_;
};

}  // namespace

std::optional<Found> discretise(const Problem& problem, const Logits& logits, std::int64_t interval) {
  const Narrowing narrowing(problem, logits);
  std::optional<Bits> bits = most_likely(problem.widths, logits);
  while (bits && !selection_within(problem, *bits, interval)) bits = narrowing.step(*bits);
  if (!bits) return std::nullopt;
  return Found{.bits = *bits, .loss = predicted_loss(problem.sensitivities, *bits)};
}

}  // namespace bitmason::search
