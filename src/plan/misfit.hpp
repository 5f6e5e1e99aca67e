#pragma once

#include "base/diagnostic.hpp"
#include "plan/search.hpp"

/// The answer where a network does not fit at any interval.
namespace bitmason::plan {

/// For each resource that is short: BM-PLAN-001 with the need, the limit and the excess in per cent, details
/// as JSON with every layer's share, and BM-PLAN-002 for the layers that take most of it. Precondition: no
/// selection of the search fits.
Diagnostics misfit(const ir::Network& network, const Search& search, const Budget& budget);

/// The network with every layer's weights in at most so many bits, their lowest bits dropped: for questions
/// of size, not of accuracy. Nothing where no weight is wider or what results is no network.
std::optional<ir::Network> with_narrower_weights(const ir::Network& network, int bits);

}  // namespace bitmason::plan
