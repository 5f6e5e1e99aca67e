#pragma once

#include <cstdint>
#include <string_view>

#include "hw/design.hpp"

/// Parameters of an instance as its module reads them.
namespace bitmason::timing {

/// The integer parameter, or `absent` where the instance leaves the module's default. A packed constant
/// counts by its lowest 64 bits.
std::int64_t integer(const hw::Instance& instance, std::string_view name, std::int64_t absent = 0);

/// Element k of a packed parameter, `bits` (at most 32) each, two's complement.
std::int64_t element(const hw::Instance& instance, std::string_view name, int k, int bits);

/// The least n with 2^n >= value.
int clog2(std::int64_t value);

inline std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

}  // namespace bitmason::timing
