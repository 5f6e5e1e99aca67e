#pragma once

#include <vector>

#include "base/result.hpp"
#include "device/device.hpp"
#include "plan/cost.hpp"

/// Every way to build one Conv layer, before the interval is known.
namespace bitmason::plan {

/// One implementation; the memories' kinds and the channels of a result beat are still open.
struct ConvOption {
  ConvPlan plan;
  std::int64_t cycles = 0;
  Resources cost;       ///< without the memories
  MemoryShape weights;  ///< external ones: two tiles
  MemoryShape line;
  MemoryShape turn{.count = 0};  ///< external weights: two rows of results
  /// External weights: cycles of a frame in which nothing can be sent, since the two rows of results are
  /// filled and sent in turn and a row waits for the engine's pipeline.
  std::int64_t silent = 0;
};

/// What a part offers besides multipliers, LUTs and block RAM.
struct Offer {
  bool ultra = false;   ///< memories that are written may be URAM
  int memory_port = 0;  ///< bits of a beat of external memory that weights may come from; 0: they may not
};

/// Divisors in ascending order.
std::vector<int> divisors(int number);

/// All implementations that the folding entry allows, in a fixed order. Errors: BM-PLAN-004, 012..015.
Result<std::vector<ConvOption>> conv_options(const ir::Network& network, const ir::Layer& layer,
                                             const device::Primitive& primitive,
                                             const Folding::Entry& folding, const Offer& offer = {});

}  // namespace bitmason::plan
