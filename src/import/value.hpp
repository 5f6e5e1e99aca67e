#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "import/constant.hpp"
#include "import/layout.hpp"
#include "ir/network.hpp"
#include "ir/scalar_function.hpp"

namespace bitmason::import {

/// Constant padding that the next window takes over.
struct Padding {
  int top = 0;
  int left = 0;
  int bottom = 0;
  int right = 0;
  std::vector<Rational> value;  ///< real value, one or per channel

  [[nodiscard]] bool any() const { return top + left + bottom + right != 0; }
};

/// Max pooling that still waits for a growing function before it.
struct DeferredPool {
  ir::Window window;
  std::string name;
};

/// A computed tensor: integer codes and the exact function that gives the real values of the file.
///
/// real(file element) = value(codes(t)) for the element t of the frame, after max pooling with `pools`. The
/// pools are deferred: they commute with increasing functions, so a quantiser may still come before them.
struct Stream {
  ir::TensorId tensor;       ///< index -1: the graph input itself, not yet codes
  int input = -1;            ///< index of the graph input, where tensor is -1
  ir::ScalarFunction codes;  ///< tensor -> integer codes, not yet a layer; empty: the tensor holds the codes
  IntRange code_range;       ///< of `codes` where that is not empty
  std::string quantiser;     ///< node that asked for `codes`
  ir::ScalarFunction value;  ///< code -> real value
  std::vector<DeferredPool> pools;
  Padding padding;
  ir::Shape frame;  ///< after the pools, before the padding
  Layout layout;    ///< the file's elements against the frame, without the padding

  [[nodiscard]] bool is_raw() const { return tensor.index < 0 && codes.empty(); }
};

/// A stream that host operators follow; only outputs may.
struct HostStream {
  Stream stream;
  std::vector<ir::HostTail> tail;
  std::vector<std::int64_t> shape;  ///< after the tail
};

/// Stands for a value that a finding prevents, so that the rest of the graph is still examined.
struct Poison {
  bool unquantised = false;  ///< a nonlinear function follows the last quantiser
};

using ConstantPtr = std::shared_ptr<const Constant>;
using Value = std::variant<Poison, ConstantPtr, Stream, HostStream>;

inline Value to_value(Constant constant) {
  return std::make_shared<const Constant>(std::move(constant));
}

}  // namespace bitmason::import
