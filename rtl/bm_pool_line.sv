// One-dimensional pooling: of each run of N positions, windows of K at stride S. A position has INNER beats
// that pool separately, in the same order each time. SUM 0: largest, 1: sum modulo 2^OUT_BITS.
// Every open window keeps its partial result, ceil(K / S) per inner beat, in a memory that is read and
// written once per beat; so one input beat per cycle. A word stays a cycle in registers behind the memory:
// banks, comparison and choice would be a long path.
module bm_pool_line #(
    parameter int CH = 1,
    parameter int BITS = 8,
    parameter int IN_SIGNED = 0,
    parameter int SUM = 0,
    parameter int OUT_BITS = 8,
    parameter int N = 4,
    parameter int K = 2,
    parameter int S = 2,
    parameter int INNER = 1,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*OUT_BITS-1:0] out_data
);
  localparam int OPEN = (K + S - 1) / S;
  localparam int EMIT_PHASE = (K - 1) % S;
  localparam int WIDTH = CH * OUT_BITS;
  localparam int AW = INNER > 1 ? $clog2(INNER) : 1;
  localparam int PW = S > 1 ? $clog2(S) : 1;
  localparam int NW = N > 1 ? $clog2(N) : 1;

  logic accept, last_inner, last_position, last_phase, wrap;
  logic [AW-1:0] inner;
  logic [NW-1:0] position;
  logic [PW-1:0] phase;

  logic fetched, fetched_first, fetched_emit;
  logic [AW-1:0] fetched_inner;
  logic [CH*BITS-1:0] fetched_data;
  logic held, held_first, held_emit, held_ready, advance, sink_ready;
  logic [AW-1:0] held_inner;
  logic [CH*BITS-1:0] held_data;
  logic [OPEN*WIDTH-1:0] old, updated;
  logic [WIDTH-1:0] fresh;

  assign advance = !held_emit || sink_ready;
  assign held_ready = !held || advance;
  assign accept = in_valid && in_ready;
  assign wrap = last_inner && last_position;

  bm_count #(.LIMIT(INNER)) u_inner (.clk, .rst(!rst_n), .step(accept), .value(inner), .last(last_inner));
  bm_count #(.LIMIT(N)) u_position (
      .clk, .rst(!rst_n), .step(accept && last_inner), .value(position), .last(last_position));
  // The phase restarts with every run, whether or not S divides N.
  bm_count #(.LIMIT(S)) u_phase (
      .clk, .rst(!rst_n || (accept && wrap)), .step(accept && last_inner), .value(phase), .last(last_phase));

  always_ff @(posedge clk) begin
    if (!rst_n) held <= 1'b0;
    else if (held_ready) held <= fetched;
  end
  always_ff @(posedge clk) begin
    if (held_ready) begin
      held_data <= fetched_data;
      held_inner <= fetched_inner;
      held_first <= fetched_first;
      held_emit <= fetched_emit;
    end
  end

  generate
    genvar c, o;
    for (c = 0; c < CH; c = c + 1) begin : g_fresh
      if (OUT_BITS <= BITS) begin : g_cut
        assign fresh[c*OUT_BITS+:OUT_BITS] = held_data[c*BITS+:OUT_BITS];
      end else begin : g_extend
        assign fresh[c*OUT_BITS+:OUT_BITS] =
            {{(OUT_BITS - BITS) {IN_SIGNED != 0 && held_data[c*BITS+BITS-1]}}, held_data[c*BITS+:BITS]};
      end
    end
    // Window o was opened o strides before the newest; a new one takes slot 0 and moves the others up.
    for (o = 0; o < OPEN; o = o + 1) begin : g_open
      logic [WIDTH-1:0] previous, pooled;
      if (o == 0) begin : g_newest
        assign previous = old[WIDTH-1:0];
        assign updated[WIDTH-1:0] = held_first ? fresh : pooled;
      end else begin : g_older
        assign previous = held_first ? old[(o-1)*WIDTH+:WIDTH] : old[o*WIDTH+:WIDTH];
        assign updated[o*WIDTH+:WIDTH] = pooled;
      end
      for (c = 0; c < CH; c = c + 1) begin : g_channel
        logic [OUT_BITS-1:0] x, y;
        assign x = fresh[c*OUT_BITS+:OUT_BITS];
        assign y = previous[c*OUT_BITS+:OUT_BITS];
        if (SUM != 0) begin : g_sum
          assign pooled[c*OUT_BITS+:OUT_BITS] = x + y;
        end else if (IN_SIGNED != 0) begin : g_signed
          assign pooled[c*OUT_BITS+:OUT_BITS] = $signed(x) > $signed(y) ? x : y;
        end else begin : g_unsigned
          assign pooled[c*OUT_BITS+:OUT_BITS] = x > y ? x : y;
        end
      end
    end

    // A word comes back INNER beats later: with few of them it moves along a ring of registers.
    wire first = phase == 0;
    wire emit = phase == PW'(EMIT_PHASE) && (K == 1 || position >= NW'(K - 1));
    if (INNER < 3) begin : g_ring
      assign in_ready = held_ready;
      assign fetched = in_valid;
      assign fetched_data = in_data;
      assign fetched_inner = inner;
      assign fetched_first = first;
      assign fetched_emit = emit;
      logic [INNER*OPEN*WIDTH-1:0] ring;
      assign old = ring[OPEN*WIDTH-1:0];
      if (INNER == 1) begin : g_one
        always_ff @(posedge clk) if (held && advance) ring <= updated;
      end else begin : g_two
        always_ff @(posedge clk) if (held && advance) ring <= {updated, ring[2*OPEN*WIDTH-1:OPEN*WIDTH]};
      end
      wire unused_inner = &{1'b0, held_inner};
    end else begin : g_memory
      logic [OPEN*WIDTH-1:0] word;
      assign in_ready = !fetched || held_ready;
      always_ff @(posedge clk) begin
        if (!rst_n) fetched <= 1'b0;
        else if (in_ready) fetched <= in_valid;
      end
      always_ff @(posedge clk) begin
        if (in_ready) begin
          fetched_data <= in_data;
          fetched_inner <= inner;
          fetched_first <= first;
          fetched_emit <= emit;
        end
        if (held_ready) old <= word;
      end
      // Three beats later at the earliest the word of a beat that leaves `held` is read.
      bm_ram #(.WIDTH(OPEN * WIDTH), .DEPTH(INNER), .BLOCK(BLOCK)) u_ram (
          .clk, .write(held && advance), .write_address(held_inner), .d(updated), .read(accept),
          .read_address(inner), .q(word));
    end
  endgenerate

  // A register behind the comparison, before the slice's own choice: memory, comparison and choice would be a long path.
  logic pooled_valid, slice_ready;
  logic [WIDTH-1:0] pooled_data;
  assign sink_ready = !pooled_valid || slice_ready;
  always_ff @(posedge clk) begin
    if (!rst_n) pooled_valid <= 1'b0;
    else if (sink_ready) pooled_valid <= held && held_emit;
  end
  always_ff @(posedge clk) if (sink_ready) pooled_data <= updated[(OPEN-1)*WIDTH+:WIDTH];
  bm_skid #(.WIDTH(WIDTH)) u_out (
      .clk, .rst_n, .in_valid(pooled_valid), .in_ready(slice_ready), .in_data(pooled_data), .out_valid, .out_ready, .out_data);

  wire unused = &{1'b0, last_phase, position, phase, held_data};
endmodule
