// Behaviour of the Lattice ECP5 MULT18X18D (ECP5 sysDSP guide) in the subset that the files of rtl/dsp use: A and B direct, each
// register on CLK0 or absent ("NONE"), no resets, no shift chains. For simulation only; port and parameter names are
// the primitive's own.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module MULT18X18D #(
    parameter REG_INPUTA_CLK = "NONE",
    parameter REG_INPUTA_CE = "CE0",
    parameter REG_INPUTA_RST = "RST0",
    parameter REG_INPUTB_CLK = "NONE",
    parameter REG_INPUTB_CE = "CE0",
    parameter REG_INPUTB_RST = "RST0",
    parameter REG_PIPELINE_CLK = "NONE",
    parameter REG_PIPELINE_CE = "CE0",
    parameter REG_PIPELINE_RST = "RST0",
    parameter REG_OUTPUT_CLK = "NONE"
) (
    input logic
      A0, A1, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12, A13, A14, A15, A16, A17,
      B0, B1, B2, B3, B4, B5, B6, B7, B8, B9, B10, B11, B12, B13, B14, B15, B16, B17,
      SIGNEDA, SIGNEDB, SOURCEA, SOURCEB, CLK0, CLK1, CLK2, CLK3, CE0, CE1, CE2, CE3, RST0, RST1, RST2, RST3,
    output logic
      P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17, P18, P19, P20, P21,
      P22, P23, P24, P25, P26, P27, P28, P29, P30, P31, P32, P33, P34, P35,
      SIGNEDP
);
  logic [17:0] a, b, a_q, b_q;
  logic [35:0] wide_a, wide_b, product, product_q, p_q;
  assign a = {A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0};
  assign b = {B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0};
  always_comb begin
    wide_a = REG_INPUTA_CLK == "NONE" ? {{18{SIGNEDA & a[17]}}, a} : {{18{SIGNEDA & a_q[17]}}, a_q};
    wide_b = REG_INPUTB_CLK == "NONE" ? {{18{SIGNEDB & b[17]}}, b} : {{18{SIGNEDB & b_q[17]}}, b_q};
    product = wide_a * wide_b;
  end
  always_ff @(posedge CLK0) if (CE0) begin
    a_q <= a;
    b_q <= b;
    product_q <= product;
    p_q <= REG_PIPELINE_CLK == "NONE" ? product : product_q;
  end
    assign {P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17,
      P16, P15, P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0} =
      REG_OUTPUT_CLK != "NONE" ? p_q : REG_PIPELINE_CLK != "NONE" ? product_q : product;
  assign SIGNEDP = SIGNEDA | SIGNEDB;
endmodule
