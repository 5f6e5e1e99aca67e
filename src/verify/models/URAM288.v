// Behaviour of the Xilinx URAM288 (UG573, UG974) in the subset that Yosys maps memories to: 4,096 words of 72 bits, no output or input
// registers, no cascade, a port reads or writes; a port that writes keeps its output. BWE_MODE PARITY_INTERLEAVED:
// enable k writes byte k and parity bit k; there are no initial contents, here they are random.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module URAM288 #(
    parameter BWE_MODE_A = "PARITY_INTERLEAVED", parameter BWE_MODE_B = "PARITY_INTERLEAVED",
    parameter EN_AUTO_SLEEP_MODE = "FALSE", parameter IREG_PRE_A = "FALSE", parameter IREG_PRE_B = "FALSE",
    parameter [0:0] IS_CLK_INVERTED = 1'b0, parameter OREG_A = "FALSE", parameter OREG_B = "FALSE",
    parameter RST_MODE_A = "SYNC", parameter RST_MODE_B = "SYNC"
) (
    input  wire [22:0] ADDR_A,
    input  wire [22:0] ADDR_B,
    input  wire [8:0] BWE_A,
    input  wire [8:0] BWE_B,
    input  wire CLK,
    input  wire [71:0] DIN_A,
    input  wire [71:0] DIN_B,
    output reg  [71:0] DOUT_A,
    output reg  [71:0] DOUT_B,
    input  wire EN_A,
    input  wire EN_B,
    input  wire INJECT_DBITERR_A,
    input  wire INJECT_DBITERR_B,
    input  wire INJECT_SBITERR_A,
    input  wire INJECT_SBITERR_B,
    input  wire RDB_WR_A,
    input  wire RDB_WR_B,
    input  wire RST_A,
    input  wire RST_B,
    input  wire SLEEP
);
  reg [71:0] words[0:4095];
  integer k;

  // Port A first, then port B, within one clock.
  always @(posedge CLK) begin
    if (EN_A && !RDB_WR_A) DOUT_A <= words[ADDR_A[11:0]];
    if (EN_B && !RDB_WR_B) DOUT_B <= words[ADDR_B[11:0]];
    for (k = 0; k < 8; k = k + 1) begin
      if (EN_A && RDB_WR_A && BWE_A[k]) words[ADDR_A[11:0]][8*k+:8] <= DIN_A[8*k+:8];
      if (EN_A && RDB_WR_A && BWE_A[k]) words[ADDR_A[11:0]][64+k] <= DIN_A[64+k];
      if (EN_B && RDB_WR_B && BWE_B[k]) words[ADDR_B[11:0]][8*k+:8] <= DIN_B[8*k+:8];
      if (EN_B && RDB_WR_B && BWE_B[k]) words[ADDR_B[11:0]][64+k] <= DIN_B[64+k];
    end
  end
endmodule
