#pragma once

#include "pack/packing.hpp"

/// What verify() is made of. Like the rest of it shared with no solver.
namespace bitmason::pack {

/// verify() of multipliers side by side (ports.cut_bits): the first is proved, and every other one has its
/// operands and fields at the same places of its own word. Errors: BM-PACK-015 and those of verify().
Status verify_side_by_side(const Packing& packing);

}  // namespace bitmason::pack
