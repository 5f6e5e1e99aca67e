#pragma once

#include "graph/graph.hpp"
#include "onnxio/model.hpp"

namespace bitmason::graph {

/// The file of a network, opset 13, with qonnx.custom_op.general 1 where it is quantised: input "image"
/// (1, C, H, W) of real pixels, output "output" with the sums and bias of the last layer.
///
/// Floats of the file are the constants of the network; read() gives back the network with its weights
/// rounded to their codes. The bias of the last layer has 24-bit codes of the scale of its sums; other biases
/// stay float, for they end in thresholds. A float network becomes float ONNX, whose property
/// kPixelProperty tells the real value of a pixel. Precondition: shapes(graph).ok(), all scales chosen where
/// it is quantised.
onnxio::Model to_onnx(const Graph& graph);

/// The network as its file says it: weights and the last layer's bias rounded to their codes. Precondition:
/// it is quantised and all scales are chosen.
Graph rounded(const Graph& graph);

/// Real value of one step of the last layer's sums, per output or one for all. Precondition: as rounded.
std::vector<double> output_units(const Graph& graph);

/// Codes of the last layer's bias in these units, rounded half to even; empty where it has none.
/// Precondition: as rounded.
std::vector<std::int64_t> output_bias(const Graph& graph);

}  // namespace bitmason::graph
