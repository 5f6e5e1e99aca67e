#pragma once

#include <array>

#include "plan/plan.hpp"

/// The counted resources as rows of one table, for everything that treats them alike.
namespace bitmason::plan {

struct ResourceKind {
  const char* key;   ///< in documents
  const char* name;  ///< in sentences
};
inline constexpr std::array<ResourceKind, 6> kResourceKinds{{{"dsp", "DSPs"},
                                                             {"lut", "LUTs"},
                                                             {"ff", "flip-flops"},
                                                             {"bram18", "BRAM18"},
                                                             {"uram", "URAM"},
                                                             {"traffic", "bytes a frame from memory"}}};

inline constexpr std::size_t kBram18 = 3;
inline constexpr std::size_t kUram = 4;
inline constexpr std::size_t kTraffic = 5;

/// One number per row of the table.
template <class Number>
using PerResource = std::array<Number, kResourceKinds.size()>;

inline PerResource<std::int64_t> amounts_of(const Resources& r) {
  return {r.dsps.value, r.luts.value, r.flip_flops.value, r.bram18s.value, r.urams.value, r.traffic.value};
}

inline Resources resources_from(const PerResource<std::int64_t>& amounts) {
  const auto& [dsps, luts, flip_flops, bram18s, urams, traffic] = amounts;
  return {Dsps(dsps), Luts(luts), FlipFlops(flip_flops), Bram18s(bram18s), Urams(urams), Bytes(traffic)};
}

inline Resources resources_of(const LayerPlan& plan) {
  return {plan.dsps, plan.luts, plan.flip_flops, plan.bram18s, plan.urams, plan.traffic};
}

/// The fewest cycles in which so many bytes may be read from external memory; 0 for none.
Cycles traffic_cycles(const Budget& budget, Bytes traffic);

/// Replaces what the layer costs.
inline void set_resources(LayerPlan& plan, const Resources& cost) {
  plan.dsps = cost.dsps;
  plan.luts = cost.luts;
  plan.flip_flops = cost.flip_flops;
  plan.bram18s = cost.bram18s;
  plan.urams = cost.urams;
  plan.traffic = cost.traffic;
}

}  // namespace bitmason::plan
