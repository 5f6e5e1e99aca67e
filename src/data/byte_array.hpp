#pragma once

#include <cstdint>
#include <vector>

namespace bitmason::data {

/// A dense array of unsigned bytes in C order.
struct ByteArray {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> values;
};

}  // namespace bitmason::data
