// out = MUL_A * a + MUL_B * b + CONST, channel by channel, modulo 2^OUT_BITS; COUNT 1: without b.
// The constants' signed digits (non-adjacent form) are added one per stage, so one adder lies between
// registers. One beat per cycle. `a_ready`, `b_ready` come from the other input's valid, registered state and
// `out_ready`. Sums of more than 24 bits are added in chunks of 20: a carry enters the next chunk one stage later,
// and ceil(OUT_BITS / 20) - 1 stages behind the last digit take in what is left.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// CH 4: 8 bit + 8 bit 36 LUT, 37 FF; 57 * a - 101 * b + 3: 282 LUT, 707 FF.
module bm_add #(
    parameter int CH = 1,
    parameter int COUNT = 2,
    parameter int BITS_A = 8,
    parameter int SIGNED_A = 0,
    parameter logic signed [63:0] MUL_A = 1,
    parameter int BITS_B = 8,
    parameter int SIGNED_B = 0,
    parameter logic signed [63:0] MUL_B = 1,
    parameter logic signed [63:0] CONST = 0,
    parameter int OUT_BITS = 9
) (
    input  logic clk,
    input  logic rst_n,
    input  logic a_valid,
    output logic a_ready,
    input  logic [CH*BITS_A-1:0] a_data,
    input  logic b_valid,
    output logic b_ready,
    input  logic [CH*BITS_B-1:0] b_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*OUT_BITS-1:0] out_data
);
  // Digits of A in positions 0 to 64, of B above; the digits of m are those of (3m xor m) / 2.
  localparam int DIGITS = 65;
  localparam logic [67:0] WIDE_A = {{4{MUL_A[63]}}, MUL_A};
  localparam logic [67:0] WIDE_B = COUNT == 2 ? {{4{MUL_B[63]}}, MUL_B} : 68'd0;
  localparam logic [67:0] TRIPLE_A = WIDE_A + {WIDE_A[66:0], 1'b0};
  localparam logic [67:0] TRIPLE_B = WIDE_B + {WIDE_B[66:0], 1'b0};
  localparam logic [67:0] PLUS_A = TRIPLE_A & ~WIDE_A;
  localparam logic [67:0] MINUS_A = WIDE_A & ~TRIPLE_A;
  localparam logic [67:0] PLUS_B = TRIPLE_B & ~WIDE_B;
  localparam logic [67:0] MINUS_B = WIDE_B & ~TRIPLE_B;
  localparam logic [2*DIGITS-1:0] MINUS = {MINUS_B[DIGITS:1], MINUS_A[DIGITS:1]};
  localparam logic [2*DIGITS-1:0] USED = {PLUS_B[DIGITS:1], PLUS_A[DIGITS:1]} | MINUS;

  // Position of a digit that is not zero, counted from the lowest of A; 2 * DIGITS where there are fewer.
  function automatic integer place(input integer index);
    integer seen;
    seen = 0;
    place = 2 * DIGITS;
    for (int i = 0; i < 2 * DIGITS; i = i + 1) begin
      if (USED[i]) begin
        if (seen == index) place = i;
        seen = seen + 1;
      end
    end
  endfunction
  function automatic integer terms();
    terms = 0;
    for (int i = 0; i < 2 * DIGITS; i = i + 1) if (USED[i]) terms = terms + 1;
  endfunction

  // The first digit alone needs no adder, unless it meets a constant or a minus sign.
  localparam int TERMS = terms();
  localparam int FIRST = place(0);
  localparam int FREE = TERMS > 0 && CONST == 0 && !MINUS[FIRST%(2*DIGITS)] ? 1 : 0;
  localparam int ADDS = TERMS - FREE;
  localparam int CHUNK = OUT_BITS <= 24 ? OUT_BITS : 20;
  localparam int CHUNKS = (OUT_BITS + CHUNK - 1) / CHUNK;
  localparam int STAGES = ADDS == 0 ? 1 : ADDS + CHUNKS - 1;

  localparam int WA = CH * BITS_A;
  localparam int WB = CH * BITS_B;
  localparam int WO = CH * OUT_BITS;

  logic move;
  logic [STAGES:0] valid  /* verilator split_var */;
  logic [(STAGES+1)*WA-1:0] a  /* verilator split_var */;
  logic [(STAGES+1)*WB-1:0] b  /* verilator split_var */;
  logic [(STAGES+1)*WO-1:0] sum  /* verilator split_var */;
  // Carries into the chunks of each channel, chunk 0's always 0.
  logic [(STAGES+1)*CH*CHUNKS-1:0] carry  /* verilator split_var */;

  assign move = !out_valid || out_ready;
  assign valid[0] = a_valid && (COUNT != 2 || b_valid);
  assign a_ready = move && (COUNT != 2 || b_valid);
  assign b_ready = COUNT == 2 && move && a_valid;
  assign a[WA-1:0] = a_data;
  assign b[WB-1:0] = b_data;
  assign carry[CH*CHUNKS-1:0] = 0;
  assign out_valid = valid[STAGES];
  assign out_data = sum[STAGES*WO+:WO];

  generate
    genvar k, c, j;
    if (FREE != 0) begin : g_free
      for (c = 0; c < CH; c = c + 1) begin : g_channel
        logic [OUT_BITS-1:0] term;
        if (FIRST < DIGITS) begin : g_a
          bm_extend #(.FROM(BITS_A), .TO(OUT_BITS), .IS_SIGNED(SIGNED_A)) u_extend (
              .in(a_data[c*BITS_A+:BITS_A]), .out(term));
        end else begin : g_b
          bm_extend #(.FROM(BITS_B), .TO(OUT_BITS), .IS_SIGNED(SIGNED_B)) u_extend (
              .in(b_data[c*BITS_B+:BITS_B]), .out(term));
        end
        assign sum[c*OUT_BITS+:OUT_BITS] = term << (FIRST % DIGITS);
      end
    end else begin : g_start
      logic [OUT_BITS-1:0] start;
      bm_extend #(.FROM(64), .TO(OUT_BITS), .IS_SIGNED(1)) u_extend (.in(CONST), .out(start));
      assign sum[WO-1:0] = {CH{start}};
    end

    for (k = 0; k < STAGES; k = k + 1) begin : g_stage
      // Behind the last digit nothing is added but the carries.
      localparam int PLACE = k < ADDS ? place(k + FREE) : 2 * DIGITS;
      localparam int SHIFT = PLACE % DIGITS;
      localparam int NEGATIVE = PLACE < 2 * DIGITS && MINUS[PLACE%(2*DIGITS)] ? 1 : 0;
      logic [WO-1:0] next;
      logic [CH*CHUNKS-1:0] carries;
      for (c = 0; c < CH; c = c + 1) begin : g_channel
        logic [OUT_BITS-1:0] partial, term, addend;
        assign partial = sum[k*WO+c*OUT_BITS+:OUT_BITS];
        if (PLACE == 2 * DIGITS) begin : g_none
          assign term = 0;
        end else if (PLACE < DIGITS) begin : g_a
          bm_extend #(.FROM(BITS_A), .TO(OUT_BITS), .IS_SIGNED(SIGNED_A)) u_extend (
              .in(a[k*WA+c*BITS_A+:BITS_A]), .out(term));
        end else begin : g_b
          bm_extend #(.FROM(BITS_B), .TO(OUT_BITS), .IS_SIGNED(SIGNED_B)) u_extend (
              .in(b[k*WB+c*BITS_B+:BITS_B]), .out(term));
        end
        assign addend = term << SHIFT;
        assign carries[c*CHUNKS] = 1'b0;
        if (CHUNKS == 1) begin : g_whole
          assign next[c*OUT_BITS+:OUT_BITS] = NEGATIVE != 0 ? partial - addend : partial + addend;
        end else begin : g_chunks
          for (j = 0; j < CHUNKS; j = j + 1) begin : g_chunk
            localparam int FROM = j * CHUNK;
            localparam int BITS = OUT_BITS - FROM < CHUNK ? OUT_BITS - FROM : CHUNK;
            logic enters;
            logic [BITS+1:0] grown;
            assign enters = j == 0 ? NEGATIVE != 0 : carry[k*CH*CHUNKS+c*CHUNKS+j];
            // The bit below hands on the carry that enters.
            assign grown = {1'b0, partial[FROM+:BITS], 1'b1} +
                {1'b0, NEGATIVE != 0 ? ~addend[FROM+:BITS] : addend[FROM+:BITS], enters};
            assign next[c*OUT_BITS+FROM+:BITS] = grown[BITS:1];
            if (j < CHUNKS - 1) begin : g_leaves
              assign carries[c*CHUNKS+j+1] = grown[BITS+1];
            end
            wire unused_grown = &{1'b0, grown};
          end
        end
      end

      logic valid_q;
      logic [WA-1:0] a_q;
      logic [WB-1:0] b_q;
      logic [WO-1:0] sum_q;
      logic [CH*CHUNKS-1:0] carry_q;
      always_ff @(posedge clk) begin
        if (!rst_n) valid_q <= 1'b0;
        else if (move) valid_q <= valid[k];
      end
      always_ff @(posedge clk) begin
        if (move) begin
          a_q <= a[k*WA+:WA];
          b_q <= b[k*WB+:WB];
          sum_q <= next;
          carry_q <= carries;
        end
      end
      assign valid[k+1] = valid_q;
      assign a[(k+1)*WA+:WA] = a_q;
      assign b[(k+1)*WB+:WB] = b_q;
      assign sum[(k+1)*WO+:WO] = sum_q;
      assign carry[(k+1)*CH*CHUNKS+:CH*CHUNKS] = carry_q;
    end
  endgenerate

  wire unused = &{1'b0, b_valid, b_data, a, b, carry};
endmodule
