#include "flow/known_points.hpp"

#include "flow/packing_cell.hpp"
#include "flow/scheme_costs.hpp"

namespace bitmason::flow {

namespace {

std::string key_in(const CellCosts& cell, const pack::Scheme& scheme) {
  return cell_name(cell.kernel, cell.weight_bits, cell.activation_bits) + "\n" + key_of(scheme);
}

}  // namespace

KnownPoints::KnownPoints(const std::vector<CellCosts>& cells) {
  for (const CellCosts& cell : cells) {
    for (const PackingCost& cost : cell.points) {
      const auto [known, added] = packings_.emplace(json_of(cost.packing), cost);
      // Cells share packings; one may have been measured anew in another.
      if (!added && !known->second.earlier_rtl.empty() && cost.earlier_rtl.empty()) known->second = cost;
    }
    for (const SchemeCost& cost : cell.schemes) schemes_.emplace(key_in(cell, cost.scheme), cost);
  }
}

std::optional<PackingCost> KnownPoints::packing(const pack::Packing& packing) const {
  const auto found = packings_.find(json_of(packing));
  return found == packings_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SchemeCost> KnownPoints::scheme(const CellCosts& cell, const pack::Scheme& scheme) const {
  const auto found = schemes_.find(key_in(cell, scheme));
  return found == schemes_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace bitmason::flow
