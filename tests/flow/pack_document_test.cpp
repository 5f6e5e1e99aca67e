#include <fmt/format.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "flow/flow.hpp"
#include "flow/measured_costs.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

using cases::error_of;

TEST(PackDocument, FrontHoldsTheKnownFourMacPacking) {
  const auto packed = pack({.weight_bits = 4, .activation_bits = 4, .data = cases::data()}, {});
  ASSERT_TRUE(packed) << to_text(packed.errors());
  const Json json = Json::parse(packed->json);
  EXPECT_EQ(json.at("primitive"), "DSP48E2");
  EXPECT_EQ(json.at("weight_range"), Json({-7, 7}));
  EXPECT_EQ(json.at("activation_range"), Json({0, 15}));
  double last = 1e9;
  for (const Json& scheme : json.at("front")) {
    EXPECT_LE(scheme.at("macs_per_dsp").get<double>(), last);
    last = scheme.at("macs_per_dsp").get<double>();
    for (const Json& packing : scheme.at("parts")) {
      EXPECT_GE(packing.at("accumulations").get<int>(), 1);
      EXPECT_TRUE(packing.contains("weight_offsets") && packing.contains("activation_offsets") &&
                  packing.contains("fields") && packing.contains("bias"));
    }
  }
  // Three by two outer products, as DeepBurning-MixQ (2023) packs them, are the least that must be found.
  EXPECT_GE(json.at("front").at(0).at("macs_per_dsp").get<double>(), 6.0);
}

TEST(PackDocument, MeasuredPackingsCarryTheFigureOfTheFile) {
  const auto packed = pack({.weight_bits = 4, .activation_bits = 4, .kernel = 3, .data = cases::data()}, {});
  ASSERT_TRUE(packed) << to_text(packed.errors());
  const Json json = Json::parse(packed->json);
  std::ifstream stream(measured_costs_file(cases::data(), "DSP48E2"));
  const Json file = Json::parse(stream);
  std::size_t found = 0;
  for (const Json& scheme : json.at("front")) {
    if (!scheme.contains("luts_per_mac_synthesised")) continue;
    EXPECT_EQ(scheme.at("method"), "direct");
    for (const Json& cell : file.at("cells")) {
      if (cell.at("kernel") != 3 || cell.at("weight_bits") != 4 || cell.at("activation_bits") != 4) continue;
      for (const Json& point : cell.at("points")) {
        if (point.at("lut_per_mac") != scheme.at("luts_per_mac_synthesised")) continue;
        EXPECT_EQ(point.at("macs_per_dsp"), scheme.at("macs_per_dsp"));
        ++found;
      }
    }
  }
  EXPECT_GE(found, 1u);
  // A figure of other RTL than the file's has a mark and the digest of that RTL.
  std::size_t earlier = 0;
  for (const char* list : {"front", "array_packings"}) {
    for (const Json& scheme : json.at(list)) earlier += scheme.contains("synthesised_rtl_sha256") ? 1U : 0U;
  }
  EXPECT_EQ(earlier > 0, packed->text.find("\n* with the RTL before its last change") != std::string::npos);
  EXPECT_NE(packed->text.find(json.at("synthesised_with").get<std::string>()), std::string::npos);
  const auto none = pack({.primitive = "SB_MAC16", .data = cases::data()}, {});
  ASSERT_TRUE(none) << to_text(none.errors());
  EXPECT_FALSE(Json::parse(none->json).contains("synthesised_with")) << "no file, no figure";
}

// On DSP48E1 methods that no layer uses fill the front of w4a4; the 12 MACs that UltraNet's layers take are
// shown all the same, with their figure.
TEST(PackDocument, DirectPackingsThatTheFrontHasNoRoomForAreShown) {
  const auto packed = pack({.primitive = "xc7z020", .kernel = 3, .data = cases::data()}, {});
  ASSERT_TRUE(packed) << to_text(packed.errors());
  const Json json = Json::parse(packed->json);
  bool found = false;
  for (const Json& scheme : json.at("array_packings")) {
    EXPECT_EQ(scheme.at("method"), "direct");
    for (const Json& shown : json.at("front")) EXPECT_NE(scheme.at("parts"), shown.at("parts"));
    found = found || (scheme.at("macs_per_dsp") == 12.0 && scheme.contains("luts_per_mac_synthesised"));
  }
  EXPECT_TRUE(found) << packed->text;
  EXPECT_NE(packed->text.find("\nand direct packings of plain operands in one array"), std::string::npos);
}

// Versal's block has a file and no module.
TEST(PackDocument, APrimitiveWithoutAModuleHasDensitiesAndNoRtl) {
  const auto packed = pack({.primitive = "dsp58", .kernel = 3, .data = cases::data()}, {});
  ASSERT_TRUE(packed) << to_text(packed.errors());
  const Json json = Json::parse(packed->json);
  for (const Json& scheme : json.at("front")) EXPECT_EQ(scheme.at("rtl"), false);
  const auto smaller = pack({.kernel = 3, .data = cases::data()}, {});
  ASSERT_TRUE(smaller) << to_text(smaller.errors());
  const Json front = Json::parse(smaller->json).at("front");
  for (const Json& scheme : front) EXPECT_EQ(scheme.at("rtl"), true);
  EXPECT_GT(json.at("front").at(0).at("macs_per_dsp"), front.at(0).at("macs_per_dsp"));
}

/// ECP5 can be split too, which no module does: such points say so, and what an array computes has none.
TEST(PackDocument, SplitPointsHaveRtlWhereModulesSplitThePrimitive) {
  const auto front = [](const char* primitive, bool direct) {
    const auto packed = pack({.primitive = primitive,
                              .weight_bits = 8,
                              .activation_bits = 8,
                              .direct = direct,
                              .data = cases::data()},
                             {});
    EXPECT_TRUE(packed);
    return Json::parse(packed->json).at("front");
  };
  const auto split_with_rtl = [](const Json& schemes) {
    std::pair<int, int> counts;
    for (const Json& scheme : schemes) {
      if (scheme.at("parts").at(0).at("multipliers") == 1) continue;
      ++counts.first;
      counts.second += scheme.at("rtl") == true ? 1 : 0;
    }
    return counts;
  };
  EXPECT_EQ(split_with_rtl(front("SB_MAC16", false)), std::pair(1, 1));
  EXPECT_EQ(split_with_rtl(front("SB_MAC16", true)), std::pair(1, 1));
  EXPECT_EQ(split_with_rtl(front("MULT18X18D", false)), std::pair(1, 0));
  EXPECT_EQ(split_with_rtl(front("MULT18X18D", true)), std::pair(0, 0));
}

TEST(PackDocument, LutsOfOtherSizesThanEstimatedAreNamed) {
  const auto small = pack({.primitive = "ice40up5k", .data = cases::data()}, {});
  ASSERT_TRUE(small) << to_text(small.errors());
  EXPECT_NE(small->text.find("LUTs are estimated as 6-input LUTs. ice40up5k has LUTs of 4 inputs"),
            std::string::npos);
  const auto six = pack({.data = cases::data()}, {});
  ASSERT_TRUE(six) << to_text(six.errors());
  EXPECT_EQ(six->text.find("6-input LUTs"), std::string::npos);
}

#ifdef __unix__
// Without the solver the rest of the evidence stands, apart from what z3 proved.
TEST(PackDocument, ProofsWithoutZ3StandApart) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  const auto packed =
      pack({.weight_bits = 8, .activation_bits = 8, .prove = true, .data = cases::data()}, cases::silent);
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_TRUE(packed) << to_text(packed.errors());
  EXPECT_NE(packed->text.find("\nProved but for the decoder in z3: "), std::string::npos);
  EXPECT_EQ(packed->text.find("\nProved: "), std::string::npos);
  const Json proof = Json::parse(packed->json).at("front").at(0).at("parts").at(0).at("proof");
  EXPECT_EQ(proof.at("holds"), true);
  EXPECT_EQ(proof.at("decoder_smt"), "no solver");
}
#endif

TEST(PackDocument, TableHoldsADensityForEveryWidthAndKernel) {
  const auto table = pack({.table = true, .data = cases::data()}, [](std::string_view) {});
  ASSERT_TRUE(table) << to_text(table.errors());
  const Json json = Json::parse(table->json);
  ASSERT_EQ(json.size(), 3u);
  for (const char* kernel : {"K1", "K3", "K5"}) {
    ASSERT_EQ(json.at(kernel).size(), 64u);
    EXPECT_GE(json.at(kernel).at("w4a4").get<double>(), 12.0);
  }
  EXPECT_NE(table->text.find("below in 0 cells"), std::string::npos);
  // The values of fewer bits are values of more: nothing gets denser with another bit.
  for (const auto& [kernel, cells] : json.items()) {
    for (int w = 1; w <= 8; ++w) {
      for (int a = 1; a <= 8; ++a) {
        const auto density = [&](int weight, int activation) {
          return cells.at(fmt::format("w{}a{}", weight, activation)).get<double>();
        };
        EXPECT_GE(density(w, a) + 1e-9, density(std::min(w + 1, 8), a)) << kernel << " w" << w << "a" << a;
        EXPECT_GE(density(w, a) + 1e-9, density(w, std::min(a + 1, 8))) << kernel << " w" << w << "a" << a;
      }
    }
  }
}

// Splits into many digits are dense at a price; within the LUTs of the peers fewer MACs are left, and of
// direct packings the twelve that UltraNet's layers use.
TEST(PackDocument, TheTableOfWhatFewLutsBuyIsNowhereDenser) {
  const auto table = [](const PackRequest& request) {
    const auto packed = pack(request, cases::silent);
    EXPECT_TRUE(packed) << to_text(packed.errors());
    return Json::parse(packed->json);
  };
  const Json all = table({.table = true, .data = cases::data()});
  const Json cheap = table({.most_luts = 6.6, .table = true, .data = cases::data()});
  const Json direct = table({.direct = true, .table = true, .data = cases::data()});
  int sparser = 0;
  for (const char* kernel : {"K1", "K3", "K5"}) {
    for (const auto& [cell, density] : all.at(kernel).items()) {
      EXPECT_LE(cheap.at(kernel).at(cell).get<double>(), density.get<double>());
      EXPECT_LE(direct.at(kernel).at(cell).get<double>(), density.get<double>());
      if (cheap.at(kernel).at(cell) < density) ++sparser;
    }
  }
  EXPECT_GT(sparser, 0);
  EXPECT_GE(cheap.at("K3").at("w4a4").get<double>(), 12.0);
  EXPECT_EQ(direct.at("K3").at("w4a4").get<double>(), 12.0);
  const auto packed = pack({.kernel = 5, .most_luts = 6.6, .data = cases::data()}, {});
  ASSERT_TRUE(packed) << to_text(packed.errors());
  for (const Json& scheme : Json::parse(packed->json).at("front"))
    EXPECT_LE(scheme.at("luts_per_mac_estimated").get<double>(), 6.6);
  EXPECT_EQ(Json::parse(packed->json).at("limits"), Json({{"most_luts", 6.6}}));
  EXPECT_NE(packed->text.find(", at most 6.6 LUTs per MAC (estimated)"), std::string::npos);
  EXPECT_EQ(cheap.at("limits"), Json({{"most_luts", 6.6}}));
  EXPECT_FALSE(all.contains("limits"));
  EXPECT_EQ(
      error_of(pack({.weight_bits = 8, .activation_bits = 8, .most_luts = 0.01, .data = cases::data()}, {})),
      "DSP48E2: no packing of 8 and 8 bits fits the DSP48E2 ports, at most 0.01 LUTs per MAC (estimated); "
      "allow "
      "more LUTs [BM-FLOW-009]\n");
}

TEST(PackDocument, BadWidthsAreRefused) {
  EXPECT_EQ(error_of(pack({.weight_bits = 0, .data = cases::data()}, {})),
            "weight bits: 0 is not between 1 and 16; give for example 4 [BM-FLOW-002]\n");
  EXPECT_EQ(error_of(pack({.activation_bits = 17, .data = cases::data()}, {})),
            "activation bits: 17 is not between 1 and 16; give for example 4 [BM-FLOW-002]\n");
  EXPECT_EQ(error_of(pack({.kernel = 99, .data = cases::data()}, {})),
            "kernel taps: 99 is not between 1 and 16; give for example 4 [BM-FLOW-002]\n");
}

TEST(PackDocument, ExactRangesPackDenserThanTheirWidths) {
  // Five levels of activations and weights from -2 to 1 instead of eight levels and -3 to 3.
  const auto density = [](const PackRequest& request) {
    const auto packed = pack(request, cases::silent);
    EXPECT_TRUE(packed) << to_text(packed.errors());
    return Json::parse(packed->json).at("front").at(0).at("macs_per_dsp").get<double>();
  };
  const PackRequest exact{
      .kernel = 3, .weights = IntRange{-2, 1}, .activations = IntRange{0, 4}, .data = cases::data()};
  EXPECT_GT(density(exact),
            density({.weight_bits = 3, .activation_bits = 3, .kernel = 3, .data = cases::data()}));
  const auto packed = pack(exact, cases::silent);
  EXPECT_EQ(Json::parse(packed->json).at("weight_range"), Json({-2, 1}));
  // A range without 0 has it all the same: idle operands are 0.
  const auto positive = pack({.weights = IntRange{3, 5}, .data = cases::data()}, cases::silent);
  ASSERT_TRUE(positive) << to_text(positive.errors());
  EXPECT_EQ(Json::parse(positive->json).at("weight_range"), Json({0, 5}));
}

TEST(PackDocument, RangesThatAreNoneAreRefused) {
  EXPECT_EQ(
      error_of(pack({.weights = IntRange{3, -3}, .data = cases::data()}, {})),
      "range of weights: 3 to -3 are no two values of at most 16 bits, the smaller first; give for example "
      "-5,2 [BM-FLOW-033]\n");
  EXPECT_EQ(
      error_of(pack({.activations = IntRange{0, 65536}, .data = cases::data()}, {})),
      "range of activations: 0 to 65536 are no two values of at most 16 bits, the smaller first; give for "
      "example -5,2 [BM-FLOW-033]\n");
}

TEST(PackDocument, WidthsThatNoDigitSplitBringsOntoThePortsAreRefused) {
  // A made-up multiplier of 4 x 3 bits: four digits of a 16-bit operand have 4 bits each.
  const cases::Scratch folder;
  const auto devices = folder.path() / "devices";
  std::filesystem::copy(cases::data().devices(), devices, std::filesystem::copy_options::recursive);
  const auto file = devices / "primitives" / "dsp48e2.json";
  Json primitive = Json::parse(std::ifstream(file));
  primitive["wide_bits"]["value"] = 4;
  primitive["narrow_bits"]["value"] = 3;
  primitive["product_bits"]["value"] = 7;
  std::ofstream(file) << primitive.dump();
  EXPECT_EQ(error_of(pack({.weight_bits = 16, .activation_bits = 16, .data = {folder.path()}}, {})),
            "DSP48E2: no packing of 16 and 16 bits fits the DSP48E2 ports; use fewer bits [BM-FLOW-009]\n");
}

}  // namespace
}  // namespace bitmason::flow
