#include "plan/overlapping.hpp"

#include <algorithm>

#include "pack/carries.hpp"

namespace bitmason::plan {

namespace {

/// Limits of bm_pack_array.
constexpr int kMostSideBits = 3;
constexpr int kMostChains = 9;
constexpr int kWidestSum = 32;

bool apart(const std::vector<int>& offsets, int bits) {
  for (std::size_t k = 1; k < offsets.size(); ++k) {
    if (offsets[k] - offsets[k - 1] < bits) return false;
  }
  return true;
}

/// True where the top field of `steps` products and as many carries stays within the sum register, its bias
/// included. Primitives that add a bias with every product count its wraps instead.
bool top_holds(const pack::Packing& packing, std::int64_t steps) {
  if (packing.ports.cycle_constant) return packing.accumulations >= steps;
  const pack::Field& top = packing.fields.back();
  const auto products = static_cast<std::int64_t>(top.terms.size());
  const IntRange product = (packing.weight * packing.activation).united({0, 0});
  const std::int64_t carries = std::int64_t{1} << packing.side_bits;
  const std::int64_t most = steps * (products * product.span() + 2 * carries) + carries;
  return most < std::int64_t{1} << (packing.ports.accumulator_bits - top.offset - 1);
}

}  // namespace

std::optional<pack::Packing> overlapping_packing(const pack::PackingProblem& problem, pack::Family family,
                                                 int weights, int pixels, pack::Rule rule,
                                                 int accumulations) {
  const int weight_bits = problem.weight.united({-1, 0}).bits();
  const int activation_bits = problem.activation.united({0, 0}).bits();
  for (int side = 1; side <= kMostSideBits; ++side) {
    auto packing = pack::solve_overlapping(problem, family, weights, pixels, {rule, side, accumulations});
    if (!packing) continue;
    if (pack::carries_of(*packing, accumulations).widest() > kMostSideBits) continue;
    if (!apart(packing->weight_offsets, weight_bits)) continue;
    if (!apart(packing->activation_offsets, activation_bits)) continue;
    return packing;
  }
  return std::nullopt;
}

std::optional<int> drain_share(const ConvPlan& plan, std::int64_t steps, int output_bits) {
  if (plan.depthwise || output_bits > kWidestSum) return std::nullopt;
  const pack::Carries carries = pack::carries_of(plan.packing, plan.chain);
  if (carries.widest() > kMostSideBits) return std::nullopt;
  if (!plan.accumulates()) {
    const int room = plan.packing.ports.accumulator_bits - plan.packing.fields.back().offset;
    return carries.top_step < std::int64_t{1} << room ? std::optional(1) : std::nullopt;
  }
  const int lanes = plan.simd * plan.kernel_rows;
  const int side = plan.packing.side_bits;
  if (lanes > kMostChains || !top_holds(plan.packing, steps)) return std::nullopt;
  const std::int64_t slots = std::max(lanes, side + 2) + side;
  for (int share = plan.columns; share >= 1; --share) {
    if (plan.columns % share == 0 && share * slots <= steps) return share;
  }
  return std::nullopt;
}

}  // namespace bitmason::plan
