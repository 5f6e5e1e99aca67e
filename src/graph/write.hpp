#pragma once

#include "graph/graph.hpp"
#include "onnxio/model.hpp"

namespace bitmason::graph {

/// The QONNX file of a quantised network, opset 13 and qonnx.custom_op.general 1: input "image" (1, C, H, W)
/// of real pixels, output "output" with the sums and bias of the last layer. Floats of the file are the
/// constants of the network; read() gives back the network with its weights rounded to their codes. The bias
/// of the last layer has 24-bit codes of the scale of its sums; other biases stay float, for they end in
/// thresholds. Precondition: shapes(graph).ok(), is_quantised(graph), all scales chosen.
onnxio::Model write_qonnx(const Graph& graph);

/// The network as its file says it: weights and the last layer's bias rounded to their codes. Precondition:
/// as write_qonnx.
Graph rounded(const Graph& graph);

/// Real value of one step of the last layer's sums, per output or one for all. Precondition: as write_qonnx.
std::vector<double> output_units(const Graph& graph);

}  // namespace bitmason::graph
