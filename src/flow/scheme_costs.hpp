#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "flow/packing_costs.hpp"
#include "pack/cell.hpp"

/// What is known of a measured scheme and of the arrays that it is made of.
namespace bitmason::flow {

/// Measured packings by json_of(): of whatever cell.
class MeasuredPackings {
 public:
  explicit MeasuredPackings(const PackingCosts& costs);
  /// Nothing where the packing was not measured.
  [[nodiscard]] const PackingCost* find(const pack::Packing& packing) const;

 private:
  std::map<std::string, const PackingCost*> costs_;
};

/// LUTs per MAC of the reference array: kReferenceColumns of the scheme's narrowest part and kReferenceLanes.
struct SchemeLuts {
  double arrays = 0;
  double adders = 0;
  double measured_arrays = 0;  ///< the share of `arrays` that is measured; the rest is estimated
  [[nodiscard]] double all() const { return arrays + adders; }
};
SchemeLuts luts_of(const SchemeCost& cost, const MeasuredPackings& packings);

/// What pack/transform_cost.hpp and pack/cost.hpp estimate for the adders: of a lane with packing on the
/// ports, and of a channel.
double estimated_lane_luts(const pack::Scheme& scheme);
double estimated_channel_luts(const pack::Scheme& scheme);

/// The scheme of a cell with these packings, one a part; nothing where no recipe is such.
std::optional<pack::Scheme> scheme_of(const pack::Cell& cell, const std::string& method,
                                      const std::string& detail, std::vector<pack::Packing> packings);

/// "8.00 MAC/DSP, Karatsuba: ..."; the same text for the same scheme.
std::string text_of(const pack::Scheme& scheme);
/// Equal for equal schemes of one cell.
std::string key_of(const pack::Scheme& scheme);

/// "schemes" of a cell in the file.
std::string schemes_json(const CellCosts& cell, const MeasuredPackings& packings);
/// The reverse; nothing where the text is no such list.
std::optional<std::vector<SchemeCost>> schemes_of(const std::string& json, const CellCosts& cell,
                                                  const pack::MultiplierPorts& ports);

}  // namespace bitmason::flow
