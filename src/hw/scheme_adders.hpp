#pragma once

#include "hw/scheme_module.hpp"

/// What stands beside a scheme's arrays, as modules of their own: what it costs grows with lanes and with
/// channels.
namespace bitmason::hw {

/// Of one scheme_module(): it has one `lane` for each of its lanes, one `channel` for each of its channels
/// and the three bits of control of its steps, `control_flip_flops`.
struct SchemeAdders {
  Module lane;     ///< activations of a lane and the block's pixels to the arrays' operands
  Module channel;  ///< sums of the arrays to the outputs of a channel and the block's pixels
  int control_flip_flops = 0;
};

/// Errors: BM-HW-030, BM-HW-031.
Result<SchemeAdders> scheme_adders(const pack::Scheme& scheme, const SchemeShape& shape,
                                   const std::string& name);

}  // namespace bitmason::hw
