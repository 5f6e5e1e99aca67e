#include <gtest/gtest.h>

#include <random>

#include "import/import.hpp"
#include "ir/scalar_function.hpp"
#include "sim/engine.hpp"
#include "support/exact_interpreter.hpp"
#include "support/random_network.hpp"

/// The road from a file to integers, against exact rational execution of the file's own operators.
namespace bitmason {
namespace {

NpyArray random_image(const onnxio::ValueInfo& input, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  NpyArray image{input.shape, NpyType::Float32, {}, {}};
  std::int64_t count = 1;
  for (const std::int64_t size : input.shape) count *= size;
  for (std::int64_t i = 0; i < count; ++i) {
    // Eighths: some meet rounding ties exactly.
    image.reals.push_back(static_cast<double>(random() % 65) / 16.0 - 2.0);
  }
  return image;
}

test::Exact exact(const NpyArray& array) {
  test::Exact result{array.shape, {}};
  for (const double value : array.reals) result.values.push_back(Rational::from_double(value));
  return result;
}

/// Real values of the network's output in the file's order, exactly.
std::vector<Rational> exact_output(const ir::Network& network, const sim::Codes& codes) {
  const ir::OutputPort& port = network.outputs().front();
  const ir::Shape& shape = network.type({port.layer}).shape;
  const auto plane = static_cast<std::size_t>(shape.height) * static_cast<std::size_t>(shape.width);
  std::vector<Rational> values;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t at = port.layout.map.empty() ? i : static_cast<std::size_t>(port.layout.map[i]);
    values.push_back(ir::apply(port.dequantise, codes[at], static_cast<int>(at / plane)));
  }
  return values;
}

/// (first seed / 40, every kind)
class RandomNetworkTest : public testing::TestWithParam<std::tuple<int, bool>> {};

TEST_P(RandomNetworkTest, ImportedIntegersEqualExactRationalExecution) {
  const auto [part, every_kind] = GetParam();
  for (std::uint64_t seed = static_cast<std::uint64_t>(part) * 40;
       seed < 40u * static_cast<std::uint64_t>(part + 1); ++seed) {
    const onnxio::Model model =
        test::random_network({.seed = seed, .exact_scales_only = seed % 2 == 1, .every_kind = every_kind});
    const auto imported = import::import_onnx(model, {});
    ASSERT_TRUE(imported) << "seed " << seed << "\n" << to_text(imported.errors());
    const ir::Network& network = imported->network;
    const NpyArray image = random_image(model.inputs.front(), seed);
    const auto codes = sim::quantise_input(network, network.inputs().front(), image);
    ASSERT_TRUE(codes) << to_text(codes.errors());
    const sim::Trace trace = sim::run_reference(network, *codes);
    const auto expected = test::interpret(model, {{model.inputs.front().name, exact(image)}});
    const auto output =
        exact_output(network, trace[static_cast<std::size_t>(network.outputs().front().layer)]);
    const auto& wanted = expected.at(model.outputs.front().name).values;
    ASSERT_EQ(output.size(), wanted.size()) << "seed " << seed;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      ASSERT_EQ(output[i], wanted[i]) << "seed " << seed << " element " << i << ": " << output[i].to_string()
                                      << " and " << wanted[i].to_string();
    }
    sim::Engine engine(network, {.keep_all = true});
    ASSERT_EQ(engine.run(*codes), trace) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomNetworkTest, testing::Combine(testing::Range(0, 5), testing::Bool()));

}  // namespace
}  // namespace bitmason
