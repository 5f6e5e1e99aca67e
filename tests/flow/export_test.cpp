#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

/// Output codes of a network on a batch, with scale and offset as `run` prints them.
std::string codes_of(const cases::fs::path& network, const cases::Scratch& folder, const std::string& input) {
  const auto ran = run({.network = {.file = network},
                        .inputs = {input},
                        .outputs = {folder.text("y.npy")},
                        .codes = true,
                        .data = cases::data()},
                       cases::silent);
  if (!ran) return to_text(ran.errors());
  return *read_file(folder / "y.npy") + ran->text.substr(ran->text.rfind(": value = "));
}

TEST(Export, TheDefaultNetworkAsStandardOnnxImportsAndComputesTheSameCodes) {
  const cases::Scratch folder;
  const cases::fs::path network = cases::data().root / "examples" / "fashion_mnist" / "fashion_mnist.onnx";
  ASSERT_TRUE(export_qcdq({.network = {.file = network}, .output = folder / "qcdq.onnx"}));
  NpyArray images{{20, 1, 28, 28}, NpyType::UInt8, {}, {}};
  std::mt19937_64 random(7);
  for (int i = 0; i < 20 * 28 * 28; ++i) images.integers.push_back(static_cast<std::int64_t>(random() % 256));
  const std::string input = folder.save(images, "x.npy").string();
  const std::string expected = codes_of(network, folder, input);
  EXPECT_NE(expected.find("scale"), std::string::npos) << expected;
  EXPECT_EQ(codes_of(folder / "qcdq.onnx", folder, input), expected);
}

}  // namespace
}  // namespace bitmason::flow
