#pragma once

#include <string>
#include <vector>

#include "onnxio/qonnx_builder.hpp"
#include "zoo/calibrate.hpp"
#include "zoo/topology.hpp"

/// The two faces of every step: the float nodes of the file, and the integers that they mean on the frames.
namespace bitmason::zoo {

/// A quantised value: its name in the file, its codes on the frames, and real value = code * scale.
struct Coded {
  std::string name;
  Values values;
  double scale = 1;
};

/// A real value that a quantiser closes: (8 * accumulator + eighths[c]) * gain[c] / 8, exact in a double.
struct Real {
  std::string name;
  Values accumulators;
  std::vector<std::int64_t> eighths;
  std::vector<double> gain;
};

/// A step with weights as the integer convolution that it is; a dense layer covers the frame.
ir::Conv convolution(const Step& step, const ir::Shape& in, std::vector<std::int32_t> weights, int bits);

/// Conv, or Flatten and Gemm; returns the name of the product. `bias` names a value, empty: none.
std::string write_product(onnxio::QonnxBuilder& graph, const Step& step, const std::string& input,
                          const std::string& weights, const std::string& bias);

/// Writes Add and Mul over `name`, whose real value is unit * accumulator, so that `scale` is the real value
/// of one code of the norm. Every constant is a float32 without rounding.
Real write_norm(onnxio::QonnxBuilder& graph, const Step& step, const std::string& name, double unit,
                Values accumulators, const IntegerNorm& norm, double scale);

/// The codes of a quantiser with real value code * scale; rounds half to even.
Values quantise(const Real& real, const IntRange& range, double scale);

}  // namespace bitmason::zoo
