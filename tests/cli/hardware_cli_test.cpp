#include <nlohmann/json.hpp>

#include "cli_case.hpp"

/// The program on generated hardware, as a user calls it; tool results are kept in the build folder.
namespace bitmason::cli {
namespace {

using Json = nlohmann::json;

const std::string kCache = " --cache '" BITMASON_BINARY_DIR "/cli_test_cache'";

TEST_F(Cli, BuildVerifiesRealFramesAndSynthesises) {
  const Outcome built = call("build net.onnx --out design --verify --synth --input x.npy --json" + kCache);
  ASSERT_EQ(built.code, 0) << built.err;
  const Json report = Json::parse(built.out);
  EXPECT_EQ(report, Json::parse(*read_file(work() / "design/report.json")));
  EXPECT_EQ(report.at("exact").at("rtl").at("equal"), true);
  EXPECT_EQ(report.at("exact").at("rtl").at("frames"), 4);
  EXPECT_EQ(report.at("exact").at("rtl").at("input"), "x.npy, random and extreme codes, seed 1");
  EXPECT_EQ(report.at("liveness").at("frames"), 4);
  EXPECT_EQ(report.at("exact").at("rtl").at("runs"),
            Json({{{"name", "no stalls"}, {"equal", true}, {"frames", 4}},
                  {{"name", "stalls, seed 1"}, {"equal", true}, {"frames", 2}},
                  {{"name", "stalls, seed 2"}, {"equal", true}, {"frames", 2}},
                  {{"name", "reset in mid-frame"}, {"equal", true}, {"frames", 2}}}));
  EXPECT_TRUE(read_file(work() / "design/report.txt")
                  ->ends_with("\nexact: 4 frames in Verilator equal the network's integers, with and without "
                              "stalls and after a reset\n"));
  EXPECT_EQ(report.at("interval_cycles").at("simulated"), report.at("interval_cycles").at("planned"));
  EXPECT_GT(report.at("resources").at("lut").at("synthesised"), 0);
  EXPECT_EQ(report.at("resources").at("dsp").at("synthesised"),
            report.at("resources").at("dsp").at("estimated"));
}

TEST_F(Cli, ATamperedDesignIsFoundAtItsFirstWrongCode) {
  ASSERT_EQ(call("build net.onnx --out design").code, 0);
  std::string module = *read_file(work() / "design/rtl/bm_axis_out.sv");
  const std::string right = "{last, in_data}";
  ASSERT_NE(module.find(right), std::string::npos);
  ASSERT_TRUE(write_file(work() / "design/rtl/bm_axis_out.sv",
                         module.replace(module.find(right), right.size(), "{last, ~in_data}")));
  // Nine threes are 27, a code of 3 in 3 bits of scale 8; inverted it is 4.
  const Outcome verified = call("verify design --input x.npy" + kCache);
  EXPECT_EQ(verified.code, 1);
  EXPECT_TRUE(verified.err.ends_with(
      "design: the generated hardware differs from the integer network: layer m_axis, frame 0, channel "
      "0, row "
      "0, column 0: 4 where 3 is right; this is a defect of Bitmason, please report it with the network "
      "[BM-FLOW-008]\n"))
      << verified.err;
  const Json exact = Json::parse(*read_file(work() / "design/report.json")).at("exact");
  EXPECT_EQ(exact.at("rtl").at("equal"), false);
}

TEST_F(Cli, LintFindingsAreNamed) {
  ASSERT_EQ(call("build net.onnx --out design").code, 0);
  std::string top = *read_file(work() / "design/top.sv");
  const std::string end = "endmodule";
  ASSERT_TRUE(write_file(work() / "design/top.sv",
                         top.replace(top.rfind(end), end.size(), "logic idle;\nendmodule")));
  const Outcome verified = call("verify design" + kCache);
  EXPECT_EQ(verified.code, 1);
  EXPECT_NE(
      verified.err.find("design: Verilator's lint finds in the generated hardware: %Warning-UNUSEDSIGNAL: "),
      std::string::npos)
      << verified.err;
  EXPECT_TRUE(verified.err.ends_with(
      "; this is a defect of Bitmason, please report it with the network [BM-FLOW-018]\n"))
      << verified.err;
}

TEST_F(Cli, FoldersThatARunCannotUseAreNamed) {
  const Outcome own = call("build net.onnx --out .");
  EXPECT_EQ(own.code, 1);
  EXPECT_TRUE(
      own.err.ends_with("the folder is or holds the current one, which a build cannot replace; call from "
                        "outside it or choose another "
                        "folder [BM-EMIT-006]\n"))
      << own.err;
  ASSERT_EQ(::setenv("TMPDIR", (work() / "none").c_str(), 1), 0);
  const Outcome run = call("run net.onnx --input x.npy --output y.npy --engine rtl");
  ::unsetenv("TMPDIR");
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(run.err.starts_with("TMPDIR: cannot use the folder for temporary files (")) << run.err;
  EXPECT_TRUE(run.err.ends_with("); let TMPDIR name one that exists [BM-FLOW-019]\n")) << run.err;
}

TEST_F(Cli, VerifyNeedsAFrame) {
  ASSERT_EQ(call("build net.onnx --out design").code, 0);
  ASSERT_TRUE(write_npy(work() / "none.npy", {{0, 1, 4, 4}, NpyType::Int64, {}, {}}));
  expect_refused("verify design --input none.npy --level engine",
                 "none.npy: holds 0 frames and at least 1 is needed; give one or more [BM-FLOW-011]");
}

}  // namespace
}  // namespace bitmason::cli
