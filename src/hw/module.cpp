#include "hw/module.hpp"

#include <algorithm>
#include <cassert>

namespace bitmason::hw {

int width_of(const Bits& bits) {
  int width = 0;
  for (const Slice& slice : bits) width += slice.width;
  return width;
}

int Module::add_net(std::string net, int width) {
  assert(width > 0);
  nets.push_back({std::move(net), width});
  return static_cast<int>(nets.size()) - 1;
}

Bits part_of(const Bits& bits, int at, int width) {
  Bits part;
  int start = 0;
  for (const Slice& slice : bits) {
    const int from = std::max(at, start);
    const int to = std::min(at + width, start + slice.width);
    if (from < to) part.push_back({slice.net, slice.at + (slice.net < 0 ? 0 : from - start), to - from});
    start += slice.width;
  }
  assert(width_of(part) == width);
  return part;
}

Bits resized(const Bits& bits, int width, bool is_signed) {
  const int own = width_of(bits);
  if (width <= own) return part_of(bits, 0, width);
  Bits wide = bits;
  if (!is_signed) wide.push_back({.width = width - own});
  for (int bit = own; is_signed && bit < width; ++bit) append(wide, part_of(bits, own - 1, 1));
  return wide;
}

void append(Bits& bits, const Bits& more) {
  bits.insert(bits.end(), more.begin(), more.end());
}

}  // namespace bitmason::hw
