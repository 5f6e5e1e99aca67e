#pragma once

#include <string_view>

#include "base/result.hpp"
#include "onnxio/model.hpp"
#include "qat/trained_network.hpp"

/// Trained networks as QONNX, in the way Brevitas writes it.
namespace bitmason::qat {

/// Input "image" (1, C, H, W), output "logits" (1, classes). Quant of 8 unsigned bits and scale 1; per
/// convolution Quant of the weights, Conv, BatchNormalization, Relu, Quant; MaxPool; Flatten, Quant of
/// weights and bias, Gemm. Opset 13 and qonnx.custom_op.general 1. Floats of the file are the constants of
/// the network.
onnxio::Model to_qonnx(const TrainedNetwork& network);

/// The network from which to_qonnx made the model; any other model is refused. Errors: BM-QAT-050.
Result<TrainedNetwork> from_qonnx(const onnxio::Model& model, std::string_view where);

}  // namespace bitmason::qat
