#include "sim/buffer.hpp"

#include <algorithm>

namespace bitmason::sim {

Storage storage_for(const IntRange& range) {
  if (range.span() <= 255) {
    return {Element::U8, range.lo >= 0 && range.hi <= 255 ? 0 : range.lo};
  }
  constexpr std::int64_t kHalf = 32768;
  if (range.span() < 2 * kHalf) {
    return {Element::I16, range.lo >= -kHalf && range.hi < kHalf ? 0 : range.lo + kHalf};
  }
  return {fits_32(range) ? Element::I32 : Element::I64, 0};
}

AlignedBytes::AlignedBytes(std::size_t size) {
  const std::size_t whole = (size + 3 * kSlack - 1) / kSlack * kSlack;
  memory_.reset(static_cast<std::byte*>(::operator new[](whole, std::align_val_t{kSlack})));
  std::memset(memory_.get(), 0, whole);
}

State::State(const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) {
    const std::size_t size = size_of(slot.storage.element);
    Place place{AlignedBytes(slot.elements() * size), nullptr,
                static_cast<std::ptrdiff_t>(slot.row_elements() * size)};
    place.origin = place.memory.data() + slot.origin() * size;
    if (slot.margins.any()) {
      with_type(slot.storage.element, [&](auto type) {
        auto* elements = reinterpret_cast<decltype(type)*>(place.memory.data());
        std::fill_n(elements, slot.elements(), static_cast<decltype(type)>(slot.fill - slot.storage.offset));
      });
    }
    places_.push_back(std::move(place));
  }
}

}  // namespace bitmason::sim
