#include "pack/carries.hpp"

#include <algorithm>
#include <bit>

#include "pack/digits.hpp"

namespace bitmason::pack {

int Carries::widest() const {
  return bits.empty() ? 0 : *std::max_element(bits.begin(), bits.end());
}

Carries carries_of(const Packing& packing, int chain) {
  const IntRange product =
      (digit_range(packing.weight, packing.coding) * digit_range(packing.activation, packing.coding))
          .united({0, 0});
  const bool canary = packing.rule == Rule::Canary;
  const bool biased = !canary || packing.ports.cycle_constant;
  Carries carries;
  std::int64_t least = 0;
  std::int64_t most = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const int products = static_cast<int>(packing.fields[k].terms.size()) * chain;
    carries.products.push_back(products);
    const std::int64_t step = products * (biased ? product.span() : product.hi) + most;
    if (k + 1 == packing.fields.size()) {
      carries.top_step = step;
      carries.top_least = products * (biased ? 0 : product.lo) + least;
      break;
    }
    const int gap = packing.gap(k);
    const std::int64_t kept = canary ? (std::int64_t{1} << gap) - 1 : 0;
    most = (kept + step) >> gap;
    least = (products * (biased ? 0 : product.lo) + least) >> gap;
    carries.bits.push_back(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(most - least))));
  }
  return carries;
}

Packing read_every_step(Packing packing) {
  packing.rule = Rule::GuardBits;
  packing.accumulations = 1;
  return packing;
}

bool holds_block(const Packing& packing, int chain, int steps) {
  if (packing.ports.multipliers > 1 || packing.ports.cut_bits > 0) return false;
  const Carries carries = carries_of(packing, chain);
  const int room = packing.gap(packing.fields.size() - 1);
  const auto bits = [](std::int64_t sum) {
    return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(sum)));
  };
  // Where no step adds a bias the field starts from one, in whole carries.
  const std::int64_t unit = std::int64_t{1} << std::max(1, carries.widest());
  const std::int64_t start = (-steps * carries.top_least + unit - 1) / unit * unit;
  if (bits(start + steps * carries.top_step) <= room) return true;
  return packing.ports.cycle_constant && bits(carries.top_step) < room;
}

}  // namespace bitmason::pack
