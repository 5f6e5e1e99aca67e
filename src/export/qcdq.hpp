#pragma once

#include "base/result.hpp"
#include "onnxio/model.hpp"

/// QONNX files rewritten in standard ONNX, for every other tool. The room is `export`; the namespace avoids
/// the keyword.
namespace bitmason::exporting {

/// The model with every QONNX node replaced by standard operators of opset 13 or later; all else is kept.
///
/// A quantiser of at most 8 bits that rounds half to even becomes QuantizeLinear, Clip and DequantizeLinear;
/// every other one of a constant becomes its codes and DequantizeLinear, of anything else Div, Add, Clip,
/// rounding, Sub and Mul. BipolarQuant, MultiThreshold and Trunc (version 1) become comparisons and
/// arithmetic. Float32 execution of the result may differ from the exact network on rounding ties. Errors:
/// BM-EXP-*.
Result<onnxio::Model> to_qcdq(const onnxio::Model& model);

}  // namespace bitmason::exporting
