#include "pack/layouts.hpp"

#include <algorithm>
#include <numeric>

namespace bitmason::pack {

namespace {

/// One operand while its positions are being nested.
struct Digits {
  std::vector<int> positions{0};
  int wanted = 1;

  /// Blocks of the present size that are still needed to reach `wanted` positions.
  [[nodiscard]] int left() const {
    const int size = static_cast<int>(positions.size());
    return (wanted + size - 1) / size;
  }
  [[nodiscard]] Digits repeated(int count, int pitch) const {
    Digits result{.positions = {}, .wanted = wanted};
    for (int k = 0; k < count; ++k) {
      for (int position : positions) result.positions.push_back(position + k * pitch);
    }
    return result;
  }
  /// The positions, without those that a rounded-up nesting has too many of.
  [[nodiscard]] std::vector<int> trimmed() const { return {positions.begin(), positions.begin() + wanted}; }
};

class Nesting {
 public:
  explicit Nesting(int limit) : limit_(limit) {}

  void visit(const Digits& weights, const Digits& activations, int pitch, bool weights_turn) {
    if (weights.left() == 1 && activations.left() == 1) {
      emit({.weights = weights.trimmed(), .activations = activations.trimmed()});
      return;
    }
    const Digits& mover = weights_turn ? weights : activations;
    const Digits& other = weights_turn ? activations : weights;
    const int left = mover.left();
    if (left == 1) return;
    // Two turns in a row of the same operand equal one longer turn, so the last operand takes all it needs.
    for (int count = other.left() == 1 ? left : 2; count <= left; ++count) {
      if (pitch > limit_) return;
      const Digits moved = mover.repeated(count, pitch);
      visit(weights_turn ? moved : weights, weights_turn ? activations : moved, pitch * count, !weights_turn);
    }
  }

  std::vector<UnitLayout> found;

 private:
  void emit(UnitLayout layout) {
    if (layout.top() >= limit_) return;
    const auto dominates = [](const UnitLayout& a, const UnitLayout& b) {
      return a.weights.back() <= b.weights.back() && a.activations.back() <= b.activations.back();
    };
    for (const UnitLayout& other : found) {
      if (dominates(other, layout)) return;
    }
    std::erase_if(found, [&](const UnitLayout& other) { return dominates(layout, other); });
    found.push_back(std::move(layout));
  }

  int limit_;
};

/// Levels are not stored: fewer different gaps mean fewer levels.
int irregularity(const UnitLayout& layout) {
  int changes = 0;
  for (const auto* positions : {&layout.weights, &layout.activations}) {
    for (std::size_t i = 2; i < positions->size(); ++i) {
      if ((*positions)[i] - (*positions)[i - 1] != (*positions)[i - 1] - (*positions)[i - 2]) ++changes;
    }
  }
  return changes;
}

}  // namespace

std::vector<UnitLayout> outer_product_layouts(int weights, int activations, int limit) {
  const Digits w{.wanted = weights};
  const Digits a{.wanted = activations};
  Nesting nesting(limit);
  nesting.visit(w, a, 1, true);
  if (activations > 1) nesting.visit(w, a, 1, false);
  std::stable_sort(nesting.found.begin(), nesting.found.end(), [](const UnitLayout& x, const UnitLayout& y) {
    return irregularity(x) < irregularity(y);
  });
  return std::move(nesting.found);
}

std::vector<UnitLayout> convolution_layouts(int weights, int activations, int limit) {
  if (weights + activations - 2 >= limit) return {};
  UnitLayout layout{.weights = std::vector<int>(static_cast<std::size_t>(weights)),
                    .activations = std::vector<int>(static_cast<std::size_t>(activations)),
                    .multiplicity = std::min(weights, activations)};
  std::iota(layout.weights.begin(), layout.weights.end(), 0);
  std::iota(layout.activations.begin(), layout.activations.end(), 0);
  return {layout};
}

}  // namespace bitmason::pack
