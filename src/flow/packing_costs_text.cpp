#include <algorithm>

#include <fmt/format.h>

#include "flow/packing_costs.hpp"
#include "flow/scheme_costs.hpp"
#include "pack/cost.hpp"
#include "pack/transform_cost.hpp"

namespace bitmason::flow {

double estimated_luts(const PackingCost& cost) {
  return pack::estimated_array_luts(cost.packing, {.outputs = kReferenceColumns,
                                                   .lanes = cost.many.lanes,
                                                   .steps = kMeasuredSteps,
                                                   .sum_bits = cost.sum_bits,
                                                   .most_chain = cost.chain});
}

std::vector<double> estimate_errors(const PackingCosts& costs) {
  std::vector<double> errors;
  for (const CellCosts& cell : costs.cells) {
    for (const PackingCost& cost : cell.points) {
      errors.push_back(estimated_luts(cost) / cost.luts_per_multiplier(kReferenceColumns) - 1);
    }
  }
  std::sort(errors.begin(), errors.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
  return errors;
}

std::string to_text(const MeasurementOrigin& origin) {
  return fmt::format("{}, {}, {}, RTL {}{}", origin.primitive, origin.tool, origin.synthesis,
                     origin.rtl.substr(0, 8),
                     origin.rtl_sign.empty() ? "" : "+" + origin.rtl_sign.substr(0, 8));
}

namespace {

/// A line for each scheme, arrays and adders beside what is estimated of both.
std::string schemes_text(const PackingCosts& costs) {
  const MeasuredPackings packings(costs);
  std::string text;
  int left = 0;
  for (const CellCosts& cell : costs.cells) {
    left += cell.schemes_left;
    for (const SchemeCost& cost : cell.schemes) {
      const SchemeLuts luts = luts_of(cost, packings);
      text += fmt::format(
          "{:9} {:>7.2f} {:>8.2f} {:>9.2f} {:>7.2f} {:>7.2f} {:>8.0f}   {} + {}, {} + {}  {}{}\n",
          cell_name(cell.kernel, cell.weight_bits, cell.activation_bits), cost.scheme.density(), luts.all(),
          pack::estimated_luts_per_mac(cost.scheme), luts.arrays, luts.adders,
          luts.arrays > 0 ? 100 * luts.measured_arrays / luts.arrays : 0, cost.lane.levels,
          cost.lane.carry_bits, cost.channel.levels, cost.channel.carry_bits, to_text(cost.scheme.method),
          cost.scheme.detail.empty() ? "" : ", " + cost.scheme.detail);
    }
  }
  if (text.empty()) return fmt::format("\n{} schemes of the fronts are left to the estimate\n", left);
  return fmt::format(
      "\ncell      MAC/DSP  LUT per MAC          arrays  adders arrays % levels + carry    how\n"
      "                       all estimated                  measured before, behind\n{}"
      "\n{} schemes of the fronts are left to the estimate\n",
      text, left);
}

}  // namespace

std::string to_text(const PackingCosts& costs) {
  std::string text = fmt::format(
      "{}: arrays synthesised with {} ({}), {} of {} cells\n\n"
      "cell      MAC/DSP   LUT per multiplier     lane  column     FF   levels  how\n"
      "                    measured  estimated     LUT     LUT   lane  + carry\n",
      costs.origin.primitive, costs.origin.tool, costs.origin.synthesis, costs.cells.size(), kAllCells);
  std::size_t refused = 0;
  for (const CellCosts& cell : costs.cells) {
    refused += cell.not_realised.size();
    for (const PackingCost& cost : cell.points) {
      text += fmt::format("{:9} {:>7.0f} {:>11.1f} {:>10.1f} {:>7.1f} {:>7.1f} {:>6.0f} {:>4} + {:<2}  {}\n",
                          cell_name(cell.kernel, cell.weight_bits, cell.activation_bits),
                          cost.packing.density(), cost.luts_per_multiplier(kReferenceColumns),
                          estimated_luts(cost), cost.lane_luts(), cost.decoder_luts(), cost.lane_flip_flops(),
                          cost.many.levels, cost.many.carry_bits, to_text(cost.packing));
    }
  }
  text += schemes_text(costs);
  text += fmt::format("{} points are not realised; the file says why\n", refused);
  const auto errors = estimate_errors(costs);
  if (!errors.empty()) {
    text += fmt::format("estimate against synthesis: median error {:.0f} %, worst {:+.0f} %\n",
                        100 * std::abs(errors[errors.size() / 2]), 100 * errors.back());
  }
  return text;
}

}  // namespace bitmason::flow
