// The multiplier array of bm_conv where fields overlap (bm_pack_array): packing of the activations, exact sums of every field
// once per block of STEPS steps. STAY 1: sums stay in the multipliers over the block. STAY 0: every step is read, carries between
// fields come from residues, blocks may be as short as one step.
// `operands`, valid, first, last and the flags of a block come together, its weights `word` as in bm_mac_array; `fields` (column c,
// field f in the order of bm_conv at index c * NFIELDS + f, SUM_BITS each, modulo 2^SUM_BITS, no bias left) are complete in
// the cycle `done`, with the flags of the block's last step, within CHAIN + 6 + (STAY ? STEPS : 2 + log2 of the lanes) cycles of it.
// Cost: that of bm_pack_array; signed activations with NP > 1: one adder per lane.
module bm_conv_packed #(
    parameter int PRIM = 1,
    parameter int SIMD = 1,
    parameter int KPF = 1,
    parameter int COLS = 1,
    parameter int NP = 1,
    parameter int NW = 1,
    parameter int CONV = 0,
    parameter int STAY = 1,
    parameter int CHAIN = 1,
    parameter int SHARE = 1,
    parameter int STEPS = 16,
    parameter int ABITS = 4,
    parameter int ASIGNED = 0,
    parameter int WBITS = 4,
    parameter int WIDE_W = 1,
    parameter int NFIELDS = 1,
    parameter [16*NW-1:0] WOFF = 0,
    parameter [16*NP-1:0] AOFF = 0,
    parameter [16*NFIELDS-1:0] FOFF = 0,
    parameter int LOW = -1,
    parameter int HIGH = 1,
    parameter int SUM_BITS = 20,
    parameter int FLAGS = 1
) (
    input  logic clk,
    input  logic rst,
    input  logic [SIMD*KPF*COLS*NW*WBITS-1:0] word,
    input  logic valid,
    input  logic first,
    input  logic last,
    input  logic [FLAGS-1:0] flags,
    input  logic [KPF*NP*SIMD*ABITS-1:0] operands,
    output logic done,
    output logic [FLAGS-1:0] flags_done,
    output logic [COLS*NFIELDS*SUM_BITS-1:0] fields
);
  localparam int LANES = SIMD * KPF;
  localparam int WIDE = PRIM == 4 ? 16 : PRIM == 3 ? 18 : PRIM == 2 ? 25 : 27;
  localparam int APORT = WIDE_W != 0 ? (PRIM == 4 ? 16 : 18) : WIDE;
  localparam int PACK_STAGE = ASIGNED != 0 && NP > 1 ? 1 : 0;

  // Activations: the pixels of a lane side by side, packed on the multiplier's port.
  logic [LANES*NP*ABITS-1:0] codes, codes_in_step;
  logic [LANES*APORT-1:0] packed_a;
  generate
    for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane
      for (genvar p = 0; p < NP; p = p + 1) begin : g_pixel
        assign codes[(l*NP+p)*ABITS+:ABITS] = operands[((l/SIMD*NP+p)*SIMD+l%SIMD)*ABITS+:ABITS];
      end
      bm_mac_pack #(.NP(NP), .BITS(ABITS), .SIGNED(ASIGNED), .OFF(AOFF), .WIDTH(APORT))
          u_pack (.clk, .codes(codes[l*NP*ABITS+:NP*ABITS]), .word(packed_a[l*APORT+:APORT]));
    end
  endgenerate
  bm_conv_delay #(.WIDTH(LANES * NP * ABITS), .STAGES(PACK_STAGE)) u_codes (.clk, .rst(1'b0), .d(codes), .q(codes_in_step));
  logic valid_in_step, first_in_step, last_in_step;
  logic [FLAGS-1:0] flags_in_step;
  bm_conv_delay #(.WIDTH(1), .STAGES(PACK_STAGE), .RESET(1)) u_valid (.clk, .rst, .d(valid), .q(valid_in_step));
  bm_conv_delay #(.WIDTH(FLAGS + 2), .STAGES(PACK_STAGE)) u_flags (
      .clk, .rst(1'b0), .d({flags, first, last}), .q({flags_in_step, first_in_step, last_in_step}));

  logic [COLS*NFIELDS*SUM_BITS-1:0] sums;
  bm_pack_array #(
      .PRIM(PRIM), .ACCUM(STAY), .COLS(COLS), .LANES(LANES), .CHAIN(CHAIN), .SHARE(SHARE), .STEPS(STEPS), .NW(NW), .NA(NP),
      .WBITS(WBITS), .ABITS(ABITS), .WSIGNED(1), .ASIGNED(ASIGNED), .WIDE_W(WIDE_W), .NF(NFIELDS), .WOFF(WOFF), .AOFF(AOFF),
      .FOFF(FOFF), .LOW(LOW), .HIGH(HIGH), .OUT(SUM_BITS), .TAG(FLAGS), .APORT(APORT)
  ) u_array (
      .clk, .rst, .valid(valid_in_step), .first(first_in_step), .last(last_in_step), .tag(flags_in_step), .w(word), .a(packed_a),
      .codes(codes_in_step), .sums_valid(done), .sums_tag(flags_done), .sums
  );

  // The engine's order of fields: CONV as they lie, OUTER weight i times pixel j at i * NP + j.
  generate
    for (genvar f = 0; f < NFIELDS; f = f + 1) begin : g_field
      for (genvar k = 0; k < NFIELDS; k = k + 1) begin : g_place
        if (CONV != 0 ? f == k : FOFF[16*k+:16] == WOFF[16*(f/NP%NW)+:16] + AOFF[16*(f%NP)+:16]) begin : g_here
          for (genvar c = 0; c < COLS; c = c + 1) begin : g_column
            assign fields[(c*NFIELDS+f)*SUM_BITS+:SUM_BITS] = sums[(c*NFIELDS+k)*SUM_BITS+:SUM_BITS];
          end
        end
      end
    end
  endgenerate
endmodule
