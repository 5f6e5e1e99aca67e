// The accumulating cell on UltraScale and UltraScale+ (DSP48E2): with m the product of packed weights and packed activations of
// four cycles ago, and at a clock edge with ce high
//   p <= m + (BIASED ? BIAS : pcin) + (ACCUM && !first ? p : 0).
// BIASED marks the first cell of a cascade (RND through the W mux), ACCUM the last one; a lone cell is both. first_n is
// low and ce high in the cycle before the sum of the block's first step. ce holds the sum register alone.
// Weights are packed by the pre-adder. Registers: A or B twice, D, AD, M, P.
// Cost: 1 DSP48E2, 0 LUT, 0 FF (Yosys 0.23, synth_xilinx -family xcup).
module bm_acc_dsp48e2 #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter int WSIGNED = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int WPORT = 27,
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
  logic [26:0] port_d;
  logic [8:0] opmode;

  bm_acc_fields #(.COUNT(NW), .BITS(WBITS), .SIGNED(WSIGNED), .WIDTH(WPORT), .OFF(WOFF)) u_fields (.fields(w), .low, .sign);
  generate
    if (WIDE) begin : g_wide
      assign port_a = {3'b0, sign};
      assign port_b = a;
      assign port_d = low;
    end else begin : g_narrow
      assign port_a = {{(30 - APORT) {a[APORT-1]}}, a};
      assign port_b = sign;
      assign port_d = {9'b0, low};
    end
    // W: RND, P or 0; Z: P, PCIN or 0; X and Y: the product.
    if (BIASED != 0) begin : g_biased
      assign opmode = {2'b10, 1'b0, ACCUM != 0 ? first_n : 1'b0, 1'b0, 4'b0101};
    end else begin : g_cascaded
      assign opmode = {1'b0, ACCUM != 0 ? first_n : 1'b0, 3'b001, 4'b0101};
    end
  endgenerate

  // verilator lint_off PINCONNECTEMPTY
  DSP48E2 #(
      .ACASCREG(WIDE ? 1 : 2), .ADREG(1), .ALUMODEREG(0), .AMULTSEL(WIDE ? "AD" : "A"), .AREG(WIDE ? 1 : 2),
      .BCASCREG(WIDE ? 2 : 1), .BMULTSEL(WIDE ? "B" : "AD"), .BREG(WIDE ? 2 : 1), .CARRYINREG(0),
      .CARRYINSELREG(0), .CREG(0), .DREG(1), .INMODEREG(0), .MREG(1), .OPMODEREG(0),
      .PREADDINSEL(WIDE ? "A" : "B"), .PREG(1), .RND(BIAS), .USE_MULT("MULTIPLY"), .USE_SIMD("ONE48")
  ) u_dsp (
      .CLK(clk), .A(port_a), .B(port_b), .C(48'b0), .D(port_d), .PCIN(pcin), .P(p), .PCOUT(pcout),
      .INMODE(5'b01100), .OPMODE(opmode), .ALUMODE(4'b0), .CARRYIN(1'b0),
      .CARRYINSEL(3'b0), .CEA1(1'b1), .CEA2(1'b1), .CEAD(1'b1), .CEALUMODE(1'b1), .CEB1(1'b1), .CEB2(1'b1),
      .CEC(1'b1), .CECARRYIN(1'b1), .CECTRL(1'b1), .CED(1'b1), .CEINMODE(1'b1), .CEM(1'b1), .CEP(ce),
      .RSTA(1'b0), .RSTALLCARRYIN(1'b0), .RSTALUMODE(1'b0), .RSTB(1'b0), .RSTC(1'b0), .RSTCTRL(1'b0), .RSTD(1'b0),
      .RSTINMODE(1'b0), .RSTM(1'b0), .RSTP(1'b0), .ACIN(30'b0), .BCIN(18'b0), .CARRYCASCIN(1'b0), .MULTSIGNIN(1'b0),
      .ACOUT(), .BCOUT(), .CARRYCASCOUT(), .CARRYOUT(), .MULTSIGNOUT(), .OVERFLOW(), .PATTERNBDETECT(),
      .PATTERNDETECT(), .UNDERFLOW(), .XOROUT()
  );
  // verilator lint_on PINCONNECTEMPTY

  wire unused = &{1'b0, first_n};
endmodule
