#include "plan/verify_overlap.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bitmason::plan {

namespace {

/// What leaves a field upwards in one step, and the widest such range met so far.
struct Outflow {
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::int64_t widest = 0;
};

int bits_for(std::int64_t number) {
  int bits = 0;
  while (number >> bits != 0) ++bits;
  return bits;
}

}  // namespace

std::string overlap_fault(const ConvPlan& plan, std::int64_t steps, int output_bits) {
  const pack::Packing& packing = plan.packing;
  const int lanes = plan.simd * plan.kernel_rows;
  if (plan.depthwise) return "depthwise layers have no overlapping fields";
  if (output_bits > 32) return fmt::format("sums of {} bits are wider than 32", output_bits);
  if (plan.share < 1 || plan.columns % plan.share != 0)
    return fmt::format("{} columns cannot share {} to a drain", plan.columns, plan.share);
  const std::int64_t corners[] = {
      0, packing.weight.lo * packing.activation.lo, packing.weight.lo * packing.activation.hi,
      packing.weight.hi * packing.activation.lo, packing.weight.hi * packing.activation.hi};
  const auto [low, high] = std::minmax_element(std::begin(corners), std::end(corners));
  const bool stays = plan.accumulates();
  // A bias in every step lifts all products above zero.
  const bool lifted = !stays || packing.ports.cycle_constant;
  Outflow out;
  std::int64_t top = 0;
  std::int64_t bottom = 0;
  for (std::size_t k = 0; k < packing.fields.size(); ++k) {
    const std::int64_t count = static_cast<std::int64_t>(packing.fields[k].terms.size()) * plan.chain;
    const std::int64_t up = count * (lifted ? *high - *low : *high) + out.most;
    const std::int64_t down = count * (lifted ? 0 : *low) + out.least;
    top = up;
    bottom = down;
    if (k + 1 == packing.fields.size()) break;
    const int room = packing.fields[k + 1].offset - packing.fields[k].offset;
    // The slice may be full already where it is never cleared.
    out.most = (up + (stays ? (std::int64_t{1} << room) - 1 : 0)) >> room;
    out.least = down >> room;
    out.widest = std::max(out.widest, out.most - out.least);
  }
  const int side = bits_for(out.widest);
  if (side > 3) return fmt::format("carries of {} bits exceed 3", side);
  const int room = packing.ports.accumulator_bits - packing.fields.back().offset;
  if (!stays) {
    if (plan.share != 1) return fmt::format("{} columns share a drain and every step is read", plan.share);
    if (bits_for(top) > room) return fmt::format("the top field needs {} bits of {}", bits_for(top), room);
    return {};
  }
  if (plan.chain != 1 || lanes > 9)
    return fmt::format("{} lanes in chains of {} exceed 9", lanes, plan.chain);
  const std::int64_t slots = std::max(lanes, std::max(side, 1) + 2) + std::max(side, 1);
  if (plan.share * slots > steps)
    return fmt::format("{} columns drain in {} steps and a block has {}", plan.share, plan.share * slots,
                       steps);
  if (lifted && bits_for(steps * top) > room && bits_for(top) >= room)
    return fmt::format("the top field wraps within a step of {} bits", bits_for(top));
  const std::int64_t swing = steps * (top - bottom) + (std::int64_t{1} << side);
  if (!lifted && bits_for(swing) > room)
    return fmt::format("the top field of {} steps needs {} bits of {}", steps, bits_for(swing), room);
  return {};
}

}  // namespace bitmason::plan
