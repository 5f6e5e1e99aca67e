// Array of packed multiply-accumulates: COLS columns of LANES multipliers; a block of STEPS steps gives, for each column, the
// exact sum of every field over lanes and steps, modulo 2^OUT, OUT at most 32.
// A step (valid): weights w (lane l, column c at index (l * COLS + c) * NW), packed activations a (APORT bits a lane, the sum of
// code_j * 2^AOFF_j) and their codes (NA * ABITS a lane). first and last mark a block's steps; steps without valid may lie
// between. `sums` (column c, field k at index c * NF + k) is complete when sums_valid is high for a cycle and stays
// for SLOTS cycles at least; sums_tag, the `tag` of the block's last step, comes with it.
// Packing: product of weight i and activation j lies at WOFF_i + AOFF_j, which is one of FOFF (ascending); LOW and HIGH bound one product,
// 0 included. Lanes are cascaded in chains of CHAIN, WORDS = LANES / CHAIN.
// ACCUM 1: the multipliers accumulate over the block; carries between fields are recognised from residues and counted; one accumulator
//   per field and SHARE columns drains the chains in turn: SHARE * SLOTS <= STEPS. PRIM 0 and 1 add the bias in every step,
//   others start from one for the top field (CHAIN 1).
// ACCUM 0: every step's sums are read (guard bits, side bits through residues), no limit on STEPS.
// APORT 8 of PRIM 4: SB_MAC16 as two multipliers of 8 x 8, weights and fields of the upper one from bit 16 on; ACCUM 0, weights that share no bits.
// PRIM: 0 inferred, 1 DSP48E2, 2 DSP48E1, 3 MULT18X18D, 4 SB_MAC16. How it works: docs/pack_array.md.
// Cost: the defaults (64 DSP48E2, 768 MACs a cycle) 2,569 LUT, 14,532 FF (Yosys 0.23, synth_xilinx -family xcup -nosrl).
module bm_pack_array #(
    parameter int PRIM = 1,
    parameter int ACCUM = 1,
    parameter int COLS = 8,
    parameter int LANES = 8,
    parameter int CHAIN = 1,
    parameter int SHARE = 1,
    parameter int STEPS = 16,
    parameter int NW = 3,
    parameter int NA = 4,
    parameter int WBITS = 4,
    parameter int ABITS = 4,
    parameter int WSIGNED = 1,
    parameter int ASIGNED = 1,
    parameter int WIDE_W = 0,
    parameter int NF = 6,
    parameter [16*NW-1:0] WOFF = {16'd14, 16'd7, 16'd0},
    parameter [16*NA-1:0] AOFF = {16'd21, 16'd14, 16'd7, 16'd0},
    parameter [16*NF-1:0] FOFF = {16'd35, 16'd28, 16'd21, 16'd14, 16'd7, 16'd0},
    parameter int LOW = -56,
    parameter int HIGH = 56,
    parameter int OUT = 16,
    parameter int TAG = 1,
    parameter int APORT = (WIDE_W != 0) == (PRIM < 4) ? (PRIM == 4 ? 16 : 18) : PRIM < 2 ? 27 : PRIM == 2 ? 25 : PRIM == 3 ? 18 : 16
) (
    input  logic clk,
    input  logic rst,
    input  logic valid,
    input  logic first,
    input  logic last,
    input  logic [TAG-1:0] tag,
    input  logic [COLS*LANES*NW*WBITS-1:0] w,
    input  logic [LANES*APORT-1:0] a,
    input  logic [LANES*NA*ABITS-1:0] codes,
    output logic sums_valid,
    output logic [TAG-1:0] sums_tag,
    output logic [COLS*NF*OUT-1:0] sums
);
  localparam int ACC = PRIM == 4 ? 32 : PRIM == 3 ? 36 : 48;
  localparam int PORTS = PRIM == 4 ? 32 : PRIM == 3 ? 36 : PRIM == 2 ? 43 : 45;
  localparam int WORDS = LANES / CHAIN;
  // Weights that have a bit of their port in common, at most; a sum in fabric makes one word of them, LATE cycles.
  function automatic int shared_of(input int least);
    int i, n;
    shared_of = least;
    for (n = 1; n < NW; n = n + 1)
      for (i = n; i < NW; i = i + 1)
        if (32'(WOFF[16*i+:16]) < 32'(WOFF[16*(i-n)+:16]) + WBITS - (WSIGNED != 0 ? 1 : 0) && shared_of < n + 1) shared_of = n + 1;
  endfunction
  localparam int SHARED = shared_of(1);
  localparam int LATE = $clog2(SHARED);
  localparam int P_AT = 3 + CHAIN + LATE;  // cycle, counted from the operands, in which the sum register shows the step
  // 1: every step adds a bias that makes all fields non-negative.
  localparam int EACH = PRIM < 2 || ACCUM == 0 ? 1 : 0;

  // Loop variables stand outside their loops: Icarus finds no constant function from inside a loop's own scope.
  function automatic int gap(input int k);
    gap = 32'(FOFF[16*(k+1)+:16]) - 32'(FOFF[16*k+:16]);
  endfunction
  // Tables of all fields: products in a field of one chain, largest and smallest carry out of a field in one step.
  function automatic [32*NF-1:0] products_table(input int unused);
    int i, j, k;
    products_table = '0;
    for (i = 0; i < NW; i = i + 1)
      for (j = 0; j < NA; j = j + 1)
        for (k = 0; k < NF; k = k + 1)
          if (32'(WOFF[16*i+:16]) + 32'(AOFF[16*j+:16]) == 32'(FOFF[16*k+:16]))
            products_table[32*k+:32] = products_table[32*k+:32] + CHAIN + unused;
  endfunction
  localparam [32*NF-1:0] PRODUCTS = products_table(0);
  function automatic int products(input int k);
    products = PRODUCTS[32*k+:32];
  endfunction
  function automatic [32*NF-1:0] most_table(input int below);
    int k, value;
    most_table = '0;
    value = below;
    for (k = 0; k < NF - 1; k = k + 1) begin
      value = ((ACCUM != 0 ? (1 << gap(k)) - 1 : 0) + products(k) * (HIGH - (EACH != 0 ? LOW : 0)) + value) >>> gap(k);
      most_table[32*k+:32] = value;
    end
  endfunction
  function automatic [32*NF-1:0] least_table(input int below);
    int k, value;
    least_table = '0;
    value = below;
    for (k = 0; k < NF - 1; k = k + 1) begin
      value = (products(k) * (EACH != 0 ? 0 : LOW) + value) >>> gap(k);
      least_table[32*k+:32] = value;
    end
  endfunction
  localparam [32*NF-1:0] MOST = most_table(0);
  localparam [32*NF-1:0] LEAST = least_table(0);
  function automatic int most(input int k);
    most = k < 0 ? 0 : MOST[32*(k<0?0:k)+:32];
  endfunction
  function automatic int least(input int k);
    least = k < 0 ? 0 : LEAST[32*(k<0?0:k)+:32];
  endfunction
  function automatic int carry_bits(input int k);
    carry_bits = k < 0 || k >= NF - 1 ? 0 : $clog2(most(k) - least(k) + 1);
  endfunction
  function automatic int side_bits(input int at_least);
    int i, bits;
    side_bits = at_least;
    for (i = 0; i < NF - 1; i = i + 1) begin
      bits = carry_bits(i);
      if (bits > side_bits) side_bits = bits;
    end
  endfunction
  localparam int SIDE = side_bits(1);
  localparam bit WATCHED = side_bits(0) > 0;

  // The top field: its start where no step adds a bias, the width its largest sum needs, wraps where that exceeds the register.
  localparam int TOP_STEPS = ACCUM != 0 ? STEPS : 1;
  localparam int TOP_START = EACH != 0 ? 0
      : ((-STEPS * (products(NF - 1) * LOW + least(NF - 2)) + (1 << SIDE) - 1) >> SIDE) << SIDE;
  localparam int TOP_MOST = TOP_START + TOP_STEPS * (products(NF - 1) * (HIGH - (EACH != 0 ? LOW : 0)) + most(NF - 2));
  localparam int TOP_ROOM = ACC - 32'(FOFF[16*(NF-1)+:16]);
  localparam int WRAP = $clog2(TOP_MOST + 1) > TOP_ROOM ? 1 : 0;
  localparam int COUNT = $clog2(WORDS * STEPS + 1);

  function automatic [47:0] step_bias(input int unused);
    int i, value;
    step_bias = '0;
    for (i = 0; i < NF; i = i + 1) begin
      value = unused - products(i) * LOW;
      step_bias = step_bias + (48'(value) << FOFF[16*i+:16]);
    end
  endfunction
  function automatic [16*NF-1:0] slices(input int unused);
    int k;
    slices = '0;
    for (k = 0; k < NF - 1; k = k + 1) slices[16*k+:16] = 16'(gap(k) + unused);
    slices[16*(NF-1)+:16] = 16'(WRAP != 0 ? TOP_ROOM : $clog2(TOP_MOST + 1));
  endfunction
  function automatic [16*NF-1:0] carry_table(input int wrap);
    int k;
    for (k = 0; k < NF; k = k + 1) carry_table[16*k+:16] = 16'(k == NF - 1 ? wrap : carry_bits(k));
  endfunction
  function automatic [16*NF-1:0] offsets(input int unused);
    int i, k, value;
    offsets = '0;
    for (k = 0; k < NF - 1; k = k + 1) begin
      value = unused - least(k);
      if (EACH != 0)
        for (i = k + 1; i < NF; i = i + 1)
          if (32'(FOFF[16*i+:16]) - 32'(FOFF[16*(k+1)+:16]) < 16) value = value + ((products(i) * LOW) << (FOFF[16*i+:16] - FOFF[16*(k+1)+:16]));
      offsets[16*k+:16] = 16'(value);
    end
  endfunction
  function automatic [32*NF-1:0] step_sums(input int words);
    int k;
    for (k = 0; k < NF; k = k + 1) step_sums[32*k+:32] = words * products(k) * (HIGH - LOW);
  endfunction
  // What the accumulator of field k starts from: the biases and the constants of the carry counts, negative.
  function automatic [32*NF-1:0] starts(input int reads);
    int b, k, value, bits;
    for (k = 0; k < NF; k = k + 1) begin
      bits = carry_bits(k - 1);
      value = EACH != 0 ? reads * products(k) * LOW : 0;
      if (k > 0) value = value - reads * least(k - 1);
      if (k == NF - 1) value = value - WORDS * TOP_START;
      else value = value + ((reads * least(k)) << gap(k));
      if (ACCUM != 0)
        for (b = 0; b < bits; b = b + 1) value = value - (((1 << COUNT) - 1) << b);
      starts[32*k+:32] = value;
    end
  endfunction
  localparam [16*NF-1:0] SLICE = slices(0);
  localparam [16*NF-1:0] CARRY = carry_table(WRAP);
  localparam [16*NF-1:0] OFFSET = offsets(0);
  localparam [32*NF-1:0] START = starts(WORDS * STEPS);
  localparam [47:0] BIAS = EACH != 0 ? step_bias(0) : 48'(TOP_START) << FOFF[16*(NF-1)+:16];
  localparam int DOWN_AT = WORDS > SIDE + 2 ? WORDS : SIDE + 2;
  localparam int SLOTS = DOWN_AT + SIDE;

  generate
    if (LANES % CHAIN != 0 || COLS % SHARE != 0) begin : g_bad_shape
      bm_pack_array_chain_divides_lanes_and_share_divides_cols u_error ();
    end
    if (ACCUM != 0 && SHARE * SLOTS > STEPS) begin : g_bad_steps
      bm_pack_array_accum_needs_share_times_slots_steps u_error ();
    end
    if (SIDE > 4 || (ACCUM != 0 && WORDS > 9)) begin : g_bad_carry
      bm_pack_array_carries_have_up_to_4_bits_and_chains_up_to_9 u_error ();
    end
    if (WRAP != 0 && $clog2(products(NF - 1) * (HIGH - LOW) + most(NF - 2) + 1) >= TOP_ROOM) begin : g_bad_top
      bm_pack_array_the_top_field_needs_a_bit_more_than_a_step u_error ();
    end
    if (ACCUM == 0 && WRAP != 0) begin : g_bad_room
      bm_pack_array_a_step_needs_room_in_the_sum u_error ();
    end
    if (ACCUM != 0 && EACH == 0 && (CHAIN > 1 || WRAP != 0)) begin : g_bad_prim
      bm_pack_array_this_primitive_accumulates_without_chains_and_wraps u_error ();
    end
  endgenerate

  // valid, first and last of a step travel beside it; *_at[i] belongs to cycle i. turn: one bit walks through a block's drain.
  logic [P_AT+2:1] valid_q, first_q, last_q;
  logic [P_AT+2:0] valid_at, first_at, last_at;
  logic [SHARE*SLOTS:0] turn, hide;
  logic first_n, count_clear;
  assign valid_at = {valid_q, valid};
  assign first_at = {first_q, valid & first};
  assign last_at = {last_q, valid & last};
  always_ff @(posedge clk) begin
    valid_q <= rst ? '0 : valid_at[P_AT+1:0];
    first_q <= first_at[P_AT+1:0];
    last_q <= rst ? '0 : last_at[P_AT+1:0];
    first_n <= ~first_at[P_AT-2];
    turn <= rst ? '0 : {turn[SHARE*SLOTS-1:0], last_at[P_AT]};
    hide <= rst ? '1 : {hide[SHARE*SLOTS-1:0], ~last_at[P_AT]};
    count_clear <= rst | last_at[P_AT+1];
  end

  // Lower bits of the operands, extended to SIDE bits, delayed to the cycle before their sums; activations inverted.
  logic [COLS*LANES*NW*SIDE-1:0] w_low, w_low_early, w_low_d;
  logic [LANES*NA*SIDE-1:0] a_low, a_low_early, a_low_n_early, a_low_n;
  always_comb begin
    for (int c = 0; c < COLS; c = c + 1)
      for (int l = 0; l < LANES; l = l + 1)
        for (int i = 0; i < NW; i = i + 1)
          for (int b = 0; b < SIDE; b = b + 1)
            w_low[((c*LANES+l)*NW+i)*SIDE+b] = b < WBITS ? w[((l*COLS+c)*NW+i)*WBITS+(b<WBITS?b:0)]
                : WSIGNED != 0 & w[((l*COLS+c)*NW+i)*WBITS+WBITS-1];
    for (int i = 0; i < LANES * NA; i = i + 1)
      for (int b = 0; b < SIDE; b = b + 1)
        a_low[i*SIDE+b] = b < ABITS ? codes[i*ABITS+(b<ABITS?b:0)] : ASIGNED != 0 & codes[i*ABITS+ABITS-1];
  end
  bm_conv_delay #(.WIDTH(COLS * LANES * NW * SIDE), .STAGES(P_AT - 2)) u_w (.clk, .rst(1'b0), .d(w_low), .q(w_low_early));
  bm_conv_delay #(.WIDTH(LANES * NA * SIDE), .STAGES(P_AT - 3)) u_a (.clk, .rst(1'b0), .d(a_low), .q(a_low_early));
  always_ff @(posedge clk) begin
    w_low_d <= w_low_early;
    a_low_n_early <= ~a_low_early;
    a_low_n <= a_low_n_early;
  end

  logic [LANES*APORT-1:0] a_late;
  bm_conv_delay #(.WIDTH(LANES * APORT), .STAGES(LATE)) u_late (.clk, .rst(1'b0), .d(a), .q(a_late));

  logic [TAG-1:0] tag_at_sum;
  bm_conv_delay #(.WIDTH(TAG), .STAGES(P_AT)) u_tag (.clk, .rst(1'b0), .d(tag), .q(tag_at_sum));

  logic [COLS*WORDS*48-1:0] p;
  logic [COLS*NF*SIDE*WORDS-1:0] carries;
  generate
    for (genvar c = 0; c < COLS; c = c + 1) begin : g_column
      logic [LANES*NW*WBITS-1:0] w_column;
      for (genvar l = 0; l < LANES; l = l + 1) begin : g_lane
        assign w_column[l*NW*WBITS+:NW*WBITS] = w[(l*COLS+c)*NW*WBITS+:NW*WBITS];
      end
      bm_pack_column #(
          .PRIM(PRIM), .WORDS(WORDS), .CHAIN(CHAIN), .ACCUM(ACCUM), .NW(NW), .NA(NA), .WBITS(WBITS), .WSIGNED(WSIGNED),
          .WPORT(PORTS - APORT), .APORT(APORT), .WOFF(WOFF), .AOFF(AOFF), .NF(NF), .FOFF(FOFF), .SIDE(SIDE), .CARRY(CARRY),
          .OFFSET(OFFSET), .WRAP(WRAP), .ACC(ACC), .BIAS(BIAS), .SHARED(SHARED)
      ) u_column (
          .clk, .ce(valid_at[P_AT-1]), .first(first_at[P_AT-1]), .first_n, .w(w_column), .a(a_late),
          .w_low(w_low_d[c*LANES*NW*SIDE+:LANES*NW*SIDE]), 
          .a_low_n, .w_low_early(w_low_early[c*LANES*NW*SIDE+:LANES*NW*SIDE]), .a_low_n_early, .p(p[c*WORDS*48+:WORDS*48]),
          .carries(carries[c*NF*SIDE*WORDS+:NF*SIDE*WORDS])
      );
    end
    if (ACCUM != 0) begin : g_drain
      for (genvar c = 0; c < COLS; c = c + SHARE) begin : g_group
        bm_pack_drain #(
            .SHARE(SHARE), .WORDS(WORDS), .NF(NF), .FOFF(FOFF), .SLICE(SLICE), .CARRY(CARRY), .SIDE(SIDE), .COUNT(COUNT),
            .OUT(OUT), .START(START), .DOWN_AT(DOWN_AT)
        ) u_drain (
            .clk, .rst, .hold(last_at[P_AT]), .count_ce(valid_at[P_AT+2]), .count_last(last_at[P_AT+2]), .count_clear,
            .turn, .hide, .p(p[c*WORDS*48+:SHARE*WORDS*48]), .carries(carries[c*NF*SIDE*WORDS+:SHARE*NF*SIDE*WORDS]),
            .sums(sums[c*NF*OUT+:SHARE*NF*OUT])
        );
      end
      // The next block's last step may reach the sums in the cycle before this block's drain ends.
      logic [TAG-1:0] tag_held;
      always_ff @(posedge clk) begin
        sums_valid <= ~rst & turn[SHARE*SLOTS];
        if (last_at[P_AT]) tag_held <= tag_at_sum;
        if (turn[SHARE*SLOTS-1]) sums_tag <= tag_held;
      end
    end else begin : g_flat
      localparam int LATENCY = (WATCHED ? 2 : 0) + $clog2(WORDS) + 1;
      for (genvar c = 0; c < COLS; c = c + 1) begin : g_column
        bm_pack_flat #(
            .WORDS(WORDS), .STEPS(STEPS), .NF(NF), .FOFF(FOFF), .SLICE(SLICE), .CARRY(CARRY), .MOST(step_sums(WORDS)),
            .SIDE(SIDE), .OUT(OUT), .START(START), .ALIGN(WATCHED ? 1 : 0)
        ) u_flat (
            .clk, .rst, .valid(valid_at[P_AT]), .last(last_at[P_AT]), .p(p[c*WORDS*48+:WORDS*48]),
            .carries(carries[c*NF*SIDE*WORDS+:NF*SIDE*WORDS]), .sums(sums[c*NF*OUT+:NF*OUT])
        );
      end
      bm_conv_delay #(.WIDTH(1), .STAGES(LATENCY), .RESET(1)) u_valid (.clk, .rst, .d(last_at[P_AT]), .q(sums_valid));
      bm_conv_delay #(.WIDTH(TAG), .STAGES(LATENCY)) u_tag_out (.clk, .rst(1'b0), .d(tag_at_sum), .q(sums_tag));
    end
  endgenerate
  wire unused = &{1'b0, turn, hide, count_clear, first_n, a_low_n, w_low_d, carries, p};
endmodule
