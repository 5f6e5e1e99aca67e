// Packed multiplier array: per column, SIMD * KPF lanes (depthwise: KPF lanes of the column's own channel)
// summed by chains of CHAIN DSP cells and an adder tree per field. Free-running, one step per cycle.
// `word` holds the weights of the step whose `operands` come in this cycle, or where signed activations are packed by adders came in the
// one before; `fields` (column c, field f at index c * NFIELDS + f, SUM_BITS each, modulo 2^SUM_BITS, every chain's FIELD_FIX still
// inside) come LATENCY cycles after the operands:
// 4 + (CHAIN - 1) + tree levels, one more with those adders.
// FABRIC 1: multipliers in LUTs, NW = NP = 1.
// Cost: DSPs = COLUMNS * lanes (FABRIC 1: none); LUT: the adder trees, one adder per lane for
// signed activations with NP > 1; FF: lane skew of weights and activations.
module bm_mac_array #(
    parameter int PRIM = 0,
    parameter int FABRIC = 0,
    parameter int SIMD = 1,
    parameter int KPF = 1,
    parameter int COLS = 1,
    parameter int DW = 0,
    parameter int NP = 1,
    parameter int NW = 1,
    parameter int CHAIN = 1,
    parameter int ABITS = 4,
    parameter int ASIGNED = 0,
    parameter int WBITS = 4,
    parameter int WIDE_W = 1,
    parameter int NFIELDS = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter [16*NP-1:0] AOFF = 0,
    parameter [16*NFIELDS-1:0] FOFF = 0,
    parameter [16*NFIELDS-1:0] FWID = {NFIELDS{16'd8}},
    parameter [63:0] BIAS = 0,
    parameter int SUM_BITS = 20,
    parameter int COLUMNS = COLS
) (
    input  logic clk,
    input  logic [SIMD*KPF*COLS*NW*WBITS-1:0] word,
    input  logic [KPF*NP*SIMD*ABITS-1:0] operands,
    output logic [COLUMNS*NFIELDS*SUM_BITS-1:0] fields
);
  localparam int LANES = SIMD * KPF;
  localparam int COL_LANES = DW != 0 ? KPF : LANES;
  localparam int CHAINS = COL_LANES / CHAIN;
  // Weights beyond the port of a SB_MAC16: those of the upper of its two multipliers (bm_sb_mac16).
  localparam bit SPLIT = PRIM == 4 && 32'(WOFF[16*(NW-1)+:16]) >= 16;
  localparam int WIDE = SPLIT ? 24 : PRIM == 4 ? 16 : PRIM == 3 ? 18 : PRIM == 2 ? 25 : 27;
  localparam int NARROW = SPLIT ? 8 : PRIM == 4 ? 16 : 18;
  localparam int WPORT = WIDE_W != 0 ? WIDE : NARROW;
  // Multipliers in LUTs are as wide as the code, its sign included.
  localparam int APORT = FABRIC != 0 ? ABITS + (ASIGNED != 0 ? 0 : 1) : WIDE_W != 0 ? NARROW : WIDE;
  localparam int CELL = NW * WBITS;

  // Activations of a lane: NP pixels, skewed by the lane's place in its chain, packed on the DSP's port.
  logic [LANES*APORT-1:0] packed_a;
  generate
    for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane
      localparam int PLACE = (DW != 0 ? l / SIMD : l) % CHAIN;
      logic [NP*ABITS-1:0] pixels, skewed;
      for (genvar p = 0; p < NP; p = p + 1) begin : g_pixel
        assign pixels[p*ABITS+:ABITS] = operands[((l/SIMD*NP+p)*SIMD+l%SIMD)*ABITS+:ABITS];
      end
      bm_conv_delay #(.WIDTH(NP * ABITS), .STAGES(PLACE)) u_skew (.clk, .rst(1'b0), .d(pixels), .q(skewed));
      bm_mac_pack #(.NP(NP), .BITS(ABITS), .SIGNED(ASIGNED), .OFF(AOFF), .WIDTH(APORT))
          u_pack (.clk, .codes(skewed), .word(packed_a[l*APORT+:APORT]));
    end

    for (genvar c = 0; c < COLUMNS; c = c + 1) begin : g_column
      logic [NFIELDS*CHAINS*64-1:0] reads;
      for (genvar h = 0; h < CHAINS; h = h + 1) begin : g_chain
        logic [48*(CHAIN+1)-1:0] cascade;
        logic [48*CHAIN-1:0] sums;
        assign cascade[47:0] = '0;
        for (genvar i = 0; i < CHAIN; i = i + 1) begin : g_cell
          localparam int LANE = DW != 0 ? (h * CHAIN + i) * SIMD + c : h * CHAIN + i;
          localparam int INDEX = DW != 0 ? LANE : LANE * COLS + c;
          logic [CELL-1:0] weights;
          bm_conv_delay #(.WIDTH(CELL), .STAGES(i))
              u_skew (.clk, .rst(1'b0), .d(word[INDEX*CELL+:CELL]), .q(weights));
          bm_mac_cell #(
              .PRIM(FABRIC != 0 ? 5 : PRIM), .NW(NW), .WBITS(WBITS), .WOFF(WOFF), .WPORT(WPORT), .APORT(APORT),
              .FIRST(i == 0 ? 1 : 0), .BIAS(BIAS)
          ) u_cell (
              .clk, .w(weights), .a(packed_a[LANE*APORT+:APORT]), .pcin(cascade[48*i+:48]),
              .pcout(cascade[48*(i+1)+:48]), .p(sums[48*i+:48])
          );
        end
        for (genvar f = 0; f < NFIELDS; f = f + 1) begin : g_read
          assign reads[(f*CHAINS+h)*64+:64] = {16'b0, sums[48*(CHAIN-1)+:48] >> FOFF[16*f+:16]};
        end
        wire unused = &{1'b0, cascade, sums};
      end
      for (genvar f = 0; f < NFIELDS; f = f + 1) begin : g_field
        localparam int FW = 32'(FWID[16*f+:16]);
        logic [CHAINS*FW-1:0] slices;
        for (genvar h = 0; h < CHAINS; h = h + 1) begin : g_slice
          assign slices[h*FW+:FW] = reads[(f*CHAINS+h)*64+:FW];
        end
        bm_mac_sum #(.COUNT(CHAINS), .IN(FW), .OUT(SUM_BITS))
            u_sum (.clk, .values(slices), .sum(fields[(c*NFIELDS+f)*SUM_BITS+:SUM_BITS]));
      end
      wire unused = &{1'b0, reads};
    end
  endgenerate
endmodule
