#include "verify/cosimulation.hpp"

#include "base/file.hpp"
#include "tiny_design.hpp"

namespace bitmason::verify {
namespace {

namespace fs = std::filesystem;

CosimulationOptions options() {
  return {.workbench = tiny::workbench(), .reference = tiny::reference, .seed = 7};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

Result<CosimulationResult> prove(const std::string& name, const std::string& top, std::size_t frames) {
  const fs::path folder = tiny::folder(name);
  tiny::write(folder, top);
  const auto design = read_design(folder);
  EXPECT_TRUE(design.ok()) << to_text(design.errors());
  auto result = cosimulate(*design, tiny::network(), tiny::frames(frames), options());
  fs::remove_all(folder);
  return result;
}

TEST(Cosimulation, ProvesThreeFramesOfTheTinyDesignUnderFourConditions) {
  const auto result = prove("right", tiny::top(-1), 3);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_TRUE(result->equal) << result->failure;
  EXPECT_EQ(result->frames, 3U);
  // 24 codes a frame: 3 frames without stalls, 2 in each of the other three runs.
  EXPECT_EQ(result->values, 24 * 3);
  ASSERT_EQ(result->runs.size(), 4U);
  EXPECT_EQ(result->runs[0].name, "no stalls");
  EXPECT_EQ(result->runs[1].name, "stalls, seed 7");
  EXPECT_EQ(result->runs[2].name, "stalls, seed 8");
  EXPECT_EQ(result->runs[3].name, "reset in mid-frame");
  // 12 beats a frame, one a cycle.
  EXPECT_EQ(result->interval, 12);
  // 12 beats, and two register stages behind the first.
  EXPECT_EQ(result->latency, 14);
  EXPECT_TRUE(result->tool.starts_with("Verilator ")) << result->tool;
  EXPECT_EQ(result->input_sha256.size(), 64U);
}

TEST(Cosimulation, NamesLayerChannelAndPixelOfADeliberateFault) {
  // Beat 9 is the second half of pixel 4: row 1, column 1, channels 2 and 3; channel 2 is one too high.
  const auto result = prove("wrong", tiny::top(9), 2);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_FALSE(result->equal);
  ASSERT_TRUE(result->difference);
  // Codes in (C, H, W) order: element 2 * 6 + 1 * 3 + 1 = 16 of frame 0 is 7 * 16 mod 16 = 0.
  EXPECT_EQ(result->difference->to_text(),
            "layer tripled, frame 0, channel 2, row 1, column 1: 1 where 0 is right");
}

TEST(Simulation, ATimeOutIsNamedAsOne) {
  const fs::path folder = tiny::folder("endless");
  ASSERT_TRUE(write_file(folder / "endless", "#!/bin/sh\nsleep 30\n"));
  fs::permissions(folder / "endless", fs::perms::owner_all);
  Workbench workbench = tiny::workbench();
  workbench.limit = std::chrono::seconds(1);
  const auto recording = simulate(folder / "endless", {}, {}, workbench);
  ASSERT_FALSE(recording.ok());
  EXPECT_EQ(
      recording.errors()[0].message(),
      (folder / "endless").string() +
          ": did not finish within 1 s and was stopped; raise the limit or read its output [BM-VERIFY-002]");
  fs::remove_all(folder);
}

TEST(CosimulationSlow, RefusesTlastOnTheWrongBeat) {
  const auto result = prove("tlast", replaced(tiny::top(-1), "LAST(11)", "LAST(10)"), 2);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_FALSE(result->equal);
  EXPECT_FALSE(result->difference);
  EXPECT_EQ(result->failure, "no stalls: m_axis_tlast is 1 on beat 10 of frame 0, which has 12 beats");
}

TEST(CosimulationSlow, RefusesValidThatWaitsForReady) {
  const auto top = replaced(tiny::top(-1), "m_axis_tvalid = shifted_valid",
                            "m_axis_tvalid = shifted_valid && m_axis_tready");
  const auto result = prove("dependent", top, 2);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_FALSE(result->equal);
  EXPECT_NE(result->failure.find("stalls, seed 7: m_axis in cycle"), std::string::npos) << result->failure;
  EXPECT_NE(result->failure.find("valid"), std::string::npos) << result->failure;
}

TEST(CosimulationSlow, NamesTheLayerThatStopsDelivering) {
  // The second stage never sees a beat: nothing of layer shifted comes, its input backs up after one beat.
  const auto top = replaced(tiny::top(-1), ".in_valid(tripled_valid), .in_ready(tripled_ready)",
                            ".in_valid(1'b0), .in_ready()");
  const auto stuck =
      replaced(top, "assign m_axis_tdata", "assign tripled_ready = 1'b0;\n  assign m_axis_tdata");
  const auto result = prove("stuck", stuck, 1);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_FALSE(result->equal);
  EXPECT_EQ(result->failure, "no stalls: m_axis delivered 0 beats where 12 are right");
  ASSERT_TRUE(result->difference);
  EXPECT_EQ(result->difference->to_text(),
            "layer tripled, frame 0, channel 0, row 0, column 0: nothing where 0 is right");
  const fs::path folder = tiny::folder("stuck");
  tiny::write(folder, stuck);
  const auto outputs = run_design(*read_design(folder), tiny::network(), tiny::frames(1), tiny::workbench());
  ASSERT_FALSE(outputs.ok());
  EXPECT_EQ(outputs.errors()[0].message(),
            "m_axis: the design delivered 0 of 12 beats; verify it with `bitmason verify` [BM-VERIFY-024]");
  fs::remove_all(folder);
}

TEST(Cosimulation, LintsTheTinyDesignWithoutFindingsAndNamesAnUnusedSignal) {
  const fs::path folder = tiny::folder("lint");
  tiny::write(folder, tiny::top(-1));
  auto findings = lint(*read_design(folder), tiny::workbench());
  ASSERT_TRUE(findings.ok()) << to_text(findings.errors());
  EXPECT_EQ(*findings, "");
  tiny::write(folder, replaced(tiny::top(-1), "  logic in_valid,", "  logic idle_wire;\n  logic in_valid,"));
  findings = lint(*read_design(folder), tiny::workbench());
  ASSERT_TRUE(findings.ok());
  EXPECT_NE(findings->find("idle_wire"), std::string::npos) << *findings;
  fs::remove_all(folder);
}

TEST(Cosimulation, RunsTheDesignAsAnEngine) {
  const fs::path folder = tiny::folder("engine");
  tiny::write(folder, tiny::top(-1));
  const auto frames = tiny::frames(2);
  const auto outputs = run_design(*read_design(folder), tiny::network(), frames, tiny::workbench());
  ASSERT_TRUE(outputs.ok()) << to_text(outputs.errors());
  EXPECT_EQ((*outputs)[1][0], tiny::reference(frames[1])[2]);
  fs::remove_all(folder);
}

TEST(Cosimulation, RefusesCodesThatDoNotFitThePort) {
  const fs::path folder = tiny::folder("range");
  tiny::write(folder, tiny::top(-1));
  auto frames = tiny::frames(2);
  frames[1][0][3] = 16;
  auto result = cosimulate(*read_design(folder), tiny::network(), frames, options());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.errors()[0].message(),
            "s_axis: frame 1 holds the code 16 and the port carries 4 bits unsigned; give codes within it "
            "[BM-VERIFY-022]");
  frames[1][0].pop_back();
  result = cosimulate(*read_design(folder), tiny::network(), frames, options());
  EXPECT_EQ(result.errors()[0].message(),
            "s_axis: frame 1 has 23 codes and the port carries 24; give frames of the port's shape "
            "[BM-VERIFY-021]");
  result = cosimulate(*read_design(folder), tiny::network(), {}, options());
  EXPECT_EQ(result.errors()[0].message(),
            folder.string() + ": 0 frames are given; give at least 1 [BM-VERIFY-020]");
  fs::remove_all(folder);
}

TEST(Cosimulation, RefusesADesignWithOtherPortsThanTheNetwork) {
  const fs::path folder = tiny::folder("ports");
  tiny::write(folder, tiny::top(-1));
  auto design = *read_design(folder);
  design.outputs[0].network_port = "z";
  const auto result = cosimulate(design, tiny::network(), tiny::frames(1), options());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.errors()[0].message(),
            folder.string() +
                ": the design has 0 outputs and the network has 1; build the design from this network "
                "[BM-VERIFY-013]");
  fs::remove_all(folder);
}

}  // namespace
}  // namespace bitmason::verify
