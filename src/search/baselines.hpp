#pragma once

#include "search/exact_search.hpp"

/// What a search without the planner's cost finds, in the same terms.
namespace bitmason::search {

/// Cost of a layer of so many MACs at bits of weights and activations, to be summed over the layers.
using ProxyCost = double (*)(std::int64_t macs, int weights, int activations);

/// MACs times both widths.
double bit_operation_cost(std::int64_t macs, int weights, int activations);
/// DSP cycles: MACs over the MACs per 27x18 multiplier and cycle that the reference system's packings and
/// Ultra-DSP reach for two bits and more; below, those of a 3x3 convolution of DeepBurning-MixQ.
double reference_dsp_cost(std::int64_t macs, int weights, int activations);

/// The choice of least predicted loss whose proxy cost is at most `most`; nothing where none is.
std::optional<Bits> least_loss_within(const Problem& problem, ProxyCost cost, double most);

/// The choice that a search by the proxy brings to the interval: the largest budget of a geometric grid,
/// refined by bisection, whose choice the planner brings to the interval. Nothing where none is found. Cost:
/// at most 45 integer programs of 49 columns a layer, and a plan for each different choice.
std::optional<Found> proxy_search(const Problem& problem, ProxyCost cost, std::int64_t interval);

/// All uniform choices (w, a) of the widths allowed, with the image's, w and then a ascending, with their
/// predicted losses.
std::vector<Found> uniform_choices(const Problem& problem);

/// The uniform choice (w, a) of the widths allowed, with the image's, of least predicted loss that keeps the
/// interval. Nothing where none does.
std::optional<Found> uniform_search(const Problem& problem, std::int64_t interval);

}  // namespace bitmason::search
