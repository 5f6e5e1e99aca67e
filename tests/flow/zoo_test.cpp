#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow/liveness.hpp"
#include "flow/network_access.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

/// Writes the network and returns its document's JSON.
Json write(const ZooRequest& request) {
  const auto document = write_zoo(request, cases::silent);
  EXPECT_TRUE(document) << to_text(document.errors());
  return Json::parse(document->json);
}

void expect_alive(const Json& json) {
  EXPECT_FALSE(json.at("liveness").at("layers").empty());
  for (const Json& layer : json.at("liveness").at("layers"))
    EXPECT_FALSE(layer.contains("warning")) << json.at("network") << " " << layer;
}

TEST(ZooTest, SmallNetworksAreAliveOnTheirVerificationFramesForSeveralSeeds) {
  const cases::Scratch folder;
  const auto file = folder / "net.onnx";
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    for (const int bits : {1, 2, 3, 4, 6}) {
      SCOPED_TRACE(std::to_string(bits) + " bits, seed " + std::to_string(seed));
      expect_alive(
          write({.name = "DS-CNN", .weights = {bits}, .activations = {bits}, .seed = seed, .output = file}));
      expect_alive(write(
          {.name = "ResNet-8", .weights = {bits}, .activations = {bits}, .seed = seed, .output = file}));
    }
  }
}

TEST(ZooTest, OtherFramesOfEnoughNumberFindTheNetworkAliveToo) {
  const cases::Scratch folder;
  const auto file = folder / "net.onnx";
  for (const char* name : {"DS-CNN", "ResNet-8"}) {
    write({.name = name, .weights = {4}, .activations = {4}, .output = file});
    const auto loaded = load_network({.file = file});
    ASSERT_TRUE(loaded);
    for (const std::uint64_t seed : {2u, 3u, 4u}) {
      const auto liveness = measure_liveness(loaded->network, random_frames(loaded->network, 16, seed), "");
      EXPECT_TRUE(alive(liveness)) << name << " seed " << seed << "\n" << report::to_text(liveness);
    }
  }
}

TEST(ZooTest, TheSameSeedGivesTheSameBytesAndAnotherSeedOthers) {
  const cases::Scratch folder;
  const auto bytes = [&](std::uint64_t seed) {
    write({.name = "DS-CNN", .weights = {3}, .activations = {5}, .seed = seed, .output = folder / "n.onnx"});
    return *read_file(folder / "n.onnx");
  };
  const std::string first = bytes(1);
  EXPECT_EQ(bytes(1), first);
  EXPECT_NE(bytes(2), first);
}

TEST(ZooTest, ARefusalWritesNothing) {
  const cases::Scratch folder;
  const auto unknown = write_zoo({.name = "LeNet", .output = folder / "net.onnx"}, cases::silent);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.errors()[0].code, "BM-ZOO-001");
  EXPECT_TRUE(cases::fs::is_empty(folder.path()));
}

TEST(ZooTest, ListNamesEveryNetworkWithItsSizeAndItsPublishedBits) {
  const auto list = list_zoo();
  ASSERT_TRUE(list);
  EXPECT_NE(list->text.find("UltraNet           3x160x320      9    199.53    210096  BJUT, DAC-SDC 2020\n"),
            std::string::npos)
      << list->text;
  EXPECT_NE(list->text.find("  --bits mixq    w 5,3,2,5,5,5,5,5,8  a 7,3,3,6,7,7,6,6,5"), std::string::npos);
  EXPECT_EQ(Json::parse(list->json).at("networks").size(), 9u);
}

/// Cycles of a frame planned for xczu3eg, and the proved bound.
std::pair<std::int64_t, std::int64_t> planned_cycles(const char* name, const char* bits) {
  const cases::Scratch folder;
  write({.name = name, .configuration = bits, .output = folder / "net.onnx"});
  const auto planned =
      plan({.network = {.file = folder / "net.onnx"}, .part = "xczu3eg", .data = cases::data()});
  EXPECT_TRUE(planned) << to_text(planned.errors());
  const Json json = Json::parse(planned->json);
  return {json.at("interval_cycles"), json.at("lower_bound_cycles")};
}

TEST(ZooTest, PublishedConfigurationsArePlannedAtTheirProvedBoundOnXczu3eg) {
  // DeepBurning-MixQ: UltraNet takes 84,480 cycles at these bits and 206,080 at w4a4.
  EXPECT_EQ(planned_cycles("UltraNet", "mixq"), std::pair(51200L, 51200L));
  EXPECT_EQ(planned_cycles("UltraNet", "w4a4"), std::pair(51200L, 51200L));
  EXPECT_EQ(planned_cycles("VGG-tiny", "mixq"), std::pair(24576L, 24576L));
  EXPECT_EQ(planned_cycles("CNV", "w2a2"), std::pair(7680L, 7680L));
}

TEST(SlowZooTest, SkyNetIsPlannedAtItsProvedBoundOnXczu3eg) {
  // DeepBurning-MixQ: 819,200 cycles.
  EXPECT_EQ(planned_cycles("SkyNet", "mixq"), std::pair(204800L, 204800L));
}

TEST(SlowZooTest, EveryPublishedConfigurationIsAliveOnItsVerificationFrames) {
  const cases::Scratch folder;
  const auto file = folder / "net.onnx";
  const Json list = Json::parse(list_zoo()->json);
  for (const Json& network : list.at("networks")) {
    std::vector<std::string> configurations{""};
    for (const Json& known : network.at("published")) configurations.push_back(known.at("name"));
    for (const std::string& name : configurations) {
      for (const std::uint64_t seed : {1u, 2u}) {
        const Json json =
            write({.name = network.at("name"), .configuration = name, .seed = seed, .output = file});
        expect_alive(json);
        const auto loaded = load_network({.file = file});
        ASSERT_TRUE(loaded) << to_text(loaded.errors());
        EXPECT_EQ(loaded->network.macs(), network.at("macs"));
      }
    }
  }
}

}  // namespace
}  // namespace bitmason::flow
