#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "flow/flow.hpp"
#include "flow_case.hpp"

namespace bitmason::flow {
namespace {

using Json = nlohmann::json;

constexpr const char* kKnown =
    "no part or primitive has this name; known are ice40up5k, lfe5um5g-85f, xc7z020, xczu3eg, xczu7ev, "
    "DSP48E1, DSP48E2, DSP58, MULT18X18D, SB_MAC16 [BM-FLOW-001]\n";

using cases::error_of;

TEST(Devices, ListNamesEveryPartAndPrimitive) {
  const auto list = list_devices(cases::data());
  ASSERT_TRUE(list) << to_text(list.errors());
  const Json json = Json::parse(list->json);
  EXPECT_EQ(json.at("parts"), Json({"ice40up5k", "lfe5um5g-85f", "xc7z020", "xczu3eg", "xczu7ev"}));
  EXPECT_EQ(json.at("primitives"), Json({"DSP48E1", "DSP48E2", "DSP58", "MULT18X18D", "SB_MAC16"}));
}

TEST(Devices, ShowGivesTheFiguresOfTheDataSheetWithTheirSources) {
  // UG and DS figures: XCZU3EG has 360 DSP slices, 70,560 LUTs, 141,120 flip-flops and 216 36-kbit blocks.
  const Json part = Json::parse(show_device(cases::data(), "xczu3eg")->json);
  EXPECT_EQ(part.at("dsp"), 360);
  EXPECT_EQ(part.at("lut"), 70560);
  EXPECT_EQ(part.at("ff"), 141120);
  EXPECT_EQ(part.at("bram18"), 432);
  for (const auto& [field, source] : part.at("sources").items()) {
    EXPECT_FALSE(source.at("source").get<std::string>().empty()) << field;
  }
  // DSP48E2: 27 x 18 multiplier, 48-bit accumulator.
  const Json primitive = Json::parse(show_device(cases::data(), "DSP48E2")->json);
  EXPECT_EQ(primitive.at("wide_bits"), 27);
  EXPECT_EQ(primitive.at("narrow_bits"), 18);
  EXPECT_EQ(primitive.at("accumulator_bits"), 48);
  EXPECT_EQ(Json::parse(check_devices(cases::data())->json),
            Json({{"ok", true}, {"parts", 5}, {"primitives", 5}}));
}

TEST(Devices, UnknownNamesListTheKnownOnes) {
  EXPECT_EQ(error_of(show_device(cases::data(), "virtex")), "virtex: " + std::string(kKnown));
  EXPECT_EQ(error_of(pack({.primitive = "virtex", .data = cases::data()}, {})),
            "virtex: " + std::string(kKnown));
  const cases::Scratch folder;
  for (const std::string name : {"virtex", "DSP48E2"}) {
    EXPECT_EQ(
        error_of(plan(
            {.network = {.file = folder.save(cases::small_network())}, .part = name, .data = cases::data()})),
        name +
            ": no part has this name; known are ice40up5k, lfe5um5g-85f, xc7z020, xczu3eg, xczu7ev "
            "[BM-FLOW-001]\n");
  }
}

TEST(ImportDocument, ListsEveryNodeAndReadsItsOwnJson) {
  const cases::Scratch folder;
  const onnxio::Model model = cases::small_network();
  const auto imported =
      import_network({.network = {.file = folder.save(model)}, .output = folder / "network.json"});
  ASSERT_TRUE(imported) << to_text(imported.errors());
  const Json json = Json::parse(imported->json);
  EXPECT_EQ(json.at("network"), "small");
  EXPECT_EQ(json.at("layers"), 3);
  // 3 x 2 x 3 x 3 weights at 16 pixels.
  EXPECT_EQ(json.at("macs"), 3 * 2 * 9 * 16);
  EXPECT_EQ(json.at("nodes").size(), model.nodes.size());
  const auto again =
      import_network({.network = {.file = folder / "network.json"}, .output = folder / "2.json"});
  ASSERT_TRUE(again) << to_text(again.errors());
  EXPECT_EQ(*read_file(folder / "2.json"), *read_file(folder / "network.json"));
}

TEST(ImportDocument, InputScaleAndOffsetNeedTheirType) {
  const cases::Scratch folder;
  const auto file = folder.save(cases::small_network());
  for (const bool scale : {true, false}) {
    NetworkRequest network{.file = file};
    (scale ? network.input_scale : network.input_offset) = "1/255";
    EXPECT_EQ(
        error_of(import_network({.network = network})),
        std::string(scale ? "--input-scale" : "--input-offset") +
            ": has no effect without --input-type; give for example --input-type uint8, or leave it out "
            "[BM-FLOW-016]\n");
  }
}

TEST(ImportDocument, NamesThatAreNotUtf8EndInDocumentsNotInAborts) {
  const cases::Scratch folder;
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    onnxio::Model model = cases::small_network();
    const auto damage = [&](std::string& name) { name += static_cast<char>(128 + random() % 128); };
    damage(model.graph_name);
    const std::string old = model.outputs.front().name;
    for (onnxio::Node& node : model.nodes) {
      damage(node.name);
      for (std::string& output : node.outputs)
        if (output == old) damage(output);
      if (node.outputs.front().starts_with(old)) model.outputs.front().name = node.outputs.front();
    }
    const NetworkRequest network{.file = folder.save(model, "caf\xe9.onnx")};
    const auto imported = import_network({.network = network, .output = folder / "network.json"});
    ASSERT_TRUE(imported) << to_text(imported.errors());
    EXPECT_TRUE(Json::parse(imported->json, nullptr, false).is_object());
    const auto planned =
        plan({.network = network, .folding_out = folder / "folding.json", .data = cases::data()});
    ASSERT_TRUE(planned) << to_text(planned.errors());
    // The folding file names the layers as the network does, so it can be read back.
    const auto again =
        plan({.network = network, .folding_in = folder / "folding.json", .data = cases::data()});
    ASSERT_TRUE(again) << to_text(again.errors());
    EXPECT_EQ(again->json, planned->json);
    EXPECT_TRUE(export_qcdq({.network = network, .output = folder / "q\xe9.onnx"}));
    if (round > 0) continue;
    const auto built =
        build({.plan = {.network = network, .data = cases::data()}, .out = folder / "d\xe9"}, cases::silent);
    ASSERT_TRUE(built) << to_text(built.errors());
    EXPECT_TRUE(Json::parse(*read_file(folder / "d\xe9/design.json"), nullptr, false).is_object());
    EXPECT_TRUE(
        verify({.design = folder / "d\xe9", .level = "engine", .data = cases::data()}, cases::silent));
  }
}

TEST(ImportDocument, DamagedFilesEndInDocumentsOrFindings) {
  const cases::Scratch folder;
  const std::string good = *read_file(folder.save(cases::small_network()));
  std::mt19937 random(3);
  int planned = 0;
  for (int round = 0; round < 500; ++round) {
    std::string bad = good;
    for (int k = 0; k < 1 + round % 3; ++k) bad[random() % bad.size()] = static_cast<char>(random());
    ASSERT_TRUE(write_file(folder / "bad.onnx", bad));
    const NetworkRequest network{.file = folder / "bad.onnx"};
    const Result<Document> documents[] = {
        import_network({.network = network}),
        plan({.network = network, .folding_out = folder / "folding.json", .data = cases::data()}),
        export_qcdq({.network = network, .output = folder / "q.onnx"})};
    for (const auto& document : documents) {
      EXPECT_TRUE(document ? Json::parse(document->json, nullptr, false).is_object()
                           : !document.errors().empty())
          << round;
    }
    planned += documents[1] ? 1 : 0;
  }
  EXPECT_GT(planned, 20);
}

TEST(ImportDocument, JsonNetworksFixTheirInput) {
  const cases::Scratch folder;
  ASSERT_TRUE(write_file(folder / "bad.json", "{}"));
  EXPECT_EQ(error_of(import_network({.network = {.file = folder / "bad.json"}})),
            folder.text("bad.json") +
                ": name is missing or malformed in the network text; write it again with `bitmason import` "
                "[BM-IR-020]\n");
  EXPECT_EQ(error_of(import_network({.network = {.file = folder / "bad.json", .input_type = "uint8"}})),
            "--input-type: cannot be combined with " + folder.text("bad.json") +
                ", which fixes the input already; leave it out or give the ONNX file [BM-FLOW-010]\n");
  EXPECT_EQ(error_of(import_network({.network = {.file = folder / "bad.json", .input_offset = "1"}})),
            "--input-offset: cannot be combined with " + folder.text("bad.json") +
                ", which fixes the input already; leave it out or give the ONNX file [BM-FLOW-010]\n");
}

TEST(BuildDocument, ReportGrowsWithEveryCheck) {
  const cases::Scratch folder;
  const auto built =
      build({.plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
             .out = folder / "design"},
            cases::silent);
  ASSERT_TRUE(built) << to_text(built.errors());
  Json json = Json::parse(built->json);
  EXPECT_EQ(json.at("network"), "small");
  EXPECT_EQ(json.at("part"), "xczu3eg");
  EXPECT_EQ(json.at("resources").at("dsp").at("available"), 360);
  EXPECT_FALSE(json.at("resources").at("dsp").contains("synthesised"));
  EXPECT_FALSE(json.contains("latency_cycles"));
  EXPECT_EQ(json.at("exact"), Json::object());
  EXPECT_EQ(json.at("layers").size(), 3u);
  EXPECT_EQ(json, Json::parse(*read_file(folder / "design/report.json")));
  // Input, convolution (4-bit codes, 3-bit weights) and requantisation to 3 bits.
  const Json& layers = json.at("layers");
  EXPECT_FALSE(layers.at(0).contains("input_bits"));
  EXPECT_EQ(layers.at(1).at("input_bits"), 4);
  EXPECT_EQ(layers.at(1).at("accumulator_bits"), layers.at(1).at("bits"));
  EXPECT_EQ(layers.at(2).at("input_bits"), layers.at(1).at("bits"));
  EXPECT_FALSE(layers.at(2).contains("accumulator_bits"));
  std::int64_t flip_flops = 0;
  for (const Json& layer : layers) {
    EXPECT_GE(layer.at("parallelism").at("pe").get<int>(), 1);
    EXPECT_EQ(layer.at("resources").at("uram"), 0);
    flip_flops += layer.at("resources").at("ff").get<std::int64_t>();
  }
  EXPECT_GT(flip_flops, 0);

  const auto verified = verify(
      {.design = folder / "design", .level = "engine", .frames = 3, .data = cases::data()}, cases::silent);
  ASSERT_TRUE(verified) << to_text(verified.errors());
  json = Json::parse(verified->json);
  const Json& exact = json.at("exact").at("engine");
  EXPECT_EQ(exact.at("equal"), true);
  EXPECT_EQ(exact.at("frames"), 3);
  // Input, accumulators and output of 3 frames.
  EXPECT_EQ(exact.at("values"), 3 * 16 * (2 + 3 + 3));
  EXPECT_EQ(exact.at("input_sha256").get<std::string>().size(), 64u);
  EXPECT_EQ(report(folder / "design")->json, verified->json);
}

TEST(VerifyDocument, TakesRealFramesOfSeveralInputsByName) {
  const cases::Scratch folder;
  ASSERT_TRUE(build({.plan = {.network = {.file = folder.save(cases::two_by_two())}, .data = cases::data()},
                     .out = folder / "design"},
                    cases::silent));
  const std::string left = folder.save(cases::random_values({3, 2, 4, 4}, 1), "l.npy").string();
  const std::string right = folder.save(cases::random_values({3, 3, 4, 4}, 2), "r.npy").string();
  VerifyRequest request{.design = folder / "design", .level = "engine", .data = cases::data()};
  const auto hash_of = [&](std::vector<std::string> inputs) {
    request.inputs = std::move(inputs);
    const auto verified = verify(request, cases::silent);
    if (!verified) return to_text(verified.errors());
    const Json exact = Json::parse(verified->json).at("exact").at("engine");
    EXPECT_EQ(exact.at("equal"), true);
    // Behind two real frames come a random and an extreme one.
    EXPECT_EQ(exact.at("frames"), request.inputs.empty() ? 2 : 4);
    return exact.at("input_sha256").get<std::string>();
  };
  const std::string named = hash_of({"left=" + left, "right=" + right});
  EXPECT_EQ(named.size(), 64u) << named;
  EXPECT_EQ(hash_of({"right=" + right, "left=" + left}), named);
  EXPECT_NE(hash_of({}), named);
  EXPECT_EQ(
      hash_of({left}),
      "--input: the network has 2 inputs (left, right) and 1 files are given; give one NAME=FILE for each "
      "[BM-FLOW-003]\n");
  EXPECT_EQ(hash_of({"left=" + left, "middle=" + right}),
            "middle: the network has no inputs of this name; it has left, right [BM-FLOW-004]\n");
}

TEST(VerifyDocument, NamesTheLevels) {
  const cases::Scratch folder;
  EXPECT_EQ(error_of(verify({.design = folder.path(), .level = "hls", .data = cases::data()}, cases::silent)),
            "--level: there is no HLS back end yet, so there is nothing to check at level hls; choose "
            "engine, rtl, netlist or all "
            "[BM-FLOW-017]\n");
}

TEST(BuildDocument, AFailedCheckLeavesNoEarlierSuccess) {
  const cases::Scratch folder;
  const cases::fs::path design = folder / "design";
  ASSERT_TRUE(
      build({.plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
             .out = design},
            cases::silent));
  Json json = Json::parse(*read_file(design / "report.json"));
  json["exact"]["rtl"] = {{"equal", true}, {"frames", 2}, {"values", 96}, {"input_sha256", "00"}};
  json["latency_cycles"] = 7;
  json["interval_cycles"]["simulated"] = 9;
  json["resources"]["lut"]["synthesised"] = 11;
  json["sources"]["exact.rtl"] = "simulated";
  ASSERT_TRUE(write_file(design / "report.json", json.dump()));
  // A line that Verilator's lint does not accept.
  ASSERT_TRUE(write_file(design / "top.sv", *read_file(design / "top.sv") + "module broken\n"));
  const std::string error = error_of(verify({.design = design, .data = cases::data()}, cases::silent));
  EXPECT_TRUE(error.find("Verilator's lint finds in the generated hardware: %Error") != std::string::npos)
      << error;
  EXPECT_EQ(error.find("differs from the integer network"), std::string::npos) << error;
  json = Json::parse(*read_file(design / "report.json"));
  EXPECT_FALSE(json.at("exact").contains("rtl"));
  EXPECT_FALSE(json.contains("latency_cycles"));
  EXPECT_FALSE(json.at("interval_cycles").contains("simulated"));
  EXPECT_FALSE(json.at("sources").contains("exact.rtl"));
  EXPECT_NE(error_of(synthesise({.design = design, .cache = folder / "cache", .data = cases::data()},
                                cases::silent)),
            "accepted");
  json = Json::parse(*read_file(design / "report.json"));
  EXPECT_FALSE(json.at("resources").at("lut").contains("synthesised"));
}

TEST(BuildDocument, VerifySaysHowManyOfTheGivenFramesItUses) {
  const cases::Scratch folder;
  const cases::fs::path design = folder / "design";
  ASSERT_TRUE(
      build({.plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
             .out = design},
            cases::silent));
  const std::string file = folder.save(cases::random_values({16, 2, 4, 4}, 1), "x.npy").string();
  std::string said;
  const auto verified = verify({.design = design, .level = "engine", .inputs = {file}, .data = cases::data()},
                               [&](std::string_view line) { said += std::string(line) + "\n"; });
  ASSERT_TRUE(verified) << to_text(verified.errors());
  EXPECT_TRUE(said.starts_with("using 2 of 16 frames of " + file +
                               " (--frames takes more), then one of random and one of extreme codes\n"))
      << said;
}

TEST(BuildDocument, OtherFoldersAreNoDesigns) {
  const cases::Scratch folder;
  EXPECT_EQ(error_of(verify({.design = folder.path(), .data = cases::data()}, cases::silent)),
            folder.path().string() +
                ": the folder holds no design.json; write it with `bitmason build NET --part P --out DIR` "
                "[BM-FLOW-007]\n");
  ASSERT_TRUE(write_file(folder / "foreign/notes.txt", "mine"));
  EXPECT_EQ(error_of(build(
                {.plan = {.network = {.file = folder.save(cases::small_network())}, .data = cases::data()},
                 .out = folder / "foreign"},
                cases::silent)),
            folder.text("foreign") +
                ": the folder holds 1 entries and no design.json, so it is no design of ours; choose another "
                "folder or empty it [BM-EMIT-001]\n");
  EXPECT_EQ(*read_file(folder / "foreign/notes.txt"), "mine");
}

}  // namespace
}  // namespace bitmason::flow
