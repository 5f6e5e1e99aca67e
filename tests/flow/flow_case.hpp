#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/npy.hpp"
#include "flow/request.hpp"
#include "onnxio/model.hpp"
#include "support/exact_interpreter.hpp"
#include "support/graph_writer.hpp"

/// Networks, files and folders that the tests of the flow share.
namespace bitmason::flow::cases {

namespace fs = std::filesystem;

inline DataFolders data() {
  return {BITMASON_SOURCE_DIR};
}

inline void silent(std::string_view /*line*/) {}

/// What a step refuses with; "accepted" where it does not.
inline std::string error_of(const Result<Document>& result) {
  return result ? "accepted" : to_text(result.errors());
}

/// An empty folder for one test, removed with the object.
class Scratch {
 public:
  Scratch() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "_" + info->name();
    for (char& c : name) c = c == '/' ? '_' : c;
    folder_ = fs::temp_directory_path() / ("bitmason_" + name + "_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::string text(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] const fs::path& path() const { return folder_; }

  [[nodiscard]] fs::path save(const onnxio::Model& model, const std::string& name = "net.onnx") const {
    const auto written = onnxio::write_model(folder_ / name, model);
    EXPECT_TRUE(written.ok());
    return folder_ / name;
  }
  fs::path save(const NpyArray& array, const std::string& name) const {
    const auto written = write_npy(folder_ / name, array);
    EXPECT_TRUE(written.ok());
    return folder_ / name;
  }

 private:
  fs::path folder_;
};

inline std::vector<double> random_weights(std::mt19937_64& random, int count, int top) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) {
    values.push_back(static_cast<double>(random() % static_cast<std::uint64_t>(2 * top + 1)) - top);
  }
  return values;
}

/// A 3x3 convolution from `channels` to `out` channels with 3-bit weights of scale 1 and padding 1.
inline std::string convolution(test::GraphWriter& graph, std::mt19937_64& random, const std::string& x,
                               int channels, int out) {
  const std::string weights =
      graph.quant(graph.constant({out, channels, 3, 3}, random_weights(random, out * channels * 9, 3)), {},
                  {1}, 3, true, true);
  return graph.node(
      "Conv", {x, weights},
      {{"kernel_shape", std::vector<std::int64_t>{3, 3}}, {"pads", std::vector<std::int64_t>{1, 1, 1, 1}}});
}

/// (1, 2, 4, 4) in 4-bit unsigned codes of scale 1/2; a convolution to 3 channels, requantised to 3 bits.
inline onnxio::Model small_network(std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  test::GraphWriter graph("small");
  std::string x = graph.quant(graph.input("image", {1, 2, 4, 4}), {}, {0.5}, 4, false, false);
  x = graph.quant(graph.node("Relu", {convolution(graph, random, x, 2, 3)}), {}, {4}, 3, false, false);
  return std::move(graph).finish(x, {1, 3, 4, 4});
}

/// Inputs "left" (1, 2, 4, 4) and "right" (1, 3, 4, 4); the outputs are the sum of a convolution of each and
/// the quantised convolution of the left one.
inline onnxio::Model two_by_two(std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  test::GraphWriter graph("two_by_two");
  const std::string left = graph.quant(graph.input("left", {1, 2, 4, 4}), {}, {0.25}, 4, true, false);
  const std::string right = graph.quant(graph.input("right", {1, 3, 4, 4}), {}, {0.25}, 3, true, false);
  const std::string a = graph.quant(convolution(graph, random, left, 2, 2), {}, {1}, 5, true, false);
  const std::string b = graph.quant(convolution(graph, random, right, 3, 2), {}, {1}, 4, true, false);
  const std::string sum = graph.node("Add", {a, b});
  onnxio::Model model = std::move(graph).finish(sum, {1, 2, 4, 4});
  model.outputs.push_back({a, "float32", {1, 2, 4, 4}});
  return model;
}

/// Multiples of 1/16 in [-2, 2].
inline NpyArray random_values(std::vector<std::int64_t> shape, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  NpyArray array{std::move(shape), NpyType::Float32, {}, {}};
  std::int64_t count = 1;
  for (const std::int64_t size : array.shape) count *= size;
  for (std::int64_t i = 0; i < count; ++i)
    array.reals.push_back(static_cast<double>(random() % 65) / 16.0 - 2.0);
  return array;
}

/// Frame `index` of a batch, with a batch dimension of 1.
inline test::Exact exact_frame(const NpyArray& batch, std::int64_t index) {
  test::Exact frame{batch.shape, {}};
  frame.shape[0] = 1;
  const auto size = static_cast<std::int64_t>(batch.size()) / batch.shape[0];
  for (std::int64_t i = 0; i < size; ++i)
    frame.values.push_back(Rational::from_double(batch.real(static_cast<std::size_t>(index * size + i))));
  return frame;
}

}  // namespace bitmason::flow::cases
