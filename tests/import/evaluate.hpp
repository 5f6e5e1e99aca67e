#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "import/import.hpp"
#include "support/exact_interpreter.hpp"

/// Networks executed by the definitions in ir/network.hpp, for frames of a few elements.
namespace bitmason::test {

/// Real values of the network's first output in the file's order for real inputs in the file's order.
std::vector<Rational> evaluate(const ir::Network& network, const std::vector<std::vector<Rational>>& inputs);

/// Real values k / 16 with k uniform in [-32, 32]: some meet rounding ties.
std::vector<Rational> random_values(std::size_t count, std::uint64_t seed);

/// Imports the model and compares its output for several random inputs with the exact interpretation of the
/// file's own operators. Returns the imported network for further checks.
import::Imported expect_exact(const onnxio::Model& model, const import::Options& options = {});

}  // namespace bitmason::test
