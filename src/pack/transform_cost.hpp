#pragma once

#include "pack/cost.hpp"
#include "pack/scheme.hpp"

/// What a scheme costs beside its arrays: digits and sums of activations, and the outputs from the sums.
namespace bitmason::pack {

/// 6-input LUTs of one lane and pixel: digits, the sums of bm_linear, constants of centred operands.
double activation_transform_luts(const Scheme& scheme);

/// 6-input LUTs of one output channel of a block: fields of one position added, outputs from products. Formed
/// once per block from the sums over all lanes and steps, by adders of their own.
double output_transform_luts(const Scheme& scheme, const SchemeBlock& block, int sum_bits);

/// MACs of the array's step that one lane of the adders before it serves, and one channel of those behind.
struct AdderShares {
  double lane_macs = 1;
  double channel_macs = 1;
};
AdderShares adder_shares(const Scheme& scheme, const ArrayShape& array = {});

/// Both per MAC, shared as the array shares them. Follows the structure of hw::scheme_module();
/// benchmarks/scheme_cost.sh measures it.
double estimated_transform_luts(const Scheme& scheme, const ArrayShape& array = {});

/// All of a scheme per MAC: arrays, packing on their ports and adders.
double estimated_luts_per_mac(const Scheme& scheme);

}  // namespace bitmason::pack
