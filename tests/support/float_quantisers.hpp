#pragma once

#include <map>
#include <string>

#include "support/exact_interpreter.hpp"

/// Float graphs made quantised, and what that may cost: the bound is derived from the quantisers alone.
namespace bitmason::test {

struct QuantisedGraph {
  onnxio::Model model;
  std::map<std::string, std::string> renamed;  ///< value of the float graph -> its quantised form
  std::map<std::string, Rational> half_steps;  ///< value of the float graph -> half its quantiser's scale
};

/// The graph with a signed, narrow 8-bit quantiser after every input and after every float weight of a
/// convolution or matrix product; scale = largest magnitude / 127,
/// one for all inputs together and one per weight tensor. Everything else stays.
QuantisedGraph quantise_graph(const onnxio::Model& model, const ExactValues& inputs);

/// By value of the float graph: how far the quantised graph may be from the float graph computed in float32.
///
/// `values` are those of the quantised graph for the inputs. Input and weight quantisers err by half a step.
/// A product errs by (|x| + ex)(|w| + ew) - |x||w|, sums add up, pooling and activations are 1-Lipschitz;
/// each float32 operation of the other side adds 2^-24 of the magnitudes it sums (Higham, section 3.1).
ExactValues error_bounds(const onnxio::Model& model, const QuantisedGraph& quantised,
                         const ExactValues& values);

}  // namespace bitmason::test
