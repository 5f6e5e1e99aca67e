#pragma once

#include <optional>
#include <vector>

#include "pack/packing.hpp"
#include "plan/conv_geometry.hpp"

/// How the operands of one multiplier of a Conv layer may be arranged.
namespace bitmason::plan {

/// Fields that overlap: sums stay in the multiplier over a block of steps (canaries), or every step is read.
struct Overlapping {
  pack::Packing packing;
  int centre = 0;  ///< ConvPlan::centre
};

/// So many weights times so many adjacent pixels of one multiplier.
struct OperandShape {
  pack::Family family = pack::Family::OuterProduct;
  int weights = 1;
  int pixels = 1;
  bool guarded = true;     ///< guard bits keep the fields apart
  int guarded_centre = 0;  ///< ConvPlan::centre, where only centred activations leave room for them
  std::vector<Overlapping> overlapping{};
};

/// The layer's operands as one multiplier sees them; at most 16 on a port.
pack::PackingProblem packing_problem(const ConvGeometry& geometry, const pack::MultiplierPorts& ports);

/// The problem with activations less `centre`.
pack::PackingProblem centred(const pack::PackingProblem& problem, int centre);

/// What a primitive offers a layer's operands: the whole multiplier, or narrower ones side by side.
struct PackingOffer {
  pack::PackingProblem whole;
  std::vector<pack::MultiplierPorts> split{};
};

/// So many operands apart by guard bits that hold `chain` products, their activations less `centre`: on the
/// whole multiplier, else, weights of several channels, on a split one; nothing where neither holds them.
std::optional<pack::Packing> guarded_packing(const PackingOffer& offer, const OperandShape& shape, int centre,
                                             int chain);

/// Every shape that some packing of the offer allows, fewest operands first; weights divide the output
/// channels.
std::vector<OperandShape> operand_shapes(const ConvGeometry& geometry, const PackingOffer& offer);

}  // namespace bitmason::plan
