#pragma once

#include "search/cost_tables.hpp"

namespace bitmason::search {

/// A layer of the blueprint in given widths, by itself, for these intervals. `accumulator`: what a Requantise
/// reads. Errors: those of plan::LayerChoices and BM-IR-*.
Result<LayerCase> make_case(const Blueprint& blueprint, const Target& target,
                            const std::vector<std::int64_t>& intervals, const WidthKey& key,
                            const LayerCase* accumulator);

}  // namespace bitmason::search
