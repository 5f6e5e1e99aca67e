#include "sim/host_tail.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace bitmason::sim {

namespace {

/// The tensor as [outer][length][inner] around one axis.
struct Axis {
  std::size_t position;
  std::size_t outer = 1;
  std::size_t length = 1;
  std::size_t inner = 1;

  Axis(const std::vector<std::int64_t>& shape, int axis)
      : position(static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(shape.size()) : axis)) {
    assert(position < shape.size());
    for (std::size_t d = 0; d < shape.size(); ++d) {
      (d < position ? outer : d == position ? length : inner) *= static_cast<std::size_t>(shape[d]);
    }
  }
  [[nodiscard]] std::size_t index(std::size_t o, std::size_t k, std::size_t i) const {
    return (o * length + k) * inner + i;
  }
};

HostTensor softmax(HostTensor tensor, int axis_number) {
  const Axis axis(tensor.shape, axis_number);
  for (std::size_t o = 0; o < axis.outer; ++o) {
    for (std::size_t i = 0; i < axis.inner; ++i) {
      double largest = -HUGE_VAL;
      for (std::size_t k = 0; k < axis.length; ++k)
        largest = std::max(largest, tensor.values[axis.index(o, k, i)]);
      double sum = 0;
      for (std::size_t k = 0; k < axis.length; ++k) {
        double& value = tensor.values[axis.index(o, k, i)];
        value = std::exp(value - largest);
        sum += value;
      }
      for (std::size_t k = 0; k < axis.length; ++k) tensor.values[axis.index(o, k, i)] /= sum;
    }
  }
  return tensor;
}

struct Choice {
  int axis = 0;
  bool largest = true;
  bool last_index = false;
  bool indices = true;
  bool keep_dims = true;
};

/// Extreme value along the axis, or where it is.
HostTensor choose(const HostTensor& tensor, const Choice& choice) {
  const Axis axis(tensor.shape, choice.axis);
  HostTensor result{tensor.shape, {}};
  for (std::size_t o = 0; o < axis.outer; ++o) {
    for (std::size_t i = 0; i < axis.inner; ++i) {
      std::size_t best = 0;
      for (std::size_t k = 1; k < axis.length; ++k) {
        const double value = tensor.values[axis.index(o, k, i)];
        const double record = tensor.values[axis.index(o, best, i)];
        const bool better = choice.largest ? value > record : value < record;
        if (better || (choice.last_index && value == record)) best = k;
      }
      result.values.push_back(choice.indices ? static_cast<double>(best)
                                             : tensor.values[axis.index(o, best, i)]);
    }
  }
  const auto place = result.shape.begin() + static_cast<std::ptrdiff_t>(axis.position);
  if (choice.keep_dims) {
    *place = 1;
  } else {
    result.shape.erase(place);
  }
  return result;
}

struct Apply {
  HostTensor tensor;

  HostTensor operator()(const ir::SoftmaxTail& tail) { return softmax(std::move(tensor), tail.axis); }
  HostTensor operator()(const ir::ArgMaxTail& tail) const {
    return choose(tensor, {.axis = tail.axis, .last_index = tail.last_index, .keep_dims = tail.keep_dims});
  }
  HostTensor operator()(const ir::TopOneTail& tail) const {
    return choose(tensor, {.axis = tail.axis, .largest = tail.largest, .indices = tail.indices});
  }
  HostTensor operator()(const ir::SigmoidTail&) {
    for (double& value : tensor.values) value = 1.0 / (1.0 + std::exp(-value));
    return std::move(tensor);
  }
};

}  // namespace

HostTensor apply_tail(const ir::HostTail& tail, HostTensor tensor) {
  return std::visit(Apply{std::move(tensor)}, tail);
}

bool ends_in_indices(std::span<const ir::HostTail> tail) {
  if (tail.empty()) return false;
  const auto* top = std::get_if<ir::TopOneTail>(&tail.back());
  return std::holds_alternative<ir::ArgMaxTail>(tail.back()) || (top != nullptr && top->indices);
}

}  // namespace bitmason::sim
