// The accumulating cell on 7-series (DSP48E1): ports and latency of bm_acc_dsp48e2, but BIAS is added in a block's first step only,
// since the sum has three operands' places for product and one other:
//   p <= m + (!BIASED ? pcin : !ACCUM || first ? BIAS : p), ACCUM only with BIASED.
// On the 25-bit port the pre-adder packs weights; on the 18-bit port a fabric subtraction does, one register before the cell.
// Cost: 1 DSP48E1, an inverter per array; weights on the narrow port: about the packed width in LUT and FF (Yosys 0.23, synth_xilinx xc7).
module bm_acc_dsp48e1 #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 25,
    parameter int APORT = 18,
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
  localparam bit WIDE = WPORT > 18;

  logic [WPORT-1:0] low, sign;
  logic [29:0] port_a;
  logic [17:0] port_b;
  logic [24:0] port_d;
  logic [6:0] opmode;

  bm_acc_fields #(.COUNT(NW), .BITS(WBITS), .SIGNED(WSIGNED), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);
  generate
    if (WIDE) begin : g_wide
      assign port_a = {5'b0, sign};
      assign port_b = a;
      assign port_d = low;
    end else begin : g_narrow
      logic [WPORT-1:0] packed_q;
      always_ff @(posedge clk) packed_q <= low - sign;
      assign port_a = {{(30 - APORT) {a[APORT-1]}}, a};
      assign port_b = packed_q;
      assign port_d = '0;
    end
  endgenerate

  assign opmode = BIASED == 0 ? 7'b0010101 : ACCUM == 0 ? 7'b0110101 : {2'b01, ~first_n, 4'b0101};

  // verilator lint_off PINCONNECTEMPTY
  DSP48E1 #(
      .ACASCREG(WIDE ? 1 : 2), .ADREG(1), .ALUMODEREG(0), .AREG(WIDE ? 1 : 2), .BCASCREG(WIDE ? 2 : 1),
      .BREG(WIDE ? 2 : 1), .CARRYINREG(0), .CARRYINSELREG(0), .CREG(0), .DREG(1), .INMODEREG(0), .MREG(1),
      .OPMODEREG(0), .PREG(1), .USE_DPORT(WIDE ? "TRUE" : "FALSE"), .USE_MULT("MULTIPLY"), .USE_SIMD("ONE48")
  ) u_dsp (
      .CLK(clk), .A(port_a), .B(port_b), .C(BIAS), .D(port_d), .PCIN(pcin), .P(p), .PCOUT(pcout),
      // D minus A2, or A2 alone; Z: P, C or PCIN.
      .INMODE(WIDE ? 5'b01100 : 5'b00000), .OPMODE(opmode), .ALUMODE(4'b0), .CARRYIN(1'b0),
      .CARRYINSEL(3'b0), .CEA1(1'b1), .CEA2(1'b1), .CEAD(1'b1), .CEALUMODE(1'b1), .CEB1(1'b1), .CEB2(1'b1),
      .CEC(1'b1), .CECARRYIN(1'b1), .CECTRL(1'b1), .CED(1'b1), .CEINMODE(1'b1), .CEM(1'b1), .CEP(ce),
      .RSTA(1'b0), .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTCTRL(1'b0), .RSTD(1'b0),
      .RSTINMODE(1'b0), .RSTM(1'b0), .RSTP(1'b0), .ACIN(30'b0), .BCIN(18'b0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
      .ACOUT(), .BCOUT(), .CARRYCASCOUT(), .CARRYOUT(), .MULTSIGNOUT(), .OVERFLOW(), .PATTERNBDETECT(),
      .PATTERNDETECT(), .UNDERFLOW()
  );
  // verilator lint_on PINCONNECTEMPTY

  wire unused = &{1'b0, first_n};
endmodule
