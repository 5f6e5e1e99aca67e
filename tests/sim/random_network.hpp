#pragma once

#include <random>
#include <vector>

#include "ir/network.hpp"
#include "sim/engine.hpp"

namespace bitmason::sim::testing_support {

/// Uniform integer in [lo, hi], the same on every platform.
inline std::int64_t pick(std::mt19937_64& random, std::int64_t lo, std::int64_t hi) {
  return lo + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(hi - lo + 1));
}

/// A small network of random layers of every kind; same seed, same network.
ir::Network random_network(std::uint64_t seed);

/// One frame of random codes for each network input, with the extreme codes over-represented.
std::vector<Codes> random_frame(const ir::Network& network, std::uint64_t seed);

}  // namespace bitmason::sim::testing_support
