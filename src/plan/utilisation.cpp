#include "plan/utilisation.hpp"

#include <fmt/format.h>

#include "pack/cell.hpp"
#include "plan/conv_geometry.hpp"
#include "plan/multiplier_ports.hpp"
#include "plan/operand_shapes.hpp"

namespace bitmason::plan {

namespace {

std::int64_t macs_of(const ConvGeometry& geometry) {
  const std::int64_t inputs = geometry.depthwise ? 1 : geometry.in.channels;
  return std::int64_t{geometry.out.height} * geometry.out.width * geometry.out.channels * inputs *
         geometry.window.kernel_h * geometry.window.kernel_w;
}

std::string text_of(const pack::Scheme& scheme) {
  const std::string packing = pack::to_text(scheme.parts.front().packing);
  if (scheme.method == pack::Method::Direct) return packing;
  return fmt::format("{}, {}", pack::to_text(scheme.method), packing);
}

}  // namespace

Utilisation utilisation(const ir::Network& network, const device::Primitive& primitive, const Plan& plan,
                        Cycles interval) {
  Utilisation result;
  pack::CellSolver solver(ports_of(primitive), usable_split_ports_of(primitive));
  double macs = 0;
  double possible = 0;
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    const LayerPlan& layer = plan.layers[k];
    if (!layer.conv) {
      result.requantise_dsps += layer.dsps.value;
      continue;
    }
    if (layer.conv->fabric) {
      result.lut_layers.push_back(layer.layer);
      continue;
    }
    const ConvGeometry geometry = geometry_of(network, network.layers()[k]);
    const pack::PackingProblem problem = packing_problem(geometry, ports_of(primitive));
    const auto densest = solver.densest({.weight = problem.weight,
                                         .activation = problem.activation,
                                         .kernel = problem.kernel,
                                         .most_side_bits = kReferenceSideBits});
    if (!densest) continue;
    LayerUtilisation row{.layer = layer.layer,
                         .macs = macs_of(geometry),
                         .dsps = layer.dsps.value,
                         .density = densest->density(),
                         .densest = text_of(*densest)};
    const double most = static_cast<double>(row.dsps) * row.density * static_cast<double>(interval.value);
    row.share = static_cast<double>(row.macs) / most;
    macs += static_cast<double>(row.macs);
    possible += most;
    result.layers.push_back(std::move(row));
  }
  if (possible > 0) result.share = macs / possible;
  return result;
}

}  // namespace bitmason::plan
