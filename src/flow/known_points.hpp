#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "flow/packing_costs.hpp"

/// What a file of measured costs has already.
namespace bitmason::flow {

class KnownPoints {
 public:
  KnownPoints() = default;
  explicit KnownPoints(const std::vector<CellCosts>& cells);

  /// Of whatever cell: a packing costs the same in all.
  [[nodiscard]] std::optional<PackingCost> packing(const pack::Packing& packing) const;
  /// Of the same cell.
  [[nodiscard]] std::optional<SchemeCost> scheme(const CellCosts& cell, const pack::Scheme& scheme) const;

 private:
  std::map<std::string, PackingCost> packings_;  ///< by json_of()
  std::map<std::string, SchemeCost> schemes_;    ///< by cell and key_of()
};

}  // namespace bitmason::flow
