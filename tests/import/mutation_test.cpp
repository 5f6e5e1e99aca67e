#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <random>

#include "base/file.hpp"
#include "import/import.hpp"
#include "ir/text.hpp"
#include "support/graph_writer.hpp"

/// Damaged files and damaged graphs end in a network whose text reads back, or in findings, never in a crash.
namespace bitmason::test {
namespace {

using Ints = std::vector<std::int64_t>;

/// A small network with many kinds of operators.
onnxio::Model sample() {
  GraphWriter g("sample");
  const std::string q = g.quant(g.input("x", {1, 2, 4, 4}), {}, {0.25}, 4, true, false);
  const std::string w =
      g.quant(g.constant({2, 2, 3, 3}, std::vector<double>(36, 1.0)), {}, {0.5}, 4, true, true);
  const std::string padded = g.node("Pad", {q, g.integers({8}, {0, 0, 1, 1, 0, 0, 1, 1})});
  std::string y = g.node("Conv", {padded, w, g.constant({2}, {1, 2})},
                         {{"group", std::int64_t{1}}, {"strides", Ints{1, 1}}});
  y = g.node("BatchNormalization", {y, g.constant({2}, {1, -1}), g.constant({2}, {0, 1}),
                                    g.constant({2}, {0, 0}), g.constant({2}, {1, 1})});
  y = g.node("MaxPool", {y}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}});
  y = g.quant(g.node("Clip", {y, g.constant({}, {-1}), g.constant({}, {2})}), {1, 2, 1, 1}, {0.5, 0.25}, 4,
              true, false);
  y = g.node("Concat",
             {y, g.node("AveragePool", {q}, {{"kernel_shape", Ints{2, 2}}, {"strides", Ints{2, 2}}})},
             {{"axis", std::int64_t{1}}});
  y = g.node("SpaceToDepth", {y}, {{"blocksize", std::int64_t{2}}});
  y = g.node("Reshape", {g.node("Transpose", {y}, {{"perm", Ints{0, 2, 3, 1}}}), g.integers({2}, {1, -1})});
  y = g.quant(y, {}, {0.5}, 4, true, false);
  y = g.node("Gemm", {y, g.constant({3, 16}, std::vector<double>(48, 2.0))},
             {{"transB", std::int64_t{1}}, {"alpha", 0.5}});
  y = g.node("TopK", {g.node("Softmax", {y}), g.integers({1}, {1})}, {{"axis", std::int64_t{1}}});
  return std::move(g).finish(y, {1, 1});
}

bool ends_well(const onnxio::Model& model) {
  const auto imported = import::import_onnx(model, {});
  if (!imported) return !imported.errors().empty();
  const std::string text = ir::to_json(imported->network);
  const auto again = ir::parse_network(text);
  return !imported->network.layers().empty() && again && ir::to_json(*again) == text;
}

std::string bytes_of(const onnxio::Model& model) {
  const auto path =
      std::filesystem::temp_directory_path() / ("bitmason_mutation_" + std::to_string(::getpid()) + ".onnx");
  EXPECT_TRUE(onnxio::write_model(path, model));
  std::string content = *read_file(path);
  std::filesystem::remove(path);
  return content;
}

TEST(Mutation, TheSampleItselfImports) {
  const auto imported = import::import_onnx(sample(), {});
  ASSERT_TRUE(imported) << to_text(imported.errors());
}

TEST(Mutation, TruncatedAndFlippedFiles) {
  const std::string good = bytes_of(sample());
  std::mt19937 random(7);
  for (std::size_t length = 0; length < good.size(); length += 3) {
    if (const auto model = onnxio::parse_model(good.substr(0, length), "f")) {
      EXPECT_TRUE(ends_well(*model)) << length;
    }
  }
  int parsed = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bad = good;
    for (int k = 0; k < 1 + round % 3; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    const auto model = onnxio::parse_model(bad, "f");
    parsed += model ? 1 : 0;
    if (model) {
      EXPECT_TRUE(ends_well(*model)) << round;
    }
  }
  EXPECT_GT(parsed, 100);
}

/// One random change of the graph: wires, constants, shapes, attributes, operators.
void mutate(onnxio::Model& model, std::mt19937& random) {
  const auto pick = [&](auto& list) -> auto& {
    return list[random() % list.size()];
  };
  const std::int64_t odd[] = {0,
                              -1,
                              1,
                              2,
                              3,
                              7,
                              255,
                              65536,
                              -65536,
                              std::int64_t{1} << 40,
                              std::numeric_limits<std::int64_t>::min(),
                              std::numeric_limits<std::int64_t>::max()};
  const double reals[] = {0,
                          -0.0,
                          1,
                          -1,
                          1e-40,
                          1e30,
                          -1e30,
                          std::numeric_limits<double>::infinity(),
                          std::numeric_limits<double>::quiet_NaN(),
                          0.1};
  onnxio::Node& node = pick(model.nodes);
  switch (random() % 7) {
    case 0:
      if (!node.inputs.empty()) pick(node.inputs) = pick(pick(model.nodes).outputs);
      break;
    case 1:
      if (!node.inputs.empty()) pick(node.inputs) = pick(model.initializers).name;
      break;
    case 2:
      std::swap(node.op_type, pick(model.nodes).op_type);
      break;
    case 3:
      for (auto& [name, value] : node.attributes) {
        if (auto* number = std::get_if<std::int64_t>(&value)) *number = odd[random() % std::size(odd)];
        if (auto* list = std::get_if<Ints>(&value); list != nullptr && !list->empty())
          pick(*list) = odd[random() % std::size(odd)];
      }
      break;
    case 4: {
      onnxio::Tensor& tensor = pick(model.initializers);
      if (!tensor.reals.empty()) pick(tensor.reals) = reals[random() % std::size(reals)];
      if (!tensor.integers.empty()) pick(tensor.integers) = odd[random() % std::size(odd)];
      break;
    }
    case 5: {
      onnxio::Tensor& tensor = pick(model.initializers);
      std::ranges::reverse(tensor.shape);
      if (random() % 2 == 0) tensor.shape.insert(tensor.shape.begin(), 1);
      break;
    }
    default:
      if (!node.inputs.empty()) node.inputs.resize(random() % (node.inputs.size() + 1));
  }
}

TEST(Mutation, ChangedGraphs) {
  const onnxio::Model good = sample();
  int imported = 0;
  for (unsigned seed = 0; seed < 6000; ++seed) {
    std::mt19937 random(seed);
    onnxio::Model model = good;
    for (unsigned k = 0; k < 1 + seed % 3; ++k) mutate(model, random);
    EXPECT_TRUE(ends_well(model)) << seed;
    imported += import::import_onnx(model, {}) ? 1 : 0;
  }
  EXPECT_GT(imported, 100);
}

}  // namespace
}  // namespace bitmason::test
