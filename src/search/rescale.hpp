#pragma once

#include <cstdint>
#include <vector>

#include "ir/network.hpp"

/// Constants of layers whose inputs changed their scale.
namespace bitmason::search {

/// The nearest integer to value * gain.
std::int64_t scaled(std::int64_t value, double gain);

/// Padding for codes `in` times as large, and the bias where weights grew `weights` times too.
void rescale(ir::Conv& conv, double in, double weights);

/// The sum of inputs whose codes grew by these factors, in the smallest integers; `gain`: the sum's factor.
ir::Add rescaled(const ir::Add& add, const std::vector<double>& gains, double& gain);

}  // namespace bitmason::search
