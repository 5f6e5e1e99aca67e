#include "flow/measured_costs.hpp"

#include <algorithm>
#include <cctype>

#include "flow/packing_cell.hpp"
#include "flow/packing_costs.hpp"

namespace bitmason::flow {

std::filesystem::path measured_costs_file(const DataFolders& data, const std::string& primitive) {
  std::string name = primitive;
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return data.devices() / "packing_costs" / (name + ".json");
}

Result<MeasuredCosts> MeasuredCosts::load(const DataFolders& data, const device::Primitive& primitive) {
  MeasuredCosts measured;
  const auto file = measured_costs_file(data, primitive.name);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return measured;
  const auto costs = read_costs_of(primitive, file);
  if (!costs) return costs.errors();
  measured.known_ = KnownPoints(costs->cells);
  measured.origin_ = to_text(costs->origin);
  return measured;
}

std::optional<PackingCost> MeasuredCosts::of(const pack::Scheme& scheme) const {
  if (scheme.method != pack::Method::Direct) return std::nullopt;
  return known_.packing(scheme.parts.front().packing);
}

}  // namespace bitmason::flow
