#pragma once

#include <string_view>

#include "graph/graph.hpp"
#include "onnxio/model.hpp"

namespace bitmason::graph {

struct ReadOptions {
  /// Real value of one step of an 8-bit pixel, where no quantiser of the file defines it.
  float pixel = 1.0F / 255;
};

/// The network of a float ONNX or QONNX file.
///
/// Operators: Conv, Gemm, MatMul, BatchNormalization, Add, Sub, Mul, Div (with constants per channel; Add
/// also of two values), Relu, MaxPool, AveragePool, GlobalAveragePool, ReduceMean over all pixels, Concat,
/// SpaceToDepth, Flatten, Reshape to a vector, Transpose of constants, Identity, Dropout, Constant, Quant,
/// IntQuant and BipolarQuant; a Softmax at the end is left out. Quantisers of activations become Quantise
/// steps, those of weights their quantiser, those of biases nothing. A norm behind the last layer goes into
/// its weights; steps without a user are left out. Errors: BM-GRAPH-001, 002, 010 to 015.
Result<Graph> read(const onnxio::Model& model, const ReadOptions& options = {});

}  // namespace bitmason::graph
