#include "pack/attempts.hpp"

namespace bitmason::pack {

namespace {

/// A range shifted to be as symmetric as its size allows; what that adds to every sum of products is a
/// constant per output channel (docs/packing.md, Centring).
IntRange centred(const IntRange& range) {
  const std::int64_t below = (range.span() + 1) / 2;
  return {-below, range.span() - below};
}

/// One level less, symmetric to 0.
IntRange symmetric(const IntRange& range) {
  return {-(range.span() / 2), range.span() / 2};
}

/// The rules to try, plain operands first.
std::vector<Conditions> all_conditions(int most_side_bits) {
  std::vector<Conditions> all;
  for (int n : {1, 2, 4, 8, 16}) all.push_back({.accumulations = n});
  for (int v = 1; v <= most_side_bits; ++v) all.push_back({.side_bits = v});
  for (int c = 1; c <= most_side_bits; ++c) all.push_back({.rule = Rule::Canary, .side_bits = c});
  for (int v = 0; v <= most_side_bits; ++v) {
    all.push_back({.coding = Coding::SignMagnitude, .side_bits = v});
  }
  return all;
}

}  // namespace

std::vector<Attempt> attempts(const Cell& cell) {
  std::vector<Attempt> all;
  for (const Conditions& conditions : all_conditions(cell.most_side_bits)) {
    const bool plain = conditions.coding == Coding::Plain;
    if ((cell.array_only || cell.plain_only) && !plain) continue;
    all.push_back({conditions, false});
    if (cell.fewer_levels && !plain) all.push_back({conditions, true});
  }
  return all;
}

std::vector<Levels> levels_of(const Product& product, const Attempt& attempt) {
  const IntRange& own = product.activation;
  if (product.magnitude_only) return {{own}};
  if (attempt.conditions.coding == Coding::Plain) {
    if (own.lo < 0 || own.span() < 2) return {{own}};
    return {{own}, {centred(own)}};
  }
  std::vector<Levels> levels{{own.lo < 0 ? own : centred(own)}};
  if (attempt.fewer_levels && own.span() % 2 == 1 && own.span() > 1)
    levels.push_back({symmetric(own), false});
  return levels;
}

}  // namespace bitmason::pack
