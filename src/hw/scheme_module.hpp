#pragma once

#include "base/result.hpp"
#include "hw/array_limits.hpp"
#include "hw/module.hpp"
#include "pack/scheme.hpp"

/// A scheme in hardware: combinations of activations, one bm_pack_array per product and group of pixels,
/// combinations of the sums.
namespace bitmason::hw {

struct SchemeShape {
  pack::SchemeBlock block;  ///< see pack::full_block()
  int lanes = 8;
  int steps = 16;
  int primitive = 1;  ///< PRIM of bm_pack_array
  bool cascade = true;
};

/// Ports beside clk and rst, packed without gaps, the first index slowest:
/// - valid, first, last: a step comes; it begins, ends a block of `steps` (steps need not be adjacent);
/// - activations [lane][activation row][pixel]: codes of the scheme's activation range;
/// - weights: weight_word(), `weights_at` cycles after its step;
/// - outputs_valid, `latency` cycles after a block's last step, and outputs [channel][output][position]:
/// exact sums over lanes
///   and steps modulo 2^output_bits, less centring_correction().
struct SchemeModule {
  Module module;
  int weights_at = 0;
  int latency = 0;
  int output_bits = 0;  ///< two's complement, of the exact sums
  int multipliers = 0;
};

/// Errors: BM-HW-030 (a packing that the array does not execute), BM-HW-031.
Result<SchemeModule> scheme_module(const pack::Scheme& scheme, const SchemeShape& shape,
                                   const std::string& name);

}  // namespace bitmason::hw
