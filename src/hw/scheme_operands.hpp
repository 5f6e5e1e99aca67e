#pragma once

#include <array>

#include "hw/linear_cells.hpp"
#include "hw/scheme_module.hpp"

/// The part of a scheme before its arrays: digits, combinations, magnitudes and packing of the activations.
namespace bitmason::hw {

/// Activations of one array, all lanes.
struct PackedOperands {
  Bits ports;
  Bits codes;     ///< or magnitudes
  Bits negative;  ///< their signs, for bm_sign_array
};

struct Operands {
  std::vector<std::vector<PackedOperands>> products;  ///< [product][group of pixels]
  Bits valid;
  Bits first;
  Bits last;
  int latency = 0;  ///< cycles from x
};

/// `control`: valid, first, last of the step in x.
Operands add_operands(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                      const std::array<Bits, 3>& control, const Bits& x);

}  // namespace bitmason::hw
