#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "ir/network.hpp"
#include "sim/kernels.hpp"

/// How the fast engine keeps tensors: rows of pixels, channels last, each element stored less an offset.
namespace bitmason::sim {

enum class Element : std::uint8_t { U8, I16, I32, I64 };

constexpr std::size_t size_of(Element element) {
  return element == Element::U8 ? 1 : element == Element::I16 ? 2 : element == Element::I32 ? 4 : 8;
}

/// Calls `function` with a value of the element's C++ type.
template <class Function>
decltype(auto) with_type(Element element, Function&& function) {
  switch (element) {
    case Element::U8:
      return function(std::uint8_t{});
    case Element::I16:
      return function(std::int16_t{});
    case Element::I32:
      return function(std::int32_t{});
    default:
      return function(std::int64_t{});
  }
}

/// value = stored element + offset.
struct Storage {
  Element element = Element::I64;
  std::int64_t offset = 0;
  bool operator==(const Storage&) const = default;
};

/// Narrowest storage that holds every value of the range.
Storage storage_for(const IntRange& range);

/// True where sums that end within the range may be computed modulo 2^32; leaves room for a threshold that is
/// never reached.
constexpr bool fits_32(const IntRange& range) {
  return range.lo > std::numeric_limits<std::int32_t>::min() &&
         range.hi < std::numeric_limits<std::int32_t>::max();
}

struct Margins {
  int top = 0;
  int left = 0;
  int bottom = 0;
  int right = 0;
  bool operator==(const Margins&) const = default;
  [[nodiscard]] bool any() const { return top + left + bottom + right > 0; }
};

/// Memory aligned to whole vectors, with readable slack on both sides.
class AlignedBytes {
 public:
  AlignedBytes() = default;
  explicit AlignedBytes(std::size_t size);
  [[nodiscard]] std::byte* data() const { return memory_.get() + kSlack; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { ::operator delete[](memory, std::align_val_t{kSlack}); }
  };
  std::unique_ptr<std::byte[], Free> memory_;
};

/// Place of one tensor: frame of (H, W, C) elements inside margins that hold a constant.
struct Slot {
  ir::Shape shape;
  Storage storage;
  Margins margins;
  std::int64_t fill = 0;  ///< value (not stored element) of the margins

  [[nodiscard]] std::size_t row_elements() const {
    return static_cast<std::size_t>(shape.width + margins.left + margins.right) *
           static_cast<std::size_t>(shape.channels);
  }
  [[nodiscard]] std::size_t elements() const {
    return row_elements() * static_cast<std::size_t>(shape.height + margins.top + margins.bottom);
  }
  /// Elements from the start of the memory to pixel (0, 0).
  [[nodiscard]] std::size_t origin() const {
    return static_cast<std::size_t>(margins.top) * row_elements() +
           static_cast<std::size_t>(margins.left) * static_cast<std::size_t>(shape.channels);
  }
};

/// All tensors of one frame in flight; one per thread.
class State {
 public:
  explicit State(const std::vector<Slot>& slots);

  /// First channel of pixel (0, y); y and negative columns may lie in the margins.
  template <class T = std::byte>
  [[nodiscard]] T* row(int slot, int y) const {
    const Place& place = places_[static_cast<std::size_t>(slot)];
    return reinterpret_cast<T*>(place.origin + y * place.row_bytes);
  }
  [[nodiscard]] std::ptrdiff_t row_bytes(int slot) const {
    return places_[static_cast<std::size_t>(slot)].row_bytes;
  }

 private:
  struct Place {
    AlignedBytes memory;
    std::byte* origin = nullptr;
    std::ptrdiff_t row_bytes = 0;
  };
  std::vector<Place> places_;
};

/// count elements of value `from + delta`, converted; exact where the result fits.
template <class From, class To>
void convert(const From* from, To* to, std::size_t count, std::int64_t delta) {
  if constexpr (sizeof(From) == sizeof(To)) {
    if (delta == 0) {
      std::memcpy(to, from, count * sizeof(To));
      return;
    }
  }
  // Modulo 2^32 suffices for narrow results and vectorises better.
  using Wide = std::conditional_t<sizeof(To) == 8, std::uint64_t, std::uint32_t>;
  const auto shift = static_cast<Wide>(delta);
  for (std::size_t i = 0; i < count; ++i) to[i] = static_cast<To>(static_cast<Wide>(from[i]) + shift);
}

}  // namespace bitmason::sim
