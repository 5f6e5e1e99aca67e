#pragma once

#include "pack/packing.hpp"

/// What a packing costs beside the multiplier.
namespace bitmason::pack {

/// The array that LUT costs refer to: `outputs` columns of `lanes` multipliers, whose fields are summed over
/// the lanes and `steps` products into sums of `sum_bits` bits.
struct ArrayShape {
  int outputs = 8;
  int lanes = 8;
  int steps = 16;
  int sum_bits = 16;
  int most_chain = 64;  ///< multipliers in cascade, where guard bits hold that many
};

/// 6-input LUTs beside one multiplier of the array: residues, carry counting, extraction, accumulation.
/// Follows the structure of bm_pack_array, or of bm_sign_array for signs and magnitudes;
/// tests/flow/packing_costs_test.cpp bounds its error against synthesis.
double estimated_array_luts(const Packing& packing, const ArrayShape& array = {});

/// LUTs that pack one lane's activations on their port, once for all columns: adders where they are signed or
/// share bits, and magnitudes. Not measured.
double estimated_packing_luts(const Packing& packing);

/// Both for one multiplier.
double estimated_luts(const Packing& packing, const ArrayShape& array = {});

/// Weight memory per weight: its own code. Arrays form the sums of weights that share bits of their port, and
/// magnitudes, behind the memory; their LUTs are in estimated_array_luts().
int stored_weight_bits(const Packing& packing);

}  // namespace bitmason::pack
