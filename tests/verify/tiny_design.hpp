#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/file.hpp"
#include "ir/network.hpp"
#include "sim/engine.hpp"
#include "verify/simulator.hpp"

/// A design small enough to check by hand: out = 3 * in + 5 on a 4 x 2 x 3 frame of 4-bit codes, two channels
/// a beat, as two stages; the 5 comes from a memory file.
namespace bitmason::verify::tiny {

inline const char* const kStage = R"(// verilator lint_off DECLFILENAME
module tiny_stage #(
    parameter int CH = 2,
    parameter int IN_BITS = 4,
    parameter int OUT_BITS = 6,
    parameter int MUL = 1,
    parameter int WRONG_BEAT = -1,
    parameter FILE = ""
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH*IN_BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*OUT_BITS-1:0] out_data
);
  logic [7:0] table_q [0:0];
  initial $readmemh(FILE, table_q);
  logic [7:0] beat;

  assign in_ready = !out_valid || out_ready;
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      out_valid <= 1'b0;
      beat <= '0;
    end else if (in_ready) begin
      out_valid <= in_valid;
      if (in_valid) beat <= beat == 8'd11 ? 8'd0 : beat + 8'd1;
    end
    if (in_ready) begin
      for (int i = 0; i < CH; i = i + 1) begin
        out_data[i*OUT_BITS+:OUT_BITS] <= OUT_BITS'(in_data[i*IN_BITS+:IN_BITS]) * OUT_BITS'(MUL) +
            table_q[0][OUT_BITS-1:0] + OUT_BITS'(32'(beat) == WRONG_BEAT && i == 0);
      end
    end
  end
  wire unused = &{1'b0, table_q[0][7:OUT_BITS]};
endmodule
module tiny_last #(
    parameter int LAST = 11
) (
    input  logic clk,
    input  logic rst_n,
    input  logic valid,
    input  logic ready,
    output logic last
);
  logic [7:0] beat;
  assign last = beat == 8'(LAST);
  always_ff @(posedge clk)
    if (!rst_n) beat <= '0;
    else if (valid && ready) beat <= last ? 8'd0 : beat + 8'd1;
endmodule
)";

/// The top level; the first stage is wrong by one on one beat (-1: never).
inline std::string top(int wrong_beat) {
  return R"(`ifndef BITMASON_MEM
`define BITMASON_MEM "mem/"
`endif
module top (
    input  logic ap_clk, input logic ap_rst_n,
    input  logic [7:0] s_axis_tdata, input logic s_axis_tvalid, output logic s_axis_tready, input logic s_axis_tlast,
    output logic [15:0] m_axis_tdata, output logic m_axis_tvalid, input logic m_axis_tready, output logic m_axis_tlast
);
  logic in_valid, in_ready, tripled_valid, tripled_ready, shifted_valid, shifted_ready;
  logic [7:0] in_data;
  logic [11:0] tripled_data, shifted_data;
  assign in_valid = s_axis_tvalid;
  assign in_data = s_axis_tdata;
  assign s_axis_tready = in_ready;
  wire unused = &{1'b0, s_axis_tlast};
  tiny_stage #(.MUL(3), .WRONG_BEAT()" +
         std::to_string(wrong_beat) + R"(), .FILE({`BITMASON_MEM, "zero.mem"})) u_tripled (
      .clk(ap_clk), .rst_n(ap_rst_n), .in_valid(in_valid), .in_ready(in_ready), .in_data(in_data),
      .out_valid(tripled_valid), .out_ready(tripled_ready), .out_data(tripled_data));
  tiny_stage #(.IN_BITS(6), .FILE({`BITMASON_MEM, "five.mem"})) u_shifted (
      .clk(ap_clk), .rst_n(ap_rst_n), .in_valid(tripled_valid), .in_ready(tripled_ready), .in_data(tripled_data),
      .out_valid(shifted_valid), .out_ready(shifted_ready), .out_data(shifted_data));
  assign m_axis_tdata = {4'b0, shifted_data};
  assign m_axis_tvalid = shifted_valid;
  assign shifted_ready = m_axis_tready;
  tiny_last #(.LAST(11)) u_last (.clk(ap_clk), .rst_n(ap_rst_n), .valid(m_axis_tvalid), .ready(m_axis_tready), .last(m_axis_tlast));
endmodule
)";
}

inline std::string manifest() {
  const std::string zero = sha256_hex("00\n");
  const std::string five = sha256_hex("05\n");
  return R"({"name": "tiny", "signature": "s", "top": "top", "part": "xczu3eg", "dsp_cell": "DSP48E2",
 "synthesis": "synth_xilinx -family xcup -nosrl", "planned": {"latency_cycles": 14},
 "inputs": [{"name": "s_axis", "stream": "in", "network_port": "x", "layer": "in", "shape": [4, 2, 3],
             "channels_per_beat": 2, "bits": 4, "signed": false}],
 "outputs": [{"name": "m_axis", "stream": "shifted", "network_port": "y", "layer": "shifted", "shape": [4, 2, 3],
              "channels_per_beat": 2, "bits": 6, "signed": false}],
 "layers": [{"name": "in", "stream": "in", "shape": [4, 2, 3], "channels_per_beat": 2, "bits": 4, "signed": false},
  {"name": "tripled", "stream": "tripled", "shape": [4, 2, 3], "channels_per_beat": 2, "bits": 6, "signed": false},
  {"name": "shifted", "stream": "shifted", "shape": [4, 2, 3], "channels_per_beat": 2, "bits": 6, "signed": false}],
 "instances": [{"name": "u_tripled", "module": "tiny_stage", "layer": "tripled"},
               {"name": "u_shifted", "module": "tiny_stage", "layer": "shifted"}],
 "memory_macro": "BITMASON_MEM",
 "memories": [{"file": "mem/zero.mem", "sha256": ")" +
         zero + R"("}, {"file": "mem/five.mem", "sha256": ")" + five + R"("}],
 "sources": ["rtl/tiny_stage.sv", "top.sv"], "simulation_sources": []})";
}

inline void write(const std::filesystem::path& folder, const std::string& top_text) {
  ASSERT_TRUE(write_file(folder / "top.sv", top_text));
  ASSERT_TRUE(write_file(folder / "rtl" / "tiny_stage.sv", kStage));
  ASSERT_TRUE(write_file(folder / "mem" / "zero.mem", "00\n"));
  ASSERT_TRUE(write_file(folder / "mem" / "five.mem", "05\n"));
  ASSERT_TRUE(write_file(folder / "design.json", manifest()));
}

inline ir::Network network() {
  ir::NetworkBuilder builder("tiny");
  const auto in = builder.add_input("in", {{4, 2, 3}, IntRange::unsigned_bits(4)}, {.name = "x"});
  const auto tripled = builder.add("tripled", ir::Add{{3}, 0}, {*in});
  const auto shifted = builder.add("shifted", ir::Add{{1}, 5}, {*tripled});
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = shifted->index}));
  return *std::move(builder).build();
}

/// The network by hand.
inline sim::Trace reference(std::span<const sim::Codes> inputs) {
  sim::Trace trace{inputs[0], inputs[0], inputs[0]};
  for (auto& code : trace[1]) code = 3 * code;
  for (auto& code : trace[2]) code = 3 * code + 5;
  return trace;
}

inline std::vector<std::vector<sim::Codes>> frames(std::size_t count) {
  std::vector<std::vector<sim::Codes>> list;
  for (std::size_t f = 0; f < count; ++f) {
    sim::Codes codes;
    for (std::size_t k = 0; k < 24; ++k) codes.push_back(static_cast<std::int64_t>((7 * k + 5 * f) % 16));
    list.push_back({codes});
  }
  return list;
}

inline Workbench workbench() {
  return {.support = std::filesystem::path(BITMASON_SOURCE_DIR) / "src" / "verify",
          .cache = std::filesystem::path(BITMASON_BINARY_DIR) / "verify_test_cache"};
}

/// A fresh folder of a fixed name, so that a repeated run finds its simulators in the cache.
inline std::filesystem::path folder(const std::string& name) {
  const auto path = std::filesystem::path(BITMASON_BINARY_DIR) / "verify_test_designs" / name;
  std::filesystem::remove_all(path);
  return path;
}

}  // namespace bitmason::verify::tiny
