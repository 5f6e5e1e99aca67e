#pragma once

#include <optional>
#include <string_view>

#include "graph/graph.hpp"
#include "onnxio/model.hpp"

namespace bitmason::graph {

/// Property of float files that to_onnx() writes: the real value of one step of an 8-bit pixel.
inline constexpr const char* kPixelProperty = "bitmason.pixel";

struct ReadOptions {
  /// Real value of one step of an 8-bit pixel, where no quantiser of the file defines it; nothing: the file's
  /// property, else 1/255.
  std::optional<float> pixel;
};

/// The network of a float ONNX or QONNX file.
///
/// Operators: Conv, Gemm, MatMul, BatchNormalization, Add, Sub, Mul, Div (with constants per channel; Add
/// also of two values), Relu, MaxPool, AveragePool, GlobalAveragePool, ReduceMean over all pixels, Concat,
/// SpaceToDepth, Flatten, Reshape to a vector, Transpose of constants, Identity, Dropout, Constant, Quant,
/// IntQuant and BipolarQuant; a Softmax at the end is left out. Quantisers of activations become Quantise
/// steps, those of weights their quantiser, those of biases nothing. A norm behind the last layer goes into
/// its weights; steps without a user are left out. Errors: BM-GRAPH-001, 002, 010 to 016.
Result<Graph> read(const onnxio::Model& model, const ReadOptions& options = {});

}  // namespace bitmason::graph
