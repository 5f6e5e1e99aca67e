#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/integer_range.hpp"
#include "base/rational.hpp"
#include "onnxio/model.hpp"

namespace bitmason::exporting {

/// Everything an IntQuant node says, as constants.
struct QuantParameters {
  onnxio::Tensor scale;
  onnxio::Tensor zero_point;
  int bits = 0;
  IntRange codes;
  Rounding rounding = Rounding::HalfEven;
};

/// Elements of a constant as doubles.
std::vector<double> reals_of(const onnxio::Tensor& tensor);

/// A quantised constant as DequantizeLinear takes it: value = code * scale.
struct ConstantCodes {
  std::vector<std::int64_t> codes;  ///< zero point subtracted
  std::int64_t axis = 0;            ///< of the scales where there are several
};

/// Codes of a constant, exact: clamped first, then rounded. Nothing where a scale per several axes, a zero
/// point that is no integer, a value that is not finite or codes beyond 32 bits do not fit the form.
std::optional<ConstantCodes> codes_of_constant(const onnxio::Tensor& values,
                                               const QuantParameters& parameters);

}  // namespace bitmason::exporting
