#include "plan/operand_shapes.hpp"

#include <algorithm>

#include "pack/solve.hpp"
#include "plan/overlapping.hpp"

namespace bitmason::plan {

namespace {

/// Operands of one multiplier on a port, at most.
constexpr int kMostOperands = 16;

/// Centring pays where it saves residue bits: it costs an adder per lane and biases per class of columns.
void append_overlapping(const ConvGeometry& geometry, const pack::PackingProblem& problem, pack::Rule rule,
                        OperandShape& shape) {
  const auto plain = overlapping_packing(problem, shape.family, shape.weights, shape.pixels, rule);
  if (plain) shape.overlapping.push_back({*plain});
  const auto centre = geometry.centre(shape.family);
  if (!centre) return;
  auto less = overlapping_packing(centred(problem, *centre), shape.family, shape.weights, shape.pixels, rule);
  if (less && (!plain || less->side_bits < plain->side_bits)) {
    shape.overlapping.push_back({*std::move(less), *centre});
  }
}

OperandShape shape_of(const ConvGeometry& geometry, const PackingOffer& offer, pack::Family family,
                      int weights, int pixels) {
  OperandShape shape{.family = family, .weights = weights, .pixels = pixels};
  const pack::PackingProblem& problem = offer.whole;
  const auto guarded = [&](int centre) { return guarded_packing(offer, shape, centre, 1).has_value(); };
  shape.guarded = guarded(0);
  const auto centre = geometry.centre(family);
  if (!shape.guarded && centre && guarded(*centre)) {
    shape.guarded = true;
    shape.guarded_centre = *centre;
  }
  if (!geometry.depthwise) {
    append_overlapping(geometry, problem, pack::Rule::Canary, shape);
    if (!shape.guarded) append_overlapping(geometry, problem, pack::Rule::GuardBits, shape);
  }
  return shape;
}

}  // namespace

pack::PackingProblem packing_problem(const ConvGeometry& geometry, const pack::MultiplierPorts& ports) {
  return {.ports = ports,
          .weight = geometry.weight,
          .activation = geometry.activation,
          .kernel = geometry.window.kernel_w,
          .max_weights = kMostOperands,
          .max_activations = kMostOperands};
}

pack::PackingProblem centred(const pack::PackingProblem& problem, int centre) {
  pack::PackingProblem shifted = problem;
  shifted.activation = {problem.activation.lo - centre, problem.activation.hi - centre};
  return shifted;
}

std::optional<pack::Packing> guarded_packing(const PackingOffer& offer, const OperandShape& shape, int centre,
                                             int chain) {
  const auto solved = [&](pack::PackingProblem problem, int weights) -> std::optional<pack::Packing> {
    problem = centred(problem, centre);
    const auto found = pack::solve(problem, shape.family, weights, shape.pixels, chain);
    if (!found) return std::nullopt;
    // Only as many accumulations as are used: narrower slices, narrower adder trees.
    return pack::assemble(problem,
                          {.family = found->family,
                           .weight_offsets = found->weight_offsets,
                           .activation_offsets = found->activation_offsets,
                           .weights_on_wide_port = found->weights_on_wide_port},
                          chain);
  };
  if (auto packing = solved(offer.whole, shape.weights)) return packing;
  if (shape.family != pack::Family::OuterProduct || chain > 1) return std::nullopt;
  for (const pack::MultiplierPorts& ports : offer.split) {
    if (shape.weights % ports.multipliers != 0) continue;
    pack::PackingProblem problem = offer.whole;
    problem.ports = ports;
    if (auto packing = solved(problem, shape.weights / ports.multipliers))
      return pack::side_by_side(*packing);
  }
  return std::nullopt;
}

std::vector<OperandShape> operand_shapes(const ConvGeometry& geometry, const PackingOffer& offer) {
  const pack::PackingProblem& problem = offer.whole;
  const ir::Window& window = geometry.window;
  std::vector<OperandShape> all;
  const auto append = [&](pack::Family family, int weights) {
    const bool adjacent =
        window.stride_w == 1 && (family == pack::Family::Convolution || window.kernel_w == 1);
    const int most = adjacent ? std::min(problem.max_activations, geometry.columns(family)) : 1;
    for (int pixels = 1; pixels <= most; ++pixels) {
      OperandShape shape = shape_of(geometry, offer, family, weights, pixels);
      if (!shape.guarded && shape.overlapping.empty()) break;
      all.push_back(std::move(shape));
    }
  };
  const int most_weights = geometry.depthwise ? 1 : std::min(problem.max_weights, geometry.out.channels);
  for (int weights = 1; weights <= most_weights; ++weights) {
    if (geometry.out.channels % weights == 0) append(pack::Family::OuterProduct, weights);
  }
  if (window.kernel_w > 1 && window.stride_w == 1) append(pack::Family::Convolution, window.kernel_w);
  return all;
}

}  // namespace bitmason::plan
