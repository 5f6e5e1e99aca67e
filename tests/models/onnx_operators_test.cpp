#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/file.hpp"
#include "models/run_model.hpp"
#include "support/float_quantisers.hpp"

/// The operator tests of the ONNX project: float graphs with one input and output example each.
///
/// Every graph, with 8-bit quantisers added, is exact against rational arithmetic and near the float example,
/// or refused; docs/onnx_operator_tests.md lists which.
namespace bitmason::test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kImages = 2;
constexpr std::string_view kArchive = "models/onnx_backend_pytorch_tests.tar.xz";

/// The archive unpacked for the life of the object.
class Unpacked {
 public:
  Unpacked() : folder_(fs::temp_directory_path() / ("bitmason_models_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    const std::string command =
        "tar -xf '" + shared_file(std::string(kArchive)).string() + "' -C '" + folder_.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
  }
  ~Unpacked() { fs::remove_all(folder_); }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;

  /// Folders with a model.onnx, sorted by name.
  [[nodiscard]] std::vector<fs::path> cases() const {
    std::vector<fs::path> result;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (entry.path().filename() == "model.onnx") result.push_back(entry.path().parent_path());
    }
    std::ranges::sort(result, {}, [](const fs::path& path) { return path.filename(); });
    return result;
  }
  [[nodiscard]] fs::path light() const { return folder_ / "data/light/light_squeezenet.onnx"; }

 private:
  fs::path folder_;
};

/// The first two images of a published tensor: images do not depend on each other, and rationals are slow.
NpyArray read_example(const fs::path& path) {
  const auto tensor = onnxio::read_tensor(path);
  EXPECT_TRUE(tensor) << to_text(tensor.errors());
  NpyArray array{tensor->shape, NpyType::Float64, {}, tensor->reals};
  const std::int64_t images = std::min<std::int64_t>(array.shape.at(0), kImages);
  array.reals.resize(array.reals.size() / static_cast<std::size_t>(array.shape[0]) *
                     static_cast<std::size_t>(images));
  array.shape[0] = images;
  return array;
}

onnxio::Model read_graph(const fs::path& path) {
  auto model = onnxio::read_model(path);
  EXPECT_TRUE(model) << to_text(model.errors());
  return *std::move(model);
}

std::string operators_of(const onnxio::Model& model) {
  std::string text;
  std::set<std::string> seen;
  for (const onnxio::Node& node : model.nodes) {
    if (seen.insert(node.op_type).second) text += (text.empty() ? "" : ", ") + node.op_type;
  }
  return text;
}

std::string refused(const Diagnostics& findings) {
  std::string text = "refused: ";
  for (const Diagnostic& finding : findings)
    text +=
        (&finding == &findings.front() ? "" : "; ") + finding.code + " " + finding.where + " " + finding.text;
  return text;
}

/// Outputs of all frames one after another, computed by the reference and equal in the fast engine. An input
/// with a batch of one serves every frame, as broadcasting has it.
std::vector<Rational> simulate(const ir::Network& network, const std::map<std::string, NpyArray>& inputs) {
  std::vector<std::vector<sim::Codes>> by_port;
  std::size_t frames = 1;
  for (const ir::InputPort& port : network.inputs()) {
    auto codes = sim::quantise_input(network, port, inputs.at(port.name));
    EXPECT_TRUE(codes) << to_text(codes.errors());
    by_port.push_back(*std::move(codes));
    frames = std::max(frames, by_port.back().size());
  }
  sim::Engine engine(network, {.threads = 1, .keep_all = true});
  std::vector<Rational> output;
  for (std::size_t f = 0; f < frames; ++f) {
    std::vector<sim::Codes> frame;
    for (const auto& port : by_port) frame.push_back(port.at(port.size() == 1 ? 0 : f));
    const sim::Trace trace = sim::run_reference(network, frame);
    EXPECT_EQ(engine.run(frame), trace);
    const auto values = exact_output(network, trace);
    output.insert(output.end(), values.begin(), values.end());
  }
  return output;
}

/// Imports, runs and compares one graph; one cell of the table.
std::string verdict(const fs::path& folder) {
  const onnxio::Model model = read_graph(folder / "model.onnx");
  std::map<std::string, NpyArray> inputs;
  ExactValues exact_inputs;
  for (const onnxio::ValueInfo& info : model.inputs) {
    const std::string file = "input_" + std::to_string(inputs.size()) + ".pb";
    inputs[info.name] = read_example(folder / "test_data_set_0" / file);
    exact_inputs[info.name] = to_exact(inputs[info.name]);
  }
  const QuantisedGraph quantised = quantise_graph(model, exact_inputs);
  const auto imported = import::import_onnx(quantised.model, {});
  if (!imported) return refused(imported.errors());

  const ExactValues values = interpret(quantised.model, exact_inputs);
  const std::string& output = model.outputs.front().name;
  const Exact& expected = values.at(output);
  EXPECT_EQ(simulate(imported->network, inputs), expected.values);

  const NpyArray example = read_example(folder / "test_data_set_0/output_0.pb");
  const Exact bound = error_bounds(model, quantised, values).at(output);
  EXPECT_EQ(expected.shape, example.shape);
  EXPECT_EQ(bound.shape, example.shape);
  Rational worst;
  for (std::size_t i = 0; i < example.size(); ++i) {
    const Rational difference = (expected.values[i] - Rational::from_double(example.reals[i])).abs();
    EXPECT_LE(difference, bound.values[i]) << "element " << i;
    if (bound.values[i].sign() > 0) worst = std::max(worst, difference / bound.values[i]);
  }
  const Rational percent = (worst * Rational(100)).rounded(Rounding::Ceil);
  return "imported, exact; float example within " + percent.to_string() + " % of the bound";
}

constexpr std::string_view kIntroduction =
    "# The ONNX project's operator tests\n"
    "\n"
    "The 65 graphs that the ONNX project exported from PyTorch, and light_squeezenet, are float. The test\n"
    "tests/models/onnx_operators_test.cpp puts a signed 8-bit quantiser after every input (one scale for\n"
    "all inputs) and after every float weight of a convolution or matrix product, and imports the result.\n"
    "\n"
    "* \"imported, exact\": for the published input (at most its first two images), the reference\n"
    "  simulator and the fast engine return exactly what rational arithmetic on the same quantised graph\n"
    "  returns, and every element of the published float output lies within the bound that the quantisers\n"
    "  imply (half a step of each, carried through the operators as intervals, and the rounding of the\n"
    "  published values). The percentage is the largest part of its bound that any element uses, rounded\n"
    "  up.\n"
    "* \"refused\": every finding of the importer, with code, node and smallest change.\n"
    "\n"
    "The test writes this file anew as onnx_operator_tests.md into the build folder and fails where the two\n"
    "differ; copy that file here after a change that is meant.\n"
    "\n"
    "| test | operators | result |\n"
    "|---|---|---|\n";

std::string row(const std::string& name, const onnxio::Model& model, const std::string& result) {
  return "| " + name + " | " + operators_of(model) + " | " + result + " |\n";
}

std::string light_row(const fs::path& file) {
  const onnxio::Model model = read_graph(file);
  ExactValues inputs;
  // No input is published; the result does not depend on the quantiser's scale.
  for (const onnxio::ValueInfo& info : model.inputs) inputs[info.name] = {{1}, {Rational(1)}};
  const auto imported = import::import_onnx(quantise_graph(model, inputs).model, {});
  EXPECT_FALSE(imported) << "compare it with exact arithmetic as the others are";
  return row("light_squeezenet", model, imported ? "imported" : refused(imported.errors()));
}

TEST(OnnxOperators, EveryPublishedTestIsExactOrRefusedAsTheTableSays) {
  NEEDS_SHARED(std::string(kArchive));
  const Unpacked archive;
  const auto cases = archive.cases();
  ASSERT_EQ(cases.size(), 65u);
  std::string table(kIntroduction);
  for (const fs::path& folder : cases) {
    SCOPED_TRACE(folder.filename().string());
    table += row(folder.filename(), read_graph(folder / "model.onnx"), verdict(folder));
  }
  table += light_row(archive.light());
  const fs::path fresh = fs::path(BITMASON_BINARY_DIR) / "onnx_operator_tests.md";
  ASSERT_TRUE(write_file(fresh, table));
  const auto documented = read_file(fs::path(BITMASON_SOURCE_DIR) / "docs/onnx_operator_tests.md");
  ASSERT_TRUE(documented) << "copy " << fresh;
  EXPECT_TRUE(*documented == table) << "docs/onnx_operator_tests.md is stale; compare it with " << fresh;
}

}  // namespace
}  // namespace bitmason::test
