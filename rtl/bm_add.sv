// out = MUL_A * a + MUL_B * b + CONST, channel by channel, modulo 2^OUT_BITS; COUNT 1: without b.
// The constants' signed digits (non-adjacent form) are added one per stage, so one adder lies between
// registers. One beat per cycle. `a_ready`, `b_ready` come from the other input's valid, registered state and
// `out_ready`. The clock rule (carry of 24 bits) holds up to OUT_BITS = 24.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// CH 4: 8 bit + 8 bit 36 LUT, 37 FF; 57 * a - 101 * b + 3: 282 LUT, 707 FF.
module bm_add #(
    parameter int CH = 1,
    parameter int COUNT = 2,
    parameter int BITS_A = 8,
    parameter int SIGNED_A = 0,
    parameter int MUL_A = 1,
    parameter int BITS_B = 8,
    parameter int SIGNED_B = 0,
    parameter int MUL_B = 1,
    parameter int CONST = 0,
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
  // Digits of A in positions 0 to 32, of B above; the digits of m are those of (3m xor m) / 2.
  localparam int DIGITS = 33;
  localparam int SLOTS = COUNT == 2 ? 2 * DIGITS : DIGITS;
  localparam logic signed [35:0] WIDE_A = 36'(MUL_A);
  localparam logic signed [35:0] WIDE_B = COUNT == 2 ? 36'(MUL_B) : 36'sd0;
  localparam logic signed [35:0] TRIPLE_A = WIDE_A + (WIDE_A <<< 1);
  localparam logic signed [35:0] TRIPLE_B = WIDE_B + (WIDE_B <<< 1);
  localparam logic [35:0] PLUS_A = TRIPLE_A & ~WIDE_A;
  localparam logic [35:0] MINUS_A = WIDE_A & ~TRIPLE_A;
  localparam logic [35:0] PLUS_B = TRIPLE_B & ~WIDE_B;
  localparam logic [35:0] MINUS_B = WIDE_B & ~TRIPLE_B;
  localparam logic [2*DIGITS-1:0] PLUS = {PLUS_B[DIGITS:1], PLUS_A[DIGITS:1]};
  localparam logic [2*DIGITS-1:0] MINUS = {MINUS_B[DIGITS:1], MINUS_A[DIGITS:1]};
  localparam logic [2*DIGITS-1:0] USED = PLUS | MINUS;
  localparam logic [2*DIGITS-1:0] ONE = 1;
  localparam logic signed [63:0] START = 64'(CONST);

  localparam int WA = CH * BITS_A;
  localparam int WB = CH * BITS_B;
  localparam int WO = CH * OUT_BITS;

  logic move;
  logic [SLOTS:0] valid  /* verilator split_var */;
  logic [(SLOTS+1)*WA-1:0] a  /* verilator split_var */;
  logic [(SLOTS+1)*WB-1:0] b  /* verilator split_var */;
  logic [(SLOTS+1)*WO-1:0] sum  /* verilator split_var */;

  assign move = !out_valid || out_ready;
  assign valid[0] = a_valid && (COUNT != 2 || b_valid);
  assign a_ready = move && (COUNT != 2 || b_valid);
  assign b_ready = COUNT == 2 && move && a_valid;
  assign a[WA-1:0] = a_data;
  assign b[WB-1:0] = b_data;

  generate
    genvar k, c;
    for (c = 0; c < CH; c = c + 1) begin : g_start
      if (OUT_BITS > 64) begin : g_wide
        assign sum[c*OUT_BITS+:OUT_BITS] = {{(OUT_BITS - 64) {CONST < 0}}, START};
      end else begin : g_narrow
        assign sum[c*OUT_BITS+:OUT_BITS] = START[OUT_BITS-1:0];
      end
    end
    for (k = 0; k < SLOTS; k = k + 1) begin : g_slot
      localparam int SHIFT = k % DIGITS;
      // The first digit alone needs no adder, unless it meets a constant or a minus sign.
      localparam int ADDS = USED[k] && (CONST != 0 || MINUS[k] || (USED & ((ONE << k) - ONE)) != 0) ? 1 : 0;
      logic [WO-1:0] next;
      for (c = 0; c < CH; c = c + 1) begin : g_channel
        logic [OUT_BITS-1:0] partial;
        wire unused_partial = &{1'b0, partial};
        assign partial = sum[k*WO+c*OUT_BITS+:OUT_BITS];
        if (!USED[k] || SHIFT >= OUT_BITS) begin : g_none
          assign next[c*OUT_BITS+:OUT_BITS] = partial;
        end else begin : g_term
          logic [OUT_BITS-1:0] term;
          if (k < DIGITS) begin : g_a
            bm_extend #(.FROM(BITS_A), .TO(OUT_BITS), .IS_SIGNED(SIGNED_A)) u_extend (
                .in(a[k*WA+c*BITS_A+:BITS_A]), .out(term));
          end else begin : g_b
            bm_extend #(.FROM(BITS_B), .TO(OUT_BITS), .IS_SIGNED(SIGNED_B)) u_extend (
                .in(b[k*WB+c*BITS_B+:BITS_B]), .out(term));
          end
          if (ADDS == 0) begin : g_first
            assign next[c*OUT_BITS+:OUT_BITS] = term << SHIFT;
          end else if (MINUS[k]) begin : g_minus
            assign next[c*OUT_BITS+:OUT_BITS] = partial - (term << SHIFT);
          end else begin : g_plus
            assign next[c*OUT_BITS+:OUT_BITS] = partial + (term << SHIFT);
          end
        end
      end
      if (ADDS != 0) begin : g_register
        logic valid_q;
        logic [WA-1:0] a_q;
        logic [WB-1:0] b_q;
        logic [WO-1:0] sum_q;
        always_ff @(posedge clk) begin
          if (!rst_n) valid_q <= 1'b0;
          else if (move) valid_q <= valid[k];
        end
        always_ff @(posedge clk) begin
          if (move) begin
            a_q <= a[k*WA+:WA];
            b_q <= b[k*WB+:WB];
            sum_q <= next;
          end
        end
        assign valid[k+1] = valid_q;
        assign a[(k+1)*WA+:WA] = a_q;
        assign b[(k+1)*WB+:WB] = b_q;
        assign sum[(k+1)*WO+:WO] = sum_q;
      end else begin : g_wire
        assign valid[k+1] = valid[k];
        assign a[(k+1)*WA+:WA] = a[k*WA+:WA];
        assign b[(k+1)*WB+:WB] = b[k*WB+:WB];
        assign sum[(k+1)*WO+:WO] = next;
      end
    end
    if ((USED == 0 || (CONST == 0 && MINUS == 0 && (USED & (USED - ONE)) == 0))) begin : g_register_out
      always_ff @(posedge clk) begin
        if (!rst_n) out_valid <= 1'b0;
        else if (move) out_valid <= valid[SLOTS];
      end
      always_ff @(posedge clk) if (move) out_data <= sum[SLOTS*WO+:WO];
    end else begin : g_registered
      assign out_valid = valid[SLOTS];
      assign out_data = sum[SLOTS*WO+:WO];
    end
  endgenerate

  wire unused = &{1'b0, b_valid, a, b};
endmodule
