// Behaviour of the Xilinx DSP48E2 (UG579) in the subset that the files of rtl/dsp use: pre-adder on A or B,
// 27x18 multiplier, 48-bit sum of M, C, P, PCIN and RND. For simulation only; port and parameter names
// are the primitive's own. A mode outside the subset stops the simulation.
// verilator lint_off UNUSEDSIGNAL
// verilator lint_off UNUSEDPARAM
module DSP48E2 #(
    parameter integer ACASCREG = 1,
    parameter integer ADREG = 1,
    parameter integer ALUMODEREG = 1,
    parameter AMULTSEL = "A",
    parameter integer AREG = 1,
    parameter A_INPUT = "DIRECT",
    parameter integer BCASCREG = 1,
    parameter BMULTSEL = "B",
    parameter integer BREG = 1,
    parameter B_INPUT = "DIRECT",
    parameter integer CARRYINREG = 1,
    parameter integer CARRYINSELREG = 1,
    parameter integer CREG = 1,
    parameter integer DREG = 1,
    parameter integer INMODEREG = 1,
    parameter integer MREG = 1,
    parameter integer OPMODEREG = 1,
    parameter PREADDINSEL = "A",
    parameter integer PREG = 1,
    parameter [47:0] RND = 48'h0,
    parameter USE_MULT = "MULTIPLY",
    parameter USE_SIMD = "ONE48"
) (
    input logic CLK,
    input logic [29:0] A, ACIN,
    input logic [17:0] B, BCIN,
    input logic [47:0] C, PCIN,
    input logic [26:0] D,
    input logic [4:0] INMODE,
    input logic [8:0] OPMODE,
    input logic [3:0] ALUMODE,
    input logic [2:0] CARRYINSEL,
    input logic CARRYIN, CARRYCASCIN, MULTSIGNIN,
    input logic CEA1, CEA2, CEAD, CEALUMODE, CEB1, CEB2, CEC, CECARRYIN, CECTRL, CED, CEINMODE, CEM, CEP,
    input logic RSTA, RSTALLCARRYIN, RSTALUMODE, RSTB, RSTC, RSTCTRL, RSTD, RSTINMODE, RSTM, RSTP,
    output logic [29:0] ACOUT,
    output logic [17:0] BCOUT,
    output logic [47:0] P, PCOUT,
    output logic CARRYCASCOUT, MULTSIGNOUT, OVERFLOW, PATTERNBDETECT, PATTERNDETECT, UNDERFLOW,
    output logic [3:0] CARRYOUT,
    output logic [7:0] XOROUT
);
  logic [29:0] a1, a2, a1_q, a2_q;
  logic [17:0] b1, b2, b1_q, b2_q;
  logic [47:0] c_q, c, p_q, w, x, z;
  logic [26:0] d_q, d, ad_q, ad, pre, sum, mult_a;
  logic [17:0] mult_b;
  logic [44:0] m_q, m, product;
  logic signed [44:0] wide_a, wide_b;

  // One register is A2 (or B2); A1 exists with two only.
  assign a1 = AREG == 2 ? a1_q : A;
  assign a2 = AREG == 0 ? A : a2_q;
  assign b1 = BREG == 2 ? b1_q : B;
  assign b2 = BREG == 0 ? B : b2_q;
  assign c = CREG == 0 ? C : c_q;
  assign d = DREG == 0 ? D : d_q;
  assign pre = PREADDINSEL == "A" ? (INMODE[0] ? a1[26:0] : a2[26:0])
                                  : (INMODE[4] ? {{9{b1[17]}}, b1} : {{9{b2[17]}}, b2});
  assign sum = (INMODE[2] ? d : 27'b0) + (INMODE[3] ? ~(INMODE[1] ? 27'b0 : pre) + 27'b1 : (INMODE[1] ? 27'b0 : pre));
  assign ad = ADREG == 0 ? sum : ad_q;
  assign mult_a = AMULTSEL == "AD" ? ad : a2[26:0];
  assign mult_b = BMULTSEL == "AD" ? ad[17:0] : b2;
  assign wide_a = {{18{mult_a[26]}}, mult_a};
  assign wide_b = {{27{mult_b[17]}}, mult_b};
  assign product = wide_a * wide_b;
  assign m = MREG == 0 ? product : m_q;

  always_comb begin
    case (OPMODE[8:7])
      2'b00: w = '0;
      2'b01: w = p_q;
      2'b10: w = RND;
      default: w = c;
    endcase
    case (OPMODE[6:4])
      3'b000: z = '0;
      3'b001: z = PCIN;
      3'b010: z = p_q;
      default: z = c;
    endcase
    x = OPMODE[3:0] == 4'b0101 ? {{3{m[44]}}, m} : '0;
  end

  always_ff @(posedge CLK) begin
    if (CEA1) a1_q <= A;
    if (CEA2) a2_q <= a1;
    if (CEB1) b1_q <= B;
    if (CEB2) b2_q <= b1;
    if (CEC) c_q <= C;
    if (CED) d_q <= D;
    if (CEAD) ad_q <= sum;
    if (CEM) m_q <= product;
    // ALUMODE 0001: less Z by its complement, so CARRYIN makes it a difference.
    if (CEP) p_q <= w + x + (ALUMODE[0] ? ~z : z) + 48'(CARRYIN);
`ifndef SYNTHESIS
    if (ALUMODE[3:1] != 0 || OPMODE[3:0] != 4'b0101 || OPMODE[6] || PREG != 1 || INMODEREG != 0 || OPMODEREG != 0) begin
      $display("DSP48E2 model: mode outside the modelled subset");
      $stop;
    end
`endif
  end

  assign P = p_q;
  assign PCOUT = p_q;
  assign ACOUT = a2;
  assign BCOUT = b2;
  assign {CARRYCASCOUT, MULTSIGNOUT, OVERFLOW, PATTERNBDETECT, PATTERNDETECT, UNDERFLOW} = '0;
  assign CARRYOUT = '0;
  assign XOROUT = '0;
endmodule
