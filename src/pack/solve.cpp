#include <algorithm>

#include "pack/layouts.hpp"
#include "pack/rules.hpp"
#include "pack/solve.hpp"

namespace bitmason::pack {

namespace {

/// A problem whose numbers all fit the arithmetic below.
struct Sizes {
  IntRange weight;      ///< widened to hold 0
  IntRange activation;  ///< widened to hold 0
  std::int64_t span = 0;
  MultiplierPorts ports;
};

std::optional<Sizes> sizes_of(const PackingProblem& problem) {
  const MultiplierPorts& ports = problem.ports;
  if (ports.narrow_bits < 2 || ports.narrow_bits > ports.wide_bits ||
      ports.wide_bits + ports.narrow_bits > 62 || ports.accumulator_bits < 1 || ports.accumulator_bits > 62) {
    return std::nullopt;
  }
  constexpr IntRange kOperand{-(std::int64_t{1} << 31), std::int64_t{1} << 31};
  for (const IntRange& range : {problem.weight, problem.activation}) {
    if (range.lo > range.hi || !kOperand.contains(range)) return std::nullopt;
  }
  Sizes sizes{.weight = problem.weight.united({0, 0}),
              .activation = problem.activation.united({0, 0}),
              .ports = ports};
  // An operand that alone exceeds the wide port fits nowhere; dropping it here bounds the span.
  const IntRange port = IntRange::signed_bits(ports.wide_bits);
  if (!port.contains(sizes.weight) || !port.contains(sizes.activation)) return std::nullopt;
  sizes.span = (sizes.weight * sizes.activation).united({0, 0}).span();
  return sizes;
}

/// True where the sum of magnitude * 2^(spacing * position) stays within `limit`; nothing overflows because
/// the limit is used up instead of a sum built.
bool within(std::int64_t magnitude, const std::vector<int>& positions, int spacing, std::int64_t limit) {
  if (magnitude == 0) return true;
  for (auto position = positions.rbegin(); position != positions.rend(); ++position) {
    const int offset = *position * spacing;
    if (offset >= 62 || magnitude > (limit >> offset)) return false;
    limit -= magnitude << offset;
  }
  return true;
}

bool on_port(const IntRange& range, const std::vector<int>& positions, int spacing, int port_bits) {
  // Values that are always 0 have a place too.
  if (positions.back() * spacing >= port_bits) return false;
  const std::int64_t half = std::int64_t{1} << (port_bits - 1);
  return within(-range.lo, positions, spacing, half) && within(range.hi, positions, spacing, half - 1);
}

/// Accumulations that a field of `bits` bits proves by rule G(n, 0).
std::int64_t accumulations_of(int bits, std::int64_t span, int multiplicity) {
  if (bits < 1) return 0;
  if (span == 0) return kMostAccumulations;
  return std::min(kMostAccumulations, ((std::int64_t{1} << bits) - 1) / multiplicity / span);
}

/// Accumulations of the layout at this spacing; 0 where a field does not even hold one product.
std::int64_t accumulations_at(const Sizes& sizes, const UnitLayout& layout, int spacing) {
  const int top_bits = sizes.ports.accumulator_bits - spacing * layout.top();
  const std::int64_t top = accumulations_of(top_bits, sizes.span, 1);
  if (layout.top() == 0) return top;
  return std::min(top, accumulations_of(spacing, sizes.span, layout.multiplicity));
}

/// Spacing and port assignment that a layout fits at.
struct Fit {
  const UnitLayout* layout = nullptr;
  int spacing = 0;
  bool weights_on_wide_port = true;
  int accumulations = 0;
};

/// First fit of the layouts with at least `accumulations`, at the narrowest spacing that holds them: a wider
/// spacing only moves operands up both ports and the top field out of the accumulator. Layouts share one
/// multiplicity.
std::optional<Fit> fit(const Sizes& sizes, const std::vector<UnitLayout>& layouts, int accumulations) {
  if (layouts.empty()) return std::nullopt;
  int spacing = 1;
  while (spacing < 62 && accumulations_of(spacing, sizes.span, layouts[0].multiplicity) < accumulations)
    ++spacing;
  for (const bool weights_wide : {true, false}) {
    const int weight_bits = weights_wide ? sizes.ports.wide_bits : sizes.ports.narrow_bits;
    const int activation_bits = weights_wide ? sizes.ports.narrow_bits : sizes.ports.wide_bits;
    for (const UnitLayout& layout : layouts) {
      const std::int64_t proved = accumulations_at(sizes, layout, spacing);
      if (proved < accumulations) continue;
      if (on_port(sizes.weight, layout.weights, spacing, weight_bits) &&
          on_port(sizes.activation, layout.activations, spacing, activation_bits)) {
        return Fit{&layout, spacing, weights_wide, static_cast<int>(proved)};
      }
    }
  }
  return std::nullopt;
}

std::vector<UnitLayout> layouts_of(const Sizes& sizes, Family family, int weights, int activations) {
  const int limit = sizes.ports.accumulator_bits;
  if (family == Family::Convolution) return convolution_layouts(weights, activations, limit);
  if (weights > limit / activations) return {};
  return outer_product_layouts(weights, activations, limit);
}

Layout layout_of(Family family, const Fit& fit) {
  const auto scaled = [&](std::vector<int> positions) {
    for (int& position : positions) position *= fit.spacing;
    return positions;
  };
  return {.family = family,
          .weight_offsets = scaled(fit.layout->weights),
          .activation_offsets = scaled(fit.layout->activations),
          .weights_on_wide_port = fit.weights_on_wide_port};
}

/// True where the operands are as many as the problem allows and the family needs.
bool admissible(const PackingProblem& problem, Family family, int weights, int activations) {
  if (weights < 1 || activations < 1) return false;
  if (weights > problem.max_weights || activations > problem.max_activations) return false;
  return family != Family::Convolution || weights == problem.kernel;
}

/// The layout at this spacing with these residue bits, if ports, carries and top field hold.
std::optional<Packing> overlapping_at(const PackingProblem& problem, Family family, const Sizes& sizes,
                                      const Fit& fit, const Residues& residues) {
  const int weight_bits = fit.weights_on_wide_port ? sizes.ports.wide_bits : sizes.ports.narrow_bits;
  const int activation_bits = fit.weights_on_wide_port ? sizes.ports.narrow_bits : sizes.ports.wide_bits;
  if (!on_port(sizes.weight, fit.layout->weights, fit.spacing, weight_bits)) return std::nullopt;
  if (!on_port(sizes.activation, fit.layout->activations, fit.spacing, activation_bits)) return std::nullopt;
  Layout layout = layout_of(family, fit);
  layout.rule = residues.rule;
  layout.side_bits = residues.side_bits;
  Packing packing = assemble(problem, layout, 1);
  FieldSteps steps;
  for (const Field& field : packing.fields) {
    const auto products = static_cast<std::int64_t>(field.terms.size());
    const IntRange one = (sizes.weight * sizes.activation).united({0, 0});
    steps.offsets.push_back(field.offset);
    steps.steps.push_back({products * one.lo, products * one.hi});
  }
  const bool canary = residues.rule == Rule::Canary;
  const std::int64_t accumulations =
      canary ? canary_accumulations(steps, residues.side_bits, sizes.ports)
             : guard_accumulations(steps, residues.side_bits, sizes.ports.accumulator_bits);
  if (accumulations < (canary ? 1 : residues.accumulations)) return std::nullopt;
  packing = assemble(problem, layout, static_cast<int>(accumulations));
  if (!verify(packing)) return std::nullopt;
  return packing;
}

}  // namespace

std::optional<Packing> solve(const PackingProblem& problem, Family family, int weights, int activations,
                             int accumulations) {
  if (accumulations < 1 || !admissible(problem, family, weights, activations)) return std::nullopt;
  const auto sizes = sizes_of(problem);
  if (!sizes) return std::nullopt;
  const auto layouts = layouts_of(*sizes, family, weights, activations);
  const auto found = fit(*sizes, layouts, accumulations);
  if (!found) return std::nullopt;
  return assemble(problem, layout_of(family, *found), found->accumulations);
}

std::optional<Packing> solve_overlapping(const PackingProblem& problem, Family family, int weights,
                                         int activations, const Residues& residues) {
  if (residues.side_bits < 1 || !admissible(problem, family, weights, activations)) return std::nullopt;
  const auto sizes = sizes_of(problem);
  if (!sizes) return std::nullopt;
  const auto layouts = layouts_of(*sizes, family, weights, activations);
  for (int spacing = 1; spacing < sizes->ports.accumulator_bits; ++spacing) {
    for (const bool weights_wide : {true, false}) {
      for (const UnitLayout& layout : layouts) {
        if (spacing * layout.top() >= sizes->ports.accumulator_bits) continue;
        const Fit fit{.layout = &layout, .spacing = spacing, .weights_on_wide_port = weights_wide};
        if (auto packing = overlapping_at(problem, family, *sizes, fit, residues)) return packing;
      }
    }
  }
  return std::nullopt;
}

}  // namespace bitmason::pack
