#pragma once

#include "search/exact_search.hpp"
#include "search/surrogate.hpp"

namespace bitmason::search {

/// The choice that distributions over widths end in: the likeliest widths and, while the planner does not
/// bring them to the interval (one of the tables'), the step to the next narrower width that costs the least
/// logit per saved LayerCase::share_cycles. Where widths are left that save nothing, nothing. Deterministic.
/// Found::loss is the predicted one.
std::optional<Found> discretise(const Problem& problem, const Logits& logits, std::int64_t interval);

}  // namespace bitmason::search
