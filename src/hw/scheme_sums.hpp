#pragma once

#include "hw/linear_cells.hpp"
#include "hw/scheme_module.hpp"

/// The part of a scheme behind its arrays: fields of one position added, outputs from the products' sums.
namespace bitmason::hw {

struct Outputs {
  Bits bits;  ///< [channel][output][position]
  int latency = 0;
};

/// `sums`: [product][group of pixels], of every array, column by column and field by field.
Outputs add_outputs(Module& module, const pack::Scheme& scheme, const SchemeShape& shape,
                    const std::vector<PackArrayShape>& shapes, const std::vector<std::vector<Bits>>& sums,
                    int output_bits);

}  // namespace bitmason::hw
