#pragma once

#include <cstdint>

namespace bitmason {

/// The value of a float16; infinities and NaN included.
double half_to_double(std::uint16_t bits);

/// Nearest float16, ties to even, straight from the double.
std::uint16_t double_to_half(double value);

}  // namespace bitmason
