// Accumulates the field sums of a group's steps and, for overlap-add (TAIL > 0), starts the first TAIL fields of a
// block from the last TAIL accumulators of the same group's previous block in the row.
// Accumulator f of column c ends as the sum over steps, and over the blocks overlapping it, of what the array
// read, and one a step; at the head of a row, blocks left of it count as reads of FIELD_FIX alone, so every accumulator of a
// row carries the same constant. START is the starting constant per field (family OUTER).
// `acc` is final in the cycle `done`. Needs one cycle per step; modulo 2^BITS.
// PART 0: whole sums. 1: the lower bits of longer sums, `carry_out` of every accumulator beside `acc`. 2: the upper bits, whose step
// comes a cycle after that of the lower ones, with their `carry_out` as `carry_in`.
// Cost: COLUMNS * NFIELDS * BITS LUT and FF; tails: a LUT memory of GROUPS words for GROUPS > 2.
module bm_conv_merge #(
    parameter int COLUMNS = 1,
    parameter int NFIELDS = 1,
    parameter int BITS = 20,
    parameter int TAIL = 0,
    parameter int GROUPS = 1,
    parameter int STEPS = 1,
    parameter int TAIL_BLOCK = 0,
    parameter int PART = 0,
    parameter [32*NFIELDS-1:0] START = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic step,
    input  logic first,
    input  logic last,
    input  logic row_first,
    input  logic [COLUMNS*NFIELDS*BITS-1:0] fields,
    input  logic [COLUMNS*NFIELDS-1:0] carry_in,
    output logic [COLUMNS*NFIELDS-1:0] carry_out,
    output logic done,
    output logic [COLUMNS*NFIELDS*BITS-1:0] acc
);
  localparam int TAILW = TAIL > 0 ? COLUMNS * TAIL * BITS : 1;
  logic [TAILW-1:0] top, tail;

  always_ff @(posedge clk) begin
    if (rst) done <= 1'b0;
    else done <= step && last;
  end

  wire unused_carry = &{1'b0, carry_in};

  generate
    for (genvar c = 0; c < COLUMNS; c = c + 1) begin : g_column
      for (genvar f = 0; f < NFIELDS; f = f + 1) begin : g_field
        localparam int INDEX = c * NFIELDS + f;
        localparam [BITS-1:0] START_F = BITS'($signed(START[32*f+:32]));
        logic [BITS-1:0] origin, addend;
        if (f < TAIL) begin : g_tail
          assign origin = row_first ? START_F : tail[(c*TAIL+f)*BITS+:BITS];
        end else begin : g_start
          assign origin = START_F;
        end
        assign addend = first || STEPS == 1 ? origin : acc[INDEX*BITS+:BITS];
        // Subtracting the complement adds one too many, but Yosys then keeps the choice of the addend in the
        // adder's own LUTs: half the LUTs of a plain sum.
        // bm_conv counts the ones.
        if (PART == 0) begin : g_whole
          always_ff @(posedge clk) if (step) acc[INDEX*BITS+:BITS] <= fields[INDEX*BITS+:BITS] - ~addend;
          assign carry_out[INDEX] = 1'b0;
        end else begin : g_part
          logic [BITS:0] sum;
          assign sum = {1'b0, fields[INDEX*BITS+:BITS]} + {1'b0, addend} + (BITS + 1)'(PART == 1 || carry_in[INDEX]);
          always_ff @(posedge clk) if (step) {carry_out[INDEX], acc[INDEX*BITS+:BITS]} <= sum;
        end
        if (f >= NFIELDS - TAIL) begin : g_top
          assign top[(c*TAIL+f-(NFIELDS-TAIL))*BITS+:BITS] = acc[INDEX*BITS+:BITS];
        end
      end
    end

    // Tails come back GROUPS blocks-and-groups later; everything moves on the first step of a group, when
    // `acc` still holds the group before it.
    if (TAIL == 0) begin : g_none
      assign {top, tail} = '0;
      wire unused = &{1'b0, row_first, top, tail, rst};
    end else if (GROUPS == 1) begin : g_direct
      assign tail = top;
    end else if (GROUPS == 2) begin : g_register
      logic [TAILW-1:0] held;
      always_ff @(posedge clk) if (step && first) held <= top;
      assign tail = held;
    end else begin : g_memory
      localparam int ADDRW = $clog2(GROUPS);
      logic [ADDRW-1:0] waddr, raddr;
      always_ff @(posedge clk) begin
        if (rst) begin
          waddr <= '0;
          raddr <= ADDRW'(2);
        end else if (step && first) begin
          waddr <= waddr == ADDRW'(GROUPS - 1) ? '0 : waddr + 1'b1;
          raddr <= raddr == ADDRW'(GROUPS - 1) ? '0 : raddr + 1'b1;
        end
      end
      bm_ram #(.WIDTH(TAILW), .DEPTH(GROUPS), .BLOCK(TAIL_BLOCK)) u_tails (
          .clk, .write(step && first), .write_address(waddr), .d(top), .read(step && first), .read_address(raddr),
          .q(tail)
      );
    end
  endgenerate
endmodule
