#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ir/host.hpp"

namespace bitmason::sim {

/// Values of one frame in the file's shape, C order.
struct HostTensor {
  std::vector<std::int64_t> shape;
  std::vector<double> values;
};

/// One host-side operator applied, in double precision. Negative axes count from the end. Precondition: the
/// axis exists.
HostTensor apply_tail(const ir::HostTail& tail, HostTensor tensor);

/// True where the last operator yields indices.
bool ends_in_indices(std::span<const ir::HostTail> tail);

}  // namespace bitmason::sim
