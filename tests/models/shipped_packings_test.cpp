#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "flow/flow.hpp"
#include "flow/packing_cell.hpp"
#include "flow/planning.hpp"

/// Every packing that the designs of this repository use, proved.
namespace bitmason::flow {
namespace {

void prove_plan_of(const std::filesystem::path& network) {
  const auto planned =
      make_plan({.network = {.file = network}, .part = "xczu3eg", .data = {BITMASON_SOURCE_DIR}});
  ASSERT_TRUE(planned) << to_text(planned.errors());
  std::set<std::string> seen;
  for (const auto& layer : planned->plan.layers) {
    if (!layer.conv || !seen.insert(json_of(layer.conv->packing)).second) continue;
    const auto evidence = prove_packing(layer.conv->packing);
    ASSERT_TRUE(evidence) << to_text(evidence.errors());
    EXPECT_TRUE(evidence->holds) << layer.layer << ": " << evidence->text;
    EXPECT_NE(evidence->text.find("decoder proved for every field sum by z3"), std::string::npos)
        << layer.layer << ": " << evidence->text;
    std::printf("%s: %s: %s\n", layer.layer.c_str(), to_text(layer.conv->packing).c_str(),
                evidence->text.c_str());
  }
  EXPECT_GE(seen.size(), 2u);
}

TEST(ShippedPackings, OfTheDefaultNetworkAreProved) {
  prove_plan_of(std::filesystem::path(BITMASON_SOURCE_DIR) / "examples/fashion_mnist/fashion_mnist.onnx");
}

/// The networks of benchmarks/results whose widths are published.
class PublishedPackings : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(PublishedPackings, AreProved) {
  const auto [name, bits] = GetParam();
  const auto file =
      std::filesystem::temp_directory_path() / fmt::format("bitmason-shipped-{}-{}.onnx", name, ::getpid());
  const auto written =
      write_zoo({.name = name, .configuration = bits, .output = file}, [](std::string_view) {});
  ASSERT_TRUE(written) << to_text(written.errors());
  prove_plan_of(file);
  std::filesystem::remove(file);
}

INSTANTIATE_TEST_SUITE_P(OfTheZoo, PublishedPackings,
                         ::testing::Values(std::pair{"UltraNet", "mixq"}, std::pair{"SkyNet", "mixq"},
                                           std::pair{"VGG-tiny", "mixq"}));

TEST(ShippedPackings, OfUltraNetAreProved) {
  const auto file = std::filesystem::path(BITMASON_SHARED_DIR) / "models/ultranet_w4a4.onnx";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  prove_plan_of(file);
}

}  // namespace
}  // namespace bitmason::flow
