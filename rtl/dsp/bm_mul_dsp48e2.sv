// The multiplying cell on UltraScale and UltraScale+ (DSP48E2), same ports, latency and result as bm_mul_inferred. The pre-adder packs the
// words, c enters through the C port; ALUMODE 0001 with a carry in subtracts it. Registers: A or B twice, D, AD, C, M, P.
// Cost: 1 DSP48E2, 0 LUT, 0 FF (Yosys 0.23, synth_xilinx -family xcup).
module bm_mul_dsp48e2 #(
    parameter int WPORT = 27,
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
  logic [26:0] port_d;

  generate
    if (WIDE) begin : g_wide
      assign port_a = {3'b0, odd};
      assign port_b = a;
      assign port_d = even;
    end else begin : g_narrow
      assign port_a = {{(30 - APORT) {a[APORT-1]}}, a};
      assign port_b = odd;
      assign port_d = {9'b0, even};
    end
  endgenerate

  // verilator lint_off PINCONNECTEMPTY
  DSP48E2 #(
      .ACASCREG(WIDE ? 1 : 2), .ADREG(1), .ALUMODEREG(0), .AMULTSEL(WIDE ? "AD" : "A"), .AREG(WIDE ? 1 : 2),
      .BCASCREG(WIDE ? 2 : 1), .BMULTSEL(WIDE ? "B" : "AD"), .BREG(WIDE ? 2 : 1), .CARRYINREG(0),
      .CARRYINSELREG(0), .CREG(1), .DREG(1), .INMODEREG(0), .MREG(1), .OPMODEREG(0),
      .PREADDINSEL(WIDE ? "A" : "B"), .PREG(1), .USE_MULT("MULTIPLY"), .USE_SIMD("ONE48")
  ) u_dsp (
      .CLK(clk), .A(port_a), .B(port_b), .C(c), .D(port_d), .PCIN(48'b0), .P(p),
      // D plus A2 or B2; W 0, Z: C, X and Y: the product.
      .INMODE(5'b00100), .OPMODE(9'b00_011_0101), .ALUMODE({3'b0, MINUS}), .CARRYIN(MINUS),
      .CARRYINSEL(3'b0), .CEA1(1'b1), .CEA2(1'b1), .CEAD(1'b1), .CEALUMODE(1'b1), .CEB1(1'b1), .CEB2(1'b1),
      .CEC(1'b1), .CECARRYIN(1'b1), .CECTRL(1'b1), .CED(1'b1), .CEINMODE(1'b1), .CEM(1'b1), .CEP(1'b1),
      .RSTA(1'b0), .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTCTRL(1'b0), .RSTD(1'b0),
      .RSTINMODE(1'b0), .RSTM(1'b0), .RSTP(1'b0), .ACIN(30'b0), .BCIN(18'b0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
      .ACOUT(), .BCOUT(), .CARRYCASCOUT(), .CARRYOUT(), .MULTSIGNOUT(), .OVERFLOW(), .PATTERNBDETECT(),
      .PATTERNDETECT(), .PCOUT(), .UNDERFLOW(), .XOROUT()
  );
  // verilator lint_on PINCONNECTEMPTY
endmodule
