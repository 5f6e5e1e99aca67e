#include <gtest/gtest.h>

#include <filesystem>
#include <set>

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
    if (!layer.conv || !seen.insert(draw(layer.conv->packing)).second) continue;
    const auto evidence = prove_packing(layer.conv->packing);
    ASSERT_TRUE(evidence) << to_text(evidence.errors());
    EXPECT_TRUE(evidence->holds) << layer.layer << ": " << evidence->text;
    std::printf("%s: %s: %s\n", layer.layer.c_str(), to_text(layer.conv->packing).c_str(),
                evidence->text.c_str());
  }
  EXPECT_GE(seen.size(), 2u);
}

TEST(ShippedPackings, OfTheDefaultNetworkAreProved) {
  prove_plan_of(std::filesystem::path(BITMASON_SOURCE_DIR) / "examples/fashion_mnist/fashion_mnist.onnx");
}

TEST(ShippedPackings, OfUltraNetAreProved) {
  const auto file = std::filesystem::path(BITMASON_SHARED_DIR) / "models/ultranet_w4a4.onnx";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  prove_plan_of(file);
}

}  // namespace
}  // namespace bitmason::flow
