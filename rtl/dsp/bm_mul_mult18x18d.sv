// The multiplying cell on ECP5 (MULT18X18D): ports, latency and result (modulo 2^36) of bm_mul_inferred. The block has neither pre-adder nor
// sum: words are packed and c taken off in fabric. Registers: packed words in fabric, inputs and pipeline in the block, sum in fabric.
// Cost: 1 MULT18X18D; the packed width and the used sum bits in FF and, where an operand may be other than 0, LUT (Yosys 0.23, synth_ecp5).
module bm_mul_mult18x18d #(
    parameter int WPORT = 18,
    parameter int APORT = 18,
    parameter int SUBTRACT = 1
) (
    input  logic clk,
    input  logic [WPORT-1:0] even,
    input  logic [WPORT-1:0] odd,
    input  logic [APORT-1:0] a,
    input  logic [47:0] c,
    output logic [47:0] p
);
  logic [WPORT-1:0] w_q;
  logic [APORT-1:0] a_q;
  logic [35:0] product, c_q, sum_q;

  always_ff @(posedge clk) begin
    w_q <= even + odd;
    a_q <= a;
    c_q <= c[35:0];
    sum_q <= SUBTRACT != 0 ? product - c_q : product + c_q;
  end
  assign p = {12'b0, sum_q};

  // verilator lint_off PINMISSING
  MULT18X18D #(
      .REG_INPUTA_CLK("CLK0"), .REG_INPUTA_CE("CE0"), .REG_INPUTA_RST("RST0"), .REG_INPUTB_CLK("CLK0"),
      .REG_INPUTB_CE("CE0"), .REG_INPUTB_RST("RST0"), .REG_PIPELINE_CLK("CLK0"), .REG_PIPELINE_CE("CE0"),
      .REG_PIPELINE_RST("RST0"), .REG_OUTPUT_CLK("NONE")
  ) u_dsp (
      .CLK0(clk), .CLK1(1'b0), .CLK2(1'b0), .CLK3(1'b0), .CE0(1'b1), .CE1(1'b1), .CE2(1'b1), .CE3(1'b1),
      .RST0(1'b0), .RST1(1'b0), .RST2(1'b0), .RST3(1'b0), .SIGNEDA(1'b1), .SIGNEDB(1'b1), .SOURCEA(1'b0), .SOURCEB(1'b0),
      .A0(w_q[0]), .A1(w_q[1]), .A2(w_q[2]), .A3(w_q[3]), .A4(w_q[4]), .A5(w_q[5]), .A6(w_q[6]),
      .A7(w_q[7]), .A8(w_q[8]), .A9(w_q[9]), .A10(w_q[10]), .A11(w_q[11]), .A12(w_q[12]), .A13(w_q[13]),
      .A14(w_q[14]), .A15(w_q[15]), .A16(w_q[16]), .A17(w_q[17]),
      .B0(a_q[0]), .B1(a_q[1]), .B2(a_q[2]), .B3(a_q[3]), .B4(a_q[4]), .B5(a_q[5]), .B6(a_q[6]),
      .B7(a_q[7]), .B8(a_q[8]), .B9(a_q[9]), .B10(a_q[10]), .B11(a_q[11]), .B12(a_q[12]), .B13(a_q[13]),
      .B14(a_q[14]), .B15(a_q[15]), .B16(a_q[16]), .B17(a_q[17]),
      .P0(product[0]), .P1(product[1]), .P2(product[2]), .P3(product[3]), .P4(product[4]), .P5(product[5]),
      .P6(product[6]), .P7(product[7]), .P8(product[8]), .P9(product[9]), .P10(product[10]),
      .P11(product[11]), .P12(product[12]), .P13(product[13]), .P14(product[14]), .P15(product[15]),
      .P16(product[16]), .P17(product[17]), .P18(product[18]), .P19(product[19]), .P20(product[20]),
      .P21(product[21]), .P22(product[22]), .P23(product[23]), .P24(product[24]), .P25(product[25]),
      .P26(product[26]), .P27(product[27]), .P28(product[28]), .P29(product[29]), .P30(product[30]),
      .P31(product[31]), .P32(product[32]), .P33(product[33]), .P34(product[34]), .P35(product[35])
  );
  // verilator lint_on PINMISSING

  wire unused = &{1'b0, c};
endmodule
