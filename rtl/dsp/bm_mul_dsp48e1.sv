// The multiplying cell on 7-series (DSP48E1), same ports, latency and result as bm_mul_inferred. On the 25-bit port the pre-adder packs the
// words; it reaches no further, so on the 18-bit port a fabric adder does, one register before the cell. c enters through the C port;
// ALUMODE 0001 with a carry in subtracts it. Registers: A or B twice, D, AD, C, M, P.
// Cost: 1 DSP48E1; words on the narrow port: their width in FF, LUTs where both are used (Yosys 0.23, synth_xilinx -family xc7).
module bm_mul_dsp48e1 #(
    parameter int WPORT = 25,
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
  localparam bit WIDE = WPORT > 18;
  localparam bit MINUS = SUBTRACT != 0;

  logic [29:0] port_a;
  logic [17:0] port_b;
  logic [24:0] port_d;

  generate
    if (WIDE) begin : g_wide
      assign port_a = {5'b0, odd};
      assign port_b = a;
      assign port_d = even;
    end else begin : g_narrow
      logic [WPORT-1:0] packed_q;
      always_ff @(posedge clk) packed_q <= even + odd;
      assign port_a = {{(30 - APORT) {a[APORT-1]}}, a};
      assign port_b = packed_q;
      assign port_d = '0;
    end
  endgenerate

  // verilator lint_off PINCONNECTEMPTY
  DSP48E1 #(
      .ACASCREG(WIDE ? 1 : 2), .ADREG(1), .ALUMODEREG(0), .AREG(WIDE ? 1 : 2), .BCASCREG(WIDE ? 2 : 1),
      .BREG(WIDE ? 2 : 1), .CARRYINREG(0), .CARRYINSELREG(0), .CREG(1), .DREG(1), .INMODEREG(0), .MREG(1),
      .OPMODEREG(0), .PREG(1), .USE_DPORT(WIDE ? "TRUE" : "FALSE"), .USE_MULT("MULTIPLY"), .USE_SIMD("ONE48")
  ) u_dsp (
      .CLK(clk), .A(port_a), .B(port_b), .C(c), .D(port_d), .PCIN(48'b0), .P(p),
      // D plus A2, or A2 alone; Z: C, X and Y: the product.
      .INMODE(WIDE ? 5'b00100 : 5'b00000), .OPMODE(7'b0110101), .ALUMODE({3'b0, MINUS}), .CARRYIN(MINUS),
      .CARRYINSEL(3'b0), .CEA1(1'b1), .CEA2(1'b1), .CEAD(1'b1), .CEALUMODE(1'b1), .CEB1(1'b1), .CEB2(1'b1),
      .CEC(1'b1), .CECARRYIN(1'b1), .CECTRL(1'b1), .CED(1'b1), .CEINMODE(1'b1), .CEM(1'b1), .CEP(1'b1),
      .RSTA(1'b0), .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTCTRL(1'b0), .RSTD(1'b0),
      .RSTINMODE(1'b0), .RSTM(1'b0), .RSTP(1'b0), .ACIN(30'b0), .BCIN(18'b0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
      .ACOUT(), .BCOUT(), .CARRYCASCOUT(), .CARRYOUT(), .MULTSIGNOUT(), .OVERFLOW(), .PATTERNBDETECT(),
      .PATTERNDETECT(), .PCOUT(), .UNDERFLOW()
  );
  // verilator lint_on PINCONNECTEMPTY
endmodule
