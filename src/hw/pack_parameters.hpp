#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hw/builder.hpp"
#include "pack/packing.hpp"

/// A packing as the parameters of the modules that execute it: the one place that binds both.
namespace bitmason::hw {

/// Number that the PRIM parameter gives the primitive's module; nothing where no module executes it.
std::optional<int> primitive_number(const device::Primitive& primitive);

/// True of the modules that only other primitives' cells are made of, by their names.
bool is_cell_of_another(const device::Primitive& primitive, std::string_view module);

/// True where operands stand as signs and magnitudes: bm_sign_array executes them.
bool has_signs(const pack::Packing& packing);

/// Appends WIDE_W, WOFF, AOFF, FOFF, the number of fields as `count`, and LOW and HIGH of one product, 0
/// included: what bm_conv, bm_pack_array and bm_sign_array share.
void append_offsets(Parameters& parameters, const pack::Packing& packing, std::string_view count);

/// What bm_pack_array must know beside the packing; its header says what each means.
struct PackArrayShape {
  int columns = 1;
  int lanes = 8;
  int chain = 1;
  int share = 1;
  int steps = 16;
  int sum_bits = 16;
  bool accumulate = true;  ///< canaries stay in the multipliers over a block; else every step is read
};

/// True where the array sums the packing's products in the multipliers over a block.
bool accumulates(const pack::Packing& packing, const PackArrayShape& shape);

/// Parameters of bm_pack_array: canaries accumulate in the multiplier unless the shape says otherwise, guard
/// and residue bits are read in every step. Precondition: plain operands; of a split primitive side by side.
Parameters pack_array_parameters(const pack::Packing& packing, int primitive, const PackArrayShape& shape);

/// What bm_sign_array must know beside the packing; its header says what each means.
struct SignArrayShape {
  int columns = 1;
  int lanes = 8;
  int steps = 16;
  int sum_bits = 16;
};

/// Parameters of bm_sign_array. Precondition: sign-magnitude operands.
Parameters sign_array_parameters(const pack::Packing& packing, int primitive, const SignArrayShape& shape);

/// The bits of an integer (32) or a wide constant, most significant first, as tools take them. Precondition:
/// no text.
std::string parameter_bits(const ParameterValue& value);

}  // namespace bitmason::hw
