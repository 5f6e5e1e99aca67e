#include "search/local_search.hpp"

#include <algorithm>
#include <functional>

#include "base/random.hpp"

namespace bitmason::search {

namespace {

constexpr double kLeastGain = 1e-12;

/// A choice near another, and the loss it saves.
struct Move {
  Bits bits;
  double gain = 0;
};

/// Every width of the choice, weights first.
class Widths {
 public:
  Widths(const WidthSets& sets, std::size_t layers) : sets_(sets), layers_(layers) {}

  [[nodiscard]] std::size_t size() const { return 2 * layers_; }
  /// The choice with one width changed to the next allowed one; nothing where there is none.
  [[nodiscard]] std::optional<Bits> changed(Bits bits, std::size_t width, bool up) const {
    const bool weights = width < layers_;
    const std::size_t layer = weights ? width : width - layers_;
    const auto& set = weights ? sets_.weights[layer] : sets_.activations[layer];
    int& value = weights ? bits.weights[layer] : bits.activations[layer];
    const auto at = std::ranges::find(set, value);
    if (at == set.end() || (up ? at + 1 == set.end() : at == set.begin())) return std::nullopt;
    value = up ? *(at + 1) : *(at - 1);
    return bits;
  }

 private:
  const WidthSets& sets_;
  std::size_t layers_;
};

std::vector<Move> moves_from(const Problem& problem, const Bits& bits, bool swaps, Random& random) {
  const Widths widths(problem.widths, bits.weights.size());
  const double loss = predicted_loss(problem.sensitivities, bits);
  std::vector<Move> moves;
  const auto offer = [&](const Bits& choice) {
    const double gain = loss - predicted_loss(problem.sensitivities, choice);
    if (gain > kLeastGain) moves.push_back({choice, gain});
  };
  for (std::size_t up = 0; up < widths.size(); ++up) {
    const auto wider = widths.changed(bits, up, true);
    if (!wider) continue;
    offer(*wider);
    if (!swaps) continue;
    for (std::size_t down = 0; down < widths.size(); ++down) {
      if (down == up) continue;
      if (const auto swapped = widths.changed(*wider, down, false)) offer(*swapped);
    }
  }
  random.shuffle(std::span(moves));
  std::ranges::stable_sort(moves, std::ranges::greater{}, &Move::gain);
  return moves;
}

}  // namespace

Found local_search(const Problem& problem, const Found& start, std::int64_t interval,
                   const LocalOptions& options) {
  Random random(options.seed, 0);
  Found best = start;
  std::vector<Bits> failed;
  int plans = 0;
  for (bool improved = true; improved && plans < options.most_plans;) {
    improved = false;
    for (const Move& move : moves_from(problem, best.bits, options.swaps, random)) {
      // What is wider than a failure fails too, as in the exact search.
      if (std::ranges::any_of(failed, [&](const Bits& bits) { return nowhere_narrower(move.bits, bits); }))
        continue;
      if (++plans > options.most_plans) break;
      if (selection_within(problem, move.bits, interval)) {
        best.bits = move.bits;
        best.loss = predicted_loss(problem.sensitivities, move.bits);
        improved = true;
        break;
      }
      failed.push_back(move.bits);
    }
  }
  return best;
}

}  // namespace bitmason::search
