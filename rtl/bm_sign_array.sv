// Array of packed multiply-accumulates of signs and magnitudes: COLS columns of LANES multipliers; a block of STEPS steps gives, for each
// column, the exact sum of every field over lanes and steps, modulo 2^OUT, OUT at most 32.
// A step (valid): weight magnitudes w (lane l, column c at index (l * COLS + c) * NW) and signs w_negative at the same places, activations as
// packed words a (APORT bits a lane, the sum of magnitude_j * 2^AOFF_j), magnitudes and signs (NA a lane). last marks a block's last
// step; steps without valid may lie between. `sums` (column c, field k at index c * NF + k) is complete when sums_valid is high and stays until
// the next block's; sums_tag, the `tag` of the block's last step, comes with it: LATENCY cycles after that step, 5 + $clog2(LANES) for most
// packings, one more for those whose adders before the sum are cut in two or that sum more than two words of weights.
// Packing: the product of weight i and activation j is a field of its own at WOFF_i + AOFF_j, one of FOFF (ascending); LOW and HIGH bound one
// product, its sign applied. Every product must stay below the field above by at most three bits (G(1, 3)); magnitudes may use the ports'
// sign bits; weights may share bits of their port.
// APORT 8 of PRIM 4: SB_MAC16 as two multipliers of 8 x 8, weights and fields of the upper one from bit 16 on; magnitudes then leave the bytes' sign
// bits free and weights share no bits.
// PRIM: 0 inferred, 1 DSP48E2, 2 DSP48E1, 3 MULT18X18D, 4 SB_MAC16. How it works: docs/sign_array.md.
// Cost: the defaults (64 DSP48E2, 768 MACs a cycle) 8,546 LUT, 16,612 FF (Yosys 0.23, synth_xilinx -family xcup -nosrl).
module bm_sign_array #(
    parameter int PRIM = 1,
    parameter int COLS = 8,
    parameter int LANES = 8,
    parameter int STEPS = 16,
    parameter int NW = 4,
    parameter int NA = 3,
    parameter int WBITS = 3,
    parameter int ABITS = 4,
    parameter int WIDE_W = 1,
    parameter int NF = 12,
    parameter [16*NW-1:0] WOFF = {16'd21, 16'd18, 16'd3, 16'd0},
    parameter [16*NA-1:0] AOFF = {16'd12, 16'd6, 16'd0},
    parameter [16*NF-1:0] FOFF = {16'd33, 16'd30, 16'd27, 16'd24, 16'd21, 16'd18, 16'd15, 16'd12, 16'd9, 16'd6, 16'd3, 16'd0},
    parameter int LOW = -56,
    parameter int HIGH = 56,
    parameter int OUT = 16,
    parameter int TAG = 1,
    parameter int APORT = (WIDE_W != 0) == (PRIM < 4) ? (PRIM == 4 ? 16 : 18) : PRIM < 2 ? 27 : PRIM == 2 ? 25 : PRIM == 3 ? 18 : 16
) (
    input  logic clk,
    input  logic rst,
    input  logic valid,
    input  logic last,
    input  logic [TAG-1:0] tag,
    input  logic [COLS*LANES*NW*WBITS-1:0] w,
    input  logic [COLS*LANES*NW-1:0] w_negative,
    input  logic [LANES*APORT-1:0] a,
    input  logic [LANES*NA*ABITS-1:0] magnitudes,
    input  logic [LANES*NA-1:0] negative,
    output logic sums_valid,
    output logic [TAG-1:0] sums_tag,
    output logic [COLS*NF*OUT-1:0] sums
);
  localparam int PORTS = PRIM == 4 ? 32 : PRIM == 3 ? 36 : PRIM == 2 ? 43 : 45;
  localparam int WPORT = PORTS - APORT;
  localparam int MOST = HIGH > -LOW ? HIGH : -LOW;
  localparam int IN = $clog2(MOST + 1);
  localparam int SPAN = 32'(FOFF[16*(NF-1)+:16]) + IN;

  // Tables, once for all lanes. Loop variables stand outside their loops: Icarus finds no constant function from inside a loop's own scope.
  // Bits of each product that the field below may reach into.
  function automatic [16*NF-1:0] low_bits_table(input int unused);
    int k, bits;
    low_bits_table = '0;
    for (k = 1; k < NF; k = k + 1) begin
      bits = 32'(FOFF[16*(k-1)+:16]) + IN - 32'(FOFF[16*k+:16]) + unused;
      low_bits_table[16*k+:16] = 16'(bits < 0 ? 0 : bits);
    end
  endfunction
  localparam [16*NF-1:0] LOW_BITS = low_bits_table(0);
  function automatic [16*NF-1:0] place_table(input int unused);
    int i, j, k;
    place_table = '0;
    for (i = 0; i < NW; i = i + 1)
      for (j = 0; j < NA; j = j + 1)
        for (k = 0; k < NF; k = k + 1)
          if (32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) == 32'(FOFF[16*k+:16])) place_table[16*(i*NA+j)+:16] = 16'(k + unused);
  endfunction
  localparam [16*NF-1:0] PLACE = place_table(0);
  // Words that take the lower bits of the fields in turn without an overlap.
  function automatic int rows_of(input int at_least);
    int k, n;
    rows_of = at_least;
    for (n = 1; n < 3; n = n + 1)
      for (k = 1; k + n < NF; k = k + 1)
        if (32'(FOFF[16*k+:16]) + 32'(LOW_BITS[16*k+:16]) > 32'(FOFF[16*(k+n)+:16]) && rows_of < n + 1) rows_of = n + 1;
  endfunction
  function automatic int most_low_bits(input int unused);
    int k;
    most_low_bits = unused;
    for (k = 1; k < NF; k = k + 1) if (32'(LOW_BITS[16*k+:16]) > most_low_bits) most_low_bits = 32'(LOW_BITS[16*k+:16]);
  endfunction
  // Weights that have a bit of their port in common, at most.
  function automatic int shared_of(input int least);
    int i, n;
    shared_of = least;
    for (n = 1; n < NW; n = n + 1)
      for (i = n; i < NW; i = i + 1)
        if (32'(WOFF[16*(i-n)+:16]) + WBITS > 32'(WOFF[16*i+:16]) && shared_of < n + 1) shared_of = n + 1;
  endfunction
  // The lowest bit at which the words of lower bits overlap; SPAN where none do.
  function automatic int rows_from(input int least);
    int k;
    rows_from = SPAN + least;
    for (k = NF - 2; k > 0; k = k - 1)
      if (32'(FOFF[16*k+:16]) + 32'(LOW_BITS[16*k+:16]) > 32'(FOFF[16*(k+1)+:16])) rows_from = 32'(FOFF[16*(k+1)+:16]);
  endfunction
  localparam int ROWS = rows_of(1);
  localparam int SHARED = shared_of(1);
  // The port reads the top magnitude's highest bit as its sign; beyond the fields that does not show.
  localparam int WRAP_W = 32'(WOFF[16*(NW-1)+:16]) + WBITS >= WPORT && SPAN > WPORT ? 1 : 0;
  localparam int WRAP_A = 32'(AOFF[16*(NA-1)+:16]) + ABITS >= APORT && SPAN > APORT ? 1 : 0;
  localparam int BACK = WRAP_W + (WRAP_A != 0 ? (SHARED > 1 ? 2 : 1) : 0);

  // Timing. The adders before the cell's sum: their levels, and the bit at which they are cut in two where more than 24 bits carry.
  localparam int WORDS_LATE = $clog2((SHARED + 1) / 2);
  localparam int BACKS_LATE = BACK > 0 ? $clog2(BACK) + WORDS_LATE : 0;
  localparam int DEPTH = BACKS_LATE > $clog2(ROWS) ? BACKS_LATE : $clog2(ROWS);
  localparam int BACK_FROM = WRAP_W != 0 && (WRAP_A == 0 || WPORT < APORT) ? WPORT : APORT;
  localparam int ADD_FROM = BACK > 0 && (BACK > 1 || LOW_BITS != 0) && BACK_FROM < rows_from(0) ? BACK_FROM : rows_from(0);
  localparam int CUT = SPAN - ADD_FROM > 24 ? (SPAN + ADD_FROM + 1) / 2 : 0;
  localparam int NEED = DEPTH + (CUT > 0 ? 1 : 0);
  // Cycles that the operands wait before the cell: for those adders, which have two, and for the weights' words.
  localparam int LATE = NEED - 2 > WORDS_LATE ? NEED - 2 : WORDS_LATE;
  localparam int T_AT = 2 + LATE - NEED;
  localparam int P_AT = 4 + LATE;  // cycle, counted from the operands, in which the products show
  localparam int LATENCY = P_AT + $clog2(LANES) + 1;

  generate
    if (NF != NW * NA) begin : g_bad_fields
      bm_sign_array_every_product_has_a_field_of_its_own u_error ();
    end
    if (most_low_bits(0) > 3) begin : g_bad_overlap
      bm_sign_array_fields_overlap_by_at_most_3_bits u_error ();
    end
    if (SPAN > (PRIM == 4 ? 32 : PRIM == 3 ? 36 : 48)) begin : g_bad_room
      bm_sign_array_fields_need_room_in_the_sum u_error ();
    end
  endgenerate

  // valid and last of a step travel beside it; *_at[i] belongs to cycle i.
  logic [LATENCY:1] valid_q, last_q;
  logic [LATENCY:0] valid_at, last_at;
  assign valid_at = {valid_q, valid};
  assign last_at = {last_q, valid & last};
  always_ff @(posedge clk) begin
    valid_q <= rst ? '0 : valid_at[LATENCY-1:0];
    last_q <= rst ? '0 : last_at[LATENCY-1:0];
  end
  assign sums_valid = last_at[LATENCY];
  bm_conv_delay #(.WIDTH(TAG), .STAGES(LATENCY)) u_tag (.clk, .rst(1'b0), .d(tag), .q(sums_tag));

  logic [COLS*LANES*NW*WBITS-1:0] w_at;
  logic [LANES*APORT-1:0] a_at;
  logic [LANES*NA*ABITS-1:0] magnitudes_at;
  logic [COLS*LANES*NW-1:0] w_negative_at;
  logic [LANES*NA-1:0] negative_at;
  bm_conv_delay #(.WIDTH(COLS * LANES * NW * WBITS), .STAGES(T_AT)) u_w (.clk, .rst(1'b0), .d(w), .q(w_at));
  bm_conv_delay #(.WIDTH(LANES * APORT), .STAGES(T_AT)) u_a (.clk, .rst(1'b0), .d(a), .q(a_at));
  bm_conv_delay #(.WIDTH(LANES * NA * ABITS), .STAGES(T_AT)) u_magnitudes (.clk, .rst(1'b0), .d(magnitudes), .q(magnitudes_at));
  bm_conv_delay #(.WIDTH(COLS * LANES * NW), .STAGES(P_AT - 1)) u_w_negative (.clk, .rst(1'b0), .d(w_negative), .q(w_negative_at));
  bm_conv_delay #(.WIDTH(LANES * NA), .STAGES(P_AT - 1)) u_negative (.clk, .rst(1'b0), .d(negative), .q(negative_at));

  generate
    for (genvar c = 0; c < COLS; c = c + 1) begin : g_column
      logic [LANES*NF*IN-1:0] products;
      for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane
        bm_sign_lane #(
            .PRIM(PRIM), .NW(NW), .NA(NA), .WBITS(WBITS), .ABITS(ABITS), .WPORT(WPORT), .APORT(APORT), .WOFF(WOFF), .AOFF(AOFF),
            .NF(NF), .FOFF(FOFF), .LOW_BITS(LOW_BITS), .PLACE(PLACE), .ROWS(ROWS), .WRAP_W(WRAP_W), .WRAP_A(WRAP_A),
            .SHARED(SHARED), .FROM(BACK > 0 ? BACK_FROM : 0), .CUT(CUT), .DEPTH(DEPTH), .WORDS_LATE(WORDS_LATE), .LATE(LATE),
            .T_AT(T_AT), .IN(IN)
        ) u_lane (
            .clk, .w(w[(l*COLS+c)*NW*WBITS+:NW*WBITS]), .a(a[l*APORT+:APORT]), .w_at(w_at[(l*COLS+c)*NW*WBITS+:NW*WBITS]),
            .a_at(a_at[l*APORT+:APORT]), .magnitudes_at(magnitudes_at[l*NA*ABITS+:NA*ABITS]),
            .products(products[l*NF*IN+:NF*IN])
        );
      end
      for (genvar i = 0; i < NW; i = i + 1) begin : g_weight
        for (genvar j = 0; j < NA; j = j + 1) begin : g_activation
          localparam int K = 32'(PLACE[16*(i*NA+j)+:16]);
          logic [LANES*IN-1:0] values;
          logic [LANES-1:0] negative_w, negative_a;
          for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane
            assign values[l*IN+:IN] = products[(l*NF+K)*IN+:IN];
            assign negative_w[l] = w_negative_at[(l*COLS+c)*NW+i];
            assign negative_a[l] = negative_at[l*NA+j];
          end
          bm_sign_field #(.LANES(LANES), .STEPS(STEPS), .MOST(MOST), .OUT(OUT)) u_field (
              .clk, .restart(rst | last_at[LATENCY-1]), .valid(valid_at[LATENCY-1]), .last(last_at[LATENCY-1]), .values,
              .negative_w, .negative_a, .sum(sums[(c*NF+K)*OUT+:OUT])
          );
        end
      end
    end
  endgenerate
  wire unused = &{1'b0, valid_at, last_at};
endmodule
