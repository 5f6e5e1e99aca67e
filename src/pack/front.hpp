#pragma once

#include <cstddef>
#include <vector>

#include "pack/scheme.hpp"

namespace bitmason::pack {

/// The schemes that no other is at least as good as in density, LUTs per MAC and stored weight bits, at most
/// `most` of them, densest first. `all`: by falling density, of equal ones the cheapest first.
std::vector<Scheme> front_of(std::vector<Scheme> all, std::size_t most);

}  // namespace bitmason::pack
