#pragma once

#include <string>
#include <vector>

#include "onnxio/qonnx_builder.hpp"
#include "zoo/calibrate.hpp"
#include "zoo/topology.hpp"
#include "zoo/weights.hpp"

/// The two faces of every step: the float nodes of the file, and the integers that they mean on the frames.
namespace bitmason::zoo {

/// A quantised value: its name in the file, its codes on the frames, and real value = code * scale.
struct Coded {
  std::string name;
  Values values;
  double scale = 1;
};

/// A real value that a quantiser closes: gain * accumulator + offset, per channel.
struct Real {
  std::string name;
  Values accumulators;
  std::vector<double> gain;
  std::vector<double> offset;
};

/// A step with weights as the integer convolution that it is; a dense layer covers the frame.
ir::Conv convolution(const Step& step, const ir::Shape& in, const DrawnWeights& weights, int bits);

/// Conv, or Flatten and Gemm, without bias; returns the name of the product. `bias` names a value, empty:
/// none.
std::string write_product(onnxio::QonnxBuilder& graph, const Step& step, const std::string& input,
                          const std::string& weights, const std::string& bias);

/// Writes BatchNormalization over `name`, whose real value is unit[c] * accumulator (one unit: of all
/// channels). Gains and offsets of the result are those of the file's floats.
Real write_norm(onnxio::QonnxBuilder& graph, const std::string& step, const std::string& name,
                Values accumulators, const std::vector<ChannelNorm>& norms, const std::vector<double>& unit);

/// Writes a Quant node of the scale over the value. Unsigned codes of `bits` bits (a ReLU before it changes
/// nothing), signed ones of one bit more.
Coded write_quantiser(onnxio::QonnxBuilder& graph, const std::string& name, const Real& real,
                      const Target& target, double scale);

}  // namespace bitmason::zoo
