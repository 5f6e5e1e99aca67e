#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "base/npy.hpp"
#include "export/qcdq.hpp"
#include "import/import.hpp"
#include "ir/scalar_function.hpp"
#include "onnxio/model.hpp"
#include "sim/engine.hpp"
#include "support/exact_interpreter.hpp"
#include "support/random_network.hpp"

/// Writes cases for the comparison with onnxruntime: each network as file and as QCDQ, an input, the values
/// that the imported integers give at the output, the exact value of every quantiser, and the exact operand
/// of each rounding near a tie.
namespace {

using namespace bitmason;
namespace fs = std::filesystem;

bool is_quantiser(const onnxio::Node& node) {
  return node.op_type == "IntQuant" || node.op_type == "BipolarQuant";
}

/// The model with x / scale + zero point of every IntQuant under the name "<output>__operand".
onnxio::Model with_operands(onnxio::Model model) {
  std::vector<onnxio::Node> nodes;
  for (const onnxio::Node& node : model.nodes) {
    if (node.op_type == "IntQuant") {
      const std::string& out = node.outputs.front();
      nodes.push_back({out + "_d", "Div", "", {node.inputs[0], node.inputs[1]}, {out + "__scaled"}, {}});
      nodes.push_back({out + "_a", "Add", "", {out + "__scaled", node.inputs[2]}, {out + "__operand"}, {}});
    }
    nodes.push_back(node);
  }
  model.nodes = std::move(nodes);
  return model;
}

/// Distance to the nearest multiple of one half below 2^-16 of the operand's size (or of one): a rounding tie
/// or, for directed roundings, a step at an integer, as far as float32 can tell.
bool is_near_step(const Rational& operand) {
  const Rational doubled = operand + operand;
  const Rational distance = (doubled - doubled.rounded(Rounding::HalfEven)).abs();
  const Rational size = operand.abs() > Rational(1) ? operand.abs() : Rational(1);
  return distance < size * Rational(1, 1 << 16);
}

NpyArray as_array(const test::Exact& exact) {
  NpyArray array{exact.shape, NpyType::Float64, {}, {}};
  for (const Rational& value : exact.values) array.reals.push_back(value.to_double());
  return array;
}

NpyArray image_for(const onnxio::ValueInfo& input, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  NpyArray image{input.shape, NpyType::Float32, {}, {}};
  std::int64_t count = 1;
  for (const auto size : input.shape) count *= size;
  for (std::int64_t i = 0; i < count; ++i)
    image.reals.push_back(static_cast<double>(random() % 65) / 16.0 - 2.0);
  return image;
}

int fail(const std::string& where, const Diagnostics& errors) {
  std::fprintf(stderr, "%s: %s", where.c_str(), to_text(errors).c_str());
  return 1;
}

int write_case(const fs::path& folder, const onnxio::Model& model, std::uint64_t seed) {
  const NpyArray image = image_for(model.inputs.front(), seed);
  const auto imported = import::import_onnx(model, {});
  if (!imported) return fail(folder.string(), imported.errors());
  const auto qcdq = exporting::to_qcdq(model);
  if (!qcdq) return fail(folder.string(), qcdq.errors());
  for (const auto& status :
       {onnxio::write_model(folder / "network.onnx", model), onnxio::write_model(folder / "qcdq.onnx", *qcdq),
        write_npy(folder / "input.npy", image)}) {
    if (!status) return fail(folder.string(), status.errors());
  }
  const ir::Network& network = imported->network;
  const auto codes = sim::quantise_input(network, network.inputs().front(), image);
  if (!codes) return fail(folder.string(), codes.errors());
  const sim::Trace trace = sim::run_reference(network, *codes);
  const ir::OutputPort& port = network.outputs().front();
  const NpyArray output =
      sim::dequantise_output(network, port, std::span(&trace[static_cast<std::size_t>(port.layer)], 1));
  if (auto written = write_npy(folder / "imported.npy", output); !written)
    return fail(folder.string(), written.errors());

  test::Exact exact_image{image.shape, {}};
  for (const double value : image.reals) exact_image.values.push_back(Rational::from_double(value));
  const auto values = test::interpret(with_operands(model), {{model.inputs.front().name, exact_image}});
  std::ofstream(folder / "output.txt") << model.outputs.front().name << "\n";
  std::ofstream order(folder / "quantisers.txt");
  for (const onnxio::Node& node : model.nodes) {
    if (!is_quantiser(node)) continue;
    const std::string& name = node.outputs.front();
    order << name << "\n";
    if (auto written = write_npy(folder / (name + ".npy"), as_array(values.at(name))); !written) {
      return fail(folder.string(), written.errors());
    }
    std::ofstream ties(folder / (name + ".ties"));
    const std::string operand = node.op_type == "IntQuant" ? name + "__operand" : node.inputs.front();
    const auto& operands = values.at(operand).values;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (is_near_step(operands[i])) ties << i << " " << operands[i].to_string() << "\n";
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: oracle_cases FOLDER COUNT [FILE.onnx ...]\n");
    return 2;
  }
  const fs::path folder = argv[1];
  const int count = std::stoi(argv[2]);
  for (int seed = 0; seed < count; ++seed) {
    const auto model =
        test::random_network({.seed = static_cast<std::uint64_t>(seed), .exact_scales_only = seed % 4 == 3});
    if (write_case(folder / std::to_string(seed), model, static_cast<std::uint64_t>(seed)) != 0) return 1;
  }
  for (int i = 3; i < argc; ++i) {
    const auto model = onnxio::read_model(argv[i]);
    if (!model) return fail(argv[i], model.errors());
    if (write_case(folder / fs::path(argv[i]).stem(), *model, 1) != 0) return 1;
  }
  return 0;
}
