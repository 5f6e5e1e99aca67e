#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/rational.hpp"

/// The host boundary: how the file's real values become codes and how codes become the file's real values.
///
/// Everything here runs on the host, in exact arithmetic up to the last conversion to double; nothing of it
/// is in the accelerator.
namespace bitmason::ir {

/// y = scale * x + offset, per channel or one for all (vectors of size C or 1).
struct AffineStep {
  std::vector<Rational> scale;
  std::vector<Rational> offset;
};
/// y = min(max(x, lo), hi).
struct ClampStep {
  Rational lo;
  Rational hi;
};
struct ReluStep {};
/// y = x rounded to an integer.
struct RoundStep {
  Rounding rounding = Rounding::HalfEven;
};
/// y = number of thresholds <= x; ascending values, `rows` (C or 1) rows of equal length.
struct CountStep {
  int rows = 1;
  std::vector<Rational> thresholds;
};

/// One elementwise, monotone, exact function of a real value.
using ScalarStep = std::variant<AffineStep, ClampStep, ReluStep, RoundStep, CountStep>;
/// Steps applied first to last; `apply` of scalar_function.hpp evaluates it.
using ScalarFunction = std::vector<ScalarStep>;

/// Rows and columns of the file's tensor against the (C, H, W) frame: element i of the file's tensor, in C
/// order and without its batch dimension, is element map[i] of the frame. Empty means identity.
struct FileLayout {
  std::vector<std::int64_t> file_shape;  ///< with the batch dimension first, as 1
  std::vector<std::int32_t> map;
};

/// How an input of the file becomes the codes of an Input layer.
struct InputPort {
  std::string name;  ///< in the file
  int layer = -1;    ///< index of the Input layer
  FileLayout layout;
  ScalarFunction quantise;  ///< real value -> code; ends in integers within the layer's range
  Rational scale = 1;       ///< code * scale + offset is the quantised real value, for printing
  Rational offset = 0;
};

/// Host-side operators that follow the exact integers, on the file's shape (batch dimension included).
struct SoftmaxTail {
  int axis = -1;
};
struct ArgMaxTail {
  int axis = 0;
  bool keep_dims = true;
  bool last_index = false;  ///< of equal maxima
};
/// k = 1; yields the index (ONNX's second output) or the value.
struct TopOneTail {
  int axis = -1;
  bool largest = true;
  bool indices = true;
};
struct SigmoidTail {};
using HostTail = std::variant<SoftmaxTail, ArgMaxTail, TopOneTail, SigmoidTail>;

std::string to_text(const HostTail& tail);

/// How codes become an output of the file: value = dequantise(code), laid out by `layout`, then the tail
/// operators.
struct OutputPort {
  std::string name;           ///< in the file
  int layer = -1;             ///< index of the layer whose tensor leaves
  FileLayout layout;          ///< of the values before the tail
  ScalarFunction dequantise;  ///< code -> real value
  std::vector<HostTail> tail;
  std::vector<std::int64_t> tail_shape;  ///< file shape after the tail, batch dimension first
};

}  // namespace bitmason::ir
