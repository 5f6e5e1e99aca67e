#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "import/import.hpp"
#include "ir/scalar_function.hpp"
#include "sim/engine.hpp"
#include "support/exact_interpreter.hpp"

/// What the tests of published models share.
namespace bitmason::test {

inline std::filesystem::path shared_file(const std::string& name) {
  return std::filesystem::path(BITMASON_SHARED_DIR) / name;
}

#define NEEDS_SHARED(name) \
  if (!std::filesystem::exists(shared_file(name))) GTEST_SKIP() << name << " is missing"

inline Exact to_exact(const NpyArray& array) {
  Exact result{array.shape, {}};
  for (std::size_t i = 0; i < array.size(); ++i)
    result.values.push_back(array.is_integer() ? Rational(array.integers[i])
                                               : Rational::from_double(array.reals[i]));
  return result;
}

/// Real values of the network's first output before any tail operator, in the file's order, exactly.
inline std::vector<Rational> exact_output(const ir::Network& network, const sim::Trace& trace) {
  const ir::OutputPort& port = network.outputs().front();
  const ir::Shape& shape = network.type({port.layer}).shape;
  const sim::Codes& codes = trace[static_cast<std::size_t>(port.layer)];
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<Rational> values;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t at = port.layout.map.empty() ? i : static_cast<std::size_t>(port.layout.map[i]);
    values.push_back(ir::apply(port.dequantise, codes[at], static_cast<int>(at / plane)));
  }
  return values;
}

}  // namespace bitmason::test
