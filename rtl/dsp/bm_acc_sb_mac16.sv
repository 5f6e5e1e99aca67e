// The accumulating cell on iCE40 UltraPlus (SB_MAC16): ports, latency and result (modulo 2^32) of bm_acc_dsp48e1. The block's own feedback
// cannot choose a start value, so the sum returns through C and D. Weights are packed in fabric one register before the cell.
// Cost: 1 SB_MAC16; the packed width and 32 LC (Yosys 0.23, synth_ice40 without -dsp).
module bm_acc_sb_mac16 #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 16,
    parameter int APORT = 16,
    parameter int BIASED = 1,
    parameter int ACCUM = 1,
    parameter [47:0] BIAS = 0
) (
    input  logic clk,
    input  logic ce,
    input  logic first_n,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  logic [WPORT-1:0] low, sign, w_q;
  logic [APORT-1:0] a_q;
  logic [31:0] addend, sum;

  bm_acc_fields #(.COUNT(NW), .BITS(WBITS), .SIGNED(WSIGNED), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);
  always_ff @(posedge clk) begin
    w_q <= low - sign;
    a_q <= a;
  end
  assign addend = BIASED == 0 ? pcin[31:0] : ACCUM != 0 && first_n ? sum : BIAS[31:0];
  assign p = {16'b0, sum};
  assign pcout = p;

  // verilator lint_off PINCONNECTEMPTY
  SB_MAC16 #(
      .A_REG(1'b1), .B_REG(1'b1), .C_REG(1'b0), .D_REG(1'b0), .TOP_8x8_MULT_REG(1'b0), .BOT_8x8_MULT_REG(1'b0),
      .PIPELINE_16x16_MULT_REG1(1'b0), .PIPELINE_16x16_MULT_REG2(1'b1), .TOPOUTPUT_SELECT(2'b01),
      .TOPADDSUB_LOWERINPUT(2'b10), .TOPADDSUB_UPPERINPUT(1'b1), .TOPADDSUB_CARRYSELECT(2'b10),
      .BOTOUTPUT_SELECT(2'b01), .BOTADDSUB_LOWERINPUT(2'b10), .BOTADDSUB_UPPERINPUT(1'b1),
      .BOTADDSUB_CARRYSELECT(2'b00), .MODE_8x8(1'b0), .A_SIGNED(1'b1), .B_SIGNED(1'b1)
  ) u_dsp (
      .CLK(clk), .CE(1'b1), .A(w_q), .B(a_q), .C(addend[31:16]), .D(addend[15:0]), .O(sum), .AHOLD(1'b0), .BHOLD(1'b0),
      .CHOLD(1'b0), .DHOLD(1'b0), .IRSTTOP(1'b0), .IRSTBOT(1'b0), .ORSTTOP(1'b0), .ORSTBOT(1'b0), .OLOADTOP(1'b0),
      .OLOADBOT(1'b0), .ADDSUBTOP(1'b0), .ADDSUBBOT(1'b0), .OHOLDTOP(~ce), .OHOLDBOT(~ce), .CI(1'b0), .ACCUMCI(1'b0),
      .SIGNEXTIN(1'b0), .CO(), .ACCUMCO(), .SIGNEXTOUT()
  );
  // verilator lint_on PINCONNECTEMPTY

  wire unused = &{1'b0, pcin, BIAS, first_n, ce};
endmodule
