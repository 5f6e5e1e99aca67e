#pragma once

#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"

/// Single operations on the verification frames, executed by the integer simulator.
namespace bitmason::zoo {

/// One tensor of every frame.
struct Values {
  ir::TensorType type;
  std::vector<sim::Codes> frames;
};

/// Result of the operation on every frame; the inputs have the same frames. Precondition: the operation fits
/// its inputs.
Values execute(const ir::Operation& operation, const std::vector<const Values*>& inputs);

}  // namespace bitmason::zoo
