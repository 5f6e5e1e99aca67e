#include "pack/front.hpp"

#include <algorithm>
#include <cmath>

namespace bitmason::pack {

namespace {

bool dominates(const Scheme& a, const Scheme& b) {
  return a.density() >= b.density() && a.luts_per_mac <= b.luts_per_mac && a.weight_bits <= b.weight_bits;
}

/// Leaves `most` points. First go those that only their stored weight bits keep, sparsest first; then the
/// point that spans the least between its neighbours, as density ratio times cost ratio, so that the densest
/// and the cheapest stay.
void thin(std::vector<Scheme>& front, std::size_t most) {
  const auto erase = [&](std::size_t k) { front.erase(front.begin() + static_cast<std::ptrdiff_t>(k)); };
  for (std::size_t k = front.size(); k-- > 1 && front.size() > most;) {
    const bool beaten = std::any_of(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(k),
                                    [&](const Scheme& s) { return s.luts_per_mac <= front[k].luts_per_mac; });
    if (beaten) erase(k);
  }
  const auto worth = [&](std::size_t k) {
    const double denser = std::log(front[k].density() / front[k + 1].density());
    const double cheaper = std::log(front[k - 1].luts_per_mac / front[k].luts_per_mac);
    return denser * cheaper;
  };
  while (front.size() > most) {
    std::size_t least = 1;
    for (std::size_t k = 2; k + 1 < front.size(); ++k) {
      if (worth(k) < worth(least)) least = k;
    }
    erase(least);
  }
}

}  // namespace

std::vector<Scheme> front_of(std::vector<Scheme> all, std::size_t most) {
  std::vector<Scheme> kept;
  for (Scheme& scheme : all) {
    const bool dominated =
        std::any_of(kept.begin(), kept.end(), [&](const Scheme& other) { return dominates(other, scheme); });
    if (!dominated) kept.push_back(std::move(scheme));
  }
  thin(kept, most);
  return kept;
}

}  // namespace bitmason::pack
