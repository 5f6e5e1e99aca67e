#include "pack/digit_search.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

namespace bitmason::pack {

namespace {

constexpr int kAllCutsUpToBits = 8;
constexpr int kMostDigitsBeyond = 4;

/// The cuts of one operand, their digits as places in `ranges`.
struct Cuts {
  std::vector<Slicing> slicings;
  std::vector<std::vector<std::size_t>> digits;
  std::vector<IntRange> ranges;
};

Cuts cuts_of(const IntRange& range, bool magnitude) {
  Cuts cuts{.slicings = slicings(range, magnitude), .digits = {}, .ranges = {}};
  for (const Slicing& slicing : cuts.slicings) {
    auto& places = cuts.digits.emplace_back();
    for (const IntRange& digit : slicing.of(range)) {
      const auto known = std::ranges::find(cuts.ranges, digit);
      places.push_back(static_cast<std::size_t>(known - cuts.ranges.begin()));
      if (known == cuts.ranges.end()) cuts.ranges.push_back(digit);
    }
  }
  return cuts;
}

struct Choice {
  double multipliers = std::numeric_limits<double>::infinity();
  std::size_t weights = 0;  ///< place of the cut, as is the next
  std::size_t activations = 0;
};

}  // namespace

std::vector<Slicing> slicings(const IntRange& range, bool magnitude) {
  const auto digits = magnitude           ? Slicing::Digits::Magnitude
                      : range.is_signed() ? Slicing::Digits::Balanced
                                          : Slicing::Digits::Unsigned;
  const IntRange magnitudes{0, std::max(range.hi, -range.lo)};
  const int bits = magnitude ? magnitudes.bits() : range.bits();
  std::vector<Slicing> all;
  // Bit k of `cuts` cuts above bit k of the operand.
  for (std::uint32_t cuts = 0; cuts < std::uint32_t{1} << std::max(0, bits - 1); ++cuts) {
    if (bits > kAllCutsUpToBits && std::popcount(cuts) >= kMostDigitsBeyond) continue;
    Slicing slicing{.widths = {}, .digits = digits};
    int start = 0;
    for (int bit = 1; bit < bits; ++bit) {
      if ((cuts >> (bit - 1) & 1) == 0) continue;
      slicing.widths.push_back(bit - start);
      start = bit;
    }
    const auto digits_of = slicing.of(range);
    const bool constant =
        std::ranges::any_of(digits_of, [](const IntRange& digit) { return digit.span() == 0; });
    if (!constant || !slicing.splits()) all.push_back(std::move(slicing));
  }
  return all;
}

std::vector<std::pair<Slicing, Slicing>> finer_splits(const IntRange& weight, const IntRange& activation,
                                                      bool magnitude, const PairDensity& density) {
  const Cuts weights = cuts_of(weight, magnitude);
  const Cuts activations = cuts_of(activation, magnitude);
  std::vector<std::vector<double>> multipliers;
  for (const IntRange& w : weights.ranges) {
    auto& row = multipliers.emplace_back();
    for (const IntRange& a : activations.ranges) row.push_back(1 / density(w, a));
  }
  std::map<std::size_t, Choice> best;  // by products
  for (std::size_t w = 0; w < weights.digits.size(); ++w) {
    for (std::size_t a = 0; a < activations.digits.size(); ++a) {
      Choice choice{0, w, a};
      for (const std::size_t i : weights.digits[w]) {
        for (const std::size_t j : activations.digits[a]) choice.multipliers += multipliers[i][j];
      }
      Choice& known = best[weights.digits[w].size() * activations.digits[a].size()];
      if (choice.multipliers < known.multipliers) known = choice;
    }
  }
  std::vector<std::pair<Slicing, Slicing>> found;
  double fewest = std::numeric_limits<double>::infinity();
  for (const auto& [products, choice] : best) {
    if (!(choice.multipliers < fewest)) continue;
    fewest = choice.multipliers;
    const Slicing& w = weights.slicings[choice.weights];
    const Slicing& a = activations.slicings[choice.activations];
    if (w.count() > 2 || a.count() > 2) found.emplace_back(w, a);
  }
  return found;
}

}  // namespace bitmason::pack
