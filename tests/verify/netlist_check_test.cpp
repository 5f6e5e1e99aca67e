#include "verify/netlist_check.hpp"

#include "tiny_design.hpp"
#include "verify/netlist_model.hpp"

namespace bitmason::verify {
namespace {

namespace fs = std::filesystem;

TEST(NetlistCheck, FindsTheStreamsAmongTheBlocksPorts) {
  const auto bits = [](int count) { return std::vector<NetBit>(static_cast<std::size_t>(count), 2); };
  const BenchPorts ports = block_ports({{"clk", false, bits(1)},
                                        {"rst_n", false, bits(1)},
                                        {"in_valid", false, bits(2)},
                                        {"in_ready", true, bits(2)},
                                        {"in_data", false, bits(10)},
                                        {"m_axis_tvalid", true, bits(1)},
                                        {"m_axis_tready", false, bits(1)},
                                        {"m_axis_tlast", true, bits(1)},
                                        {"m_axis_tdata", true, bits(8)}});
  EXPECT_EQ(ports.clock, "clk");
  EXPECT_EQ(ports.reset, "rst_n");
  ASSERT_EQ(ports.inputs.size(), 2U);
  EXPECT_EQ(ports.inputs[1].index, 1);
  EXPECT_EQ(ports.inputs[1].offset, 5);
  EXPECT_EQ(ports.inputs[1].width, 5);
  ASSERT_EQ(ports.outputs.size(), 1U);
  EXPECT_EQ(ports.outputs[0].width, 8);
  EXPECT_EQ(ports.outputs[0].last, "m.m_axis_tlast");
}

/// tiny_last has no stream of its own, so it stands within a module that has.
std::string streamed_top() {
  return R"(module top (
    input logic ap_clk, input logic ap_rst_n,
    input logic [7:0] s_axis_tdata, input logic s_axis_tvalid, output logic s_axis_tready, input logic s_axis_tlast,
    output logic [15:0] m_axis_tdata, output logic m_axis_tvalid, input logic m_axis_tready, output logic m_axis_tlast
);
  logic [11:0] data;
  tiny_stage #(.MUL(3), .FILE("mem/five.mem")) u_tripled (
      .clk(ap_clk), .rst_n(ap_rst_n), .in_valid(s_axis_tvalid), .in_ready(s_axis_tready), .in_data(s_axis_tdata),
      .out_valid(m_axis_tvalid), .out_ready(m_axis_tready), .out_data(data));
  assign m_axis_tdata = {4'b0, data};
  assign m_axis_tlast = 1'b0;
endmodule
)";
}

TEST(NetlistCheck, ProvesABlockEqualAndFindsAChangedNetlist) {
  const fs::path folder = tiny::folder("netlist");
  tiny::write(folder, streamed_top());
  const auto design = read_design(folder);
  ASSERT_TRUE(design.ok());
  auto synthesis = synthesise(*design, {.workbench = tiny::workbench()});
  ASSERT_TRUE(synthesis.ok()) << to_text(synthesis.errors());
  ASSERT_EQ(synthesis->blocks.size(), 1U);
  const NetlistCheckOptions options{.workbench = tiny::workbench(), .seed = 3, .cycles = 2000};
  const auto equal = check_netlists(*design, *synthesis, options);
  ASSERT_TRUE(equal.ok()) << to_text(equal.errors());
  EXPECT_TRUE(equal->equal) << equal->blocks[0].difference;
  // Stalls of a fifth on either side leave most of the 2,000 cycles.
  EXPECT_GT(equal->values, 800);

  const auto again = check_netlists(*design, *synthesis, options);
  ASSERT_TRUE(again.ok()) << to_text(again.errors());
  EXPECT_TRUE(again->blocks[0].from_cache);
  EXPECT_EQ(again->values, equal->values);
  EXPECT_EQ(again->input_sha256, equal->input_sha256);
  auto other_beats = options;
  other_beats.seed = 4;
  const auto other = check_netlists(*design, *synthesis, other_beats);
  ASSERT_TRUE(other.ok()) << to_text(other.errors());
  EXPECT_NE(other->input_sha256, equal->input_sha256);

  // The same netlist with the constant 5 of the memory replaced by 4 in the RTL.
  ASSERT_TRUE(write_file(folder / "mem" / "five.mem", "04\n"));
  const auto changed = check_netlists(*design, *synthesis, options);
  ASSERT_TRUE(changed.ok()) << to_text(changed.errors());
  EXPECT_FALSE(changed->equal);
  EXPECT_EQ(changed->blocks[0].difference.substr(0, 22), "out_0: beat 0 differs,");
  fs::remove_all(folder);
}

/// An array that the tool maps, and the library's memory, whose words count once all have been written.
const char* const kArray = R"(
  logic [W-1:0] store [0:N-1];
  initial for (int i = 0; i < N; i = i + 1) store[i] = W'(i * 7);
  always_ff @(posedge clk) begin
    if (in_ready) begin
      if (in_valid) store[at] <= wide;
      word <= store[from];
    end
  end
)";
const char* const kLibraryMemory = R"(
  logic [W-1:0] q;
  logic written, known;
  bm_ram #(.WIDTH(W), .DEPTH(N), .BLOCK(1)) u_ram (
      .clk, .write(in_ready && in_valid), .write_address(at), .d(wide), .read(in_ready), .read_address(from), .q);
  assign word = known ? q : 0;
  always_ff @(posedge clk) begin
    if (!rst_n) written <= 0;
    else if (in_ready && in_valid && at == N - 1) written <= 1;
    if (in_ready) known <= written;
  end
)";

/// tiny_stage as an instance whose streams carry frames of `beats` beats.
void expect_netlist_check(std::int64_t beats, NetlistCheckOptions options, const BlockEquality& expected) {
  const fs::path folder =
      tiny::folder(std::string("netlist_") + testing::UnitTest::GetInstance()->current_test_info()->name());
  tiny::write(folder, streamed_top());
  auto design = *read_design(folder);
  design.frame_beats = {{"u_tripled", {{"in_0", beats}, {"out_0", beats}}}};
  const auto synthesis = synthesise(design, {.workbench = tiny::workbench()});
  ASSERT_TRUE(synthesis.ok()) << to_text(synthesis.errors());
  options.workbench = tiny::workbench();
  const auto result = check_netlists(design, *synthesis, options);
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  ASSERT_EQ(result->blocks.size(), 1U);
  const BlockEquality& block = result->blocks[0];
  EXPECT_TRUE(block.equal) << block.difference;
  EXPECT_EQ(result->equal, expected.beats > 0);
  EXPECT_EQ(block.frame, expected.frame);
  EXPECT_GE(block.beats, expected.beats);
  EXPECT_LE(block.beats,
            expected.beats + options.cycles + options.most_cycles * (expected.frame > 0 ? 1 : 0));
  fs::remove_all(folder);
}

// One beat takes 1 / (0.8 * 0.8) cycles, so 60,000 beats need more than 90,000 cycles.
TEST(NetlistCheck, RunsToTheEndOfALongFrameAndBeyond) {
  expect_netlist_check(60000, {.cycles = 500}, {.beats = 60000});
}

TEST(NetlistCheck, SaysWhereItComparedOnlyPartOfAFrame) {
  expect_netlist_check(60000, {.cycles = 0, .most_cycles = 1000}, {.beats = 400, .frame = 60000});
}

TEST(NetlistCheck, ABlockWithoutABeatIsNotComparedAndNotDifferent) {
  const BlockEquality nothing{.equal = true, .cycles = 7, .frame_part = 0, .frame = 60000};
  EXPECT_EQ(nothing.to_text(), "nothing compared: no beat in 7 cycles");
  const fs::path folder = tiny::folder("netlist_nothing");
  tiny::write(folder, streamed_top());
  auto design = *read_design(folder);
  design.frame_beats = {{"u_tripled", {{"in_0", 100}, {"out_0", 100}}}};
  const auto synthesis = synthesise(design, {.workbench = tiny::workbench()});
  ASSERT_TRUE(synthesis.ok()) << to_text(synthesis.errors());
  const auto result =
      check_netlists(design, *synthesis, {.workbench = tiny::workbench(), .cycles = 0, .most_cycles = 1});
  ASSERT_TRUE(result.ok()) << to_text(result.errors());
  EXPECT_FALSE(result->equal);
  EXPECT_TRUE(result->blocks[0].equal) << result->blocks[0].difference;
  EXPECT_EQ(result->blocks[0].to_text(), "nothing compared: no beat in 1 cycles");
  fs::remove_all(folder);
}

/// A memory of `words` words of `width` bits with one write and one read port behind a stream: beat =
/// address, data; the answer is the word before the write.
void check_memory(const std::string& synthesis, int width, int words, const std::string& expected_cell,
                  bool expected_equal = true, const std::string& memory = kArray) {
  const fs::path folder = tiny::folder("memory" + std::to_string(width) + expected_cell);
  tiny::write(folder, streamed_top());
  const std::string w = std::to_string(width);
  const std::string a = std::to_string(words);
  ASSERT_TRUE(write_file(folder / "rtl" / "tiny_stage.sv", R"(module tiny_stage #(
    parameter int MUL = 1, parameter int W = )" + w + R"(, parameter int N = )" +
                                                               a + R"(, parameter FILE = "") (
    input logic clk, input logic rst_n, input logic in_valid, output logic in_ready, input logic [7:0] in_data,
    output logic out_valid, input logic out_ready, output logic [11:0] out_data);
  logic [W-1:0] word, wide;
  logic [$clog2(N)-1:0] at, from;
  always_comb for (int i = 0; i < W; i = i + 1) wide[i] = in_data[i%8] ^ at[i%3];
  assign in_ready = !out_valid || out_ready;
)" + memory + R"(
  always_ff @(posedge clk) begin
    if (!rst_n) begin out_valid <= 0; at <= 0; from <= 3; end
    else if (in_ready) begin
      out_valid <= in_valid;
      if (in_valid) begin at <= at + 1; from <= from + $clog2(N)'(in_data[1:0]); end
    end
  end
  always_comb begin
    out_data = 0;
    for (int i = 0; i < W; i = i + 1) out_data[i%12] = out_data[i%12] ^ word[i];
  end
endmodule
)" + *read_file(fs::path(BITMASON_SOURCE_DIR) / "rtl/bm_ram.sv")));
  auto design = *read_design(folder);
  design.synthesis = synthesis;
  const auto synthesised = synthesise(design, {.workbench = tiny::workbench()});
  ASSERT_TRUE(synthesised.ok()) << to_text(synthesised.errors());
  const auto netlist = read_netlist(synthesised->blocks[0].folder / "block.json", "tiny_stage");
  ASSERT_TRUE(netlist.ok());
  bool found = false;
  for (const auto& cell : netlist->cells) found = found || cell.type == expected_cell;
  EXPECT_TRUE(found) << expected_cell;
  const auto equal = check_netlists(design, *synthesised, {.workbench = tiny::workbench(), .cycles = 4000});
  ASSERT_TRUE(equal.ok()) << to_text(equal.errors());
  EXPECT_EQ(equal->equal, expected_equal) << width << ": " << equal->blocks[0].difference;
  fs::remove_all(folder);
}

TEST(NetlistCheck, RefusesCellsWithoutAModel) {
  const fs::path folder = tiny::folder("model");
  tiny::write(folder, streamed_top());
  ASSERT_TRUE(write_file(folder / "block.json", R"({"modules": {"m": {"ports": {}, "netnames": {}, "cells":
    {"u": {"type": "SB_SPRAM256KA", "parameters": {}, "connections": {}}}}}})"));
  const auto model =
      netlist_model(*read_design(folder), {.module = "m", .folder = folder}, tiny::workbench());
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(
      model.errors()[0].message(),
      "m: cells of type SB_SPRAM256KA have no simulation model; add one under models/ or use another part "
      "[BM-VERIFY-034]");
  fs::remove_all(folder);
}

TEST(NetlistCheckSlow, SimulatesBlockMemoriesOfUltraScaleWithThisRoomsModels) {
  check_memory("synth_xilinx -family xcup -nosrl", 18, 512, "RAMB18E2");
  check_memory("synth_xilinx -family xcup -nosrl", 36, 1024, "RAMB36E2");
  // 512 words of 36 bits: simple dual port, both halves of the data pins, as 72 bits in a RAMB36E2.
  check_memory("synth_xilinx -family xcup -nosrl", 36, 512, "RAMB18E2");
}

// The mapping file of Yosys 0.23 tests for a width of 71 where it connects the upper parity inputs.
TEST(NetlistCheckSlow, FindsThatYosysMisconnectsTheParityOf72BitMemories) {
  check_memory("synth_xilinx -family xcup -nosrl", 72, 512, "RAMB36E2", false);
}

// bm_ram cuts what may become block RAM into words of 36 bits.
TEST(NetlistCheckSlow, ProvesTheLibrarysMemoryOf72BitsEqual) {
  check_memory("synth_xilinx -family xcup -nosrl", 72, 512, "RAMB18E2", true, kLibraryMemory);
}

TEST(NetlistCheckSlow, SimulatesBlockMemoriesOfSeries7WithThisRoomsModels) {
  check_memory("synth_xilinx -family xc7 -nosrl", 9, 2048, "RAMB18E1");
  check_memory("synth_xilinx -family xc7 -nosrl", 36, 1024, "RAMB36E1");
}

TEST(NetlistCheckSlow, SimulatesLutMemories) {
  check_memory("synth_xilinx -family xcup -nosrl", 14, 32, "RAM32M16");
  check_memory("synth_xilinx -family xc7 -nosrl", 8, 64, "RAM64M");
}

TEST(NetlistCheckSlow, SimulatesIce40Memories) {
  check_memory("synth_ice40", 16, 256, "SB_RAM40_4K");
}

}  // namespace
}  // namespace bitmason::verify
