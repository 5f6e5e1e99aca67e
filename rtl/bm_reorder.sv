// Writes blocks of SIZE beats in order and reads each in four nested loops: address = sum of index k (0 to
// N_k - 1) times T_k, loop 1 outermost. Two buffers: while one is read the next is written; one beat per
// cycle on both sides. Outputs are registered, `in_ready` comes from registers.
module bm_reorder #(
    parameter int WIDTH = 8,
    parameter int SIZE = 4,
    parameter int N1 = 1,
    parameter int T1 = 0,
    parameter int N2 = 1,
    parameter int T2 = 0,
    parameter int N3 = 1,
    parameter int T3 = 0,
    parameter int N4 = 4,
    parameter int T4 = 1,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [WIDTH-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  localparam int AW = SIZE > 1 ? $clog2(SIZE) : 1;
  // What the address changes by when loop k advances and those inside it start again.
  localparam int BACK4 = (N4 - 1) * T4;
  localparam int BACK3 = BACK4 + (N3 - 1) * T3;
  localparam int BACK2 = BACK3 + (N2 - 1) * T2;
  localparam logic [AW-1:0] STEP4 = AW'(T4);
  localparam logic [AW-1:0] STEP3 = AW'(T3 - BACK4);
  localparam logic [AW-1:0] STEP2 = AW'(T2 - BACK3);
  localparam logic [AW-1:0] STEP1 = AW'(T1 - BACK2);

  logic push, pop, push_last, read_ready, last1, last2, last3, last4, write_side, read_side, pop_last;
  logic ready_to_read;
  logic [1:0] full, filled, emptied;
  logic [AW-1:0] write_address, read_address, change;

  assign push = in_valid && in_ready;
  assign ready_to_read = read_side ? full[1] : full[0];
  assign pop = ready_to_read && read_ready;
  assign emptied = {pop && pop_last && read_side, pop && pop_last && !read_side};
  assign filled = {push && push_last && write_side, push && push_last && !write_side};
  assign pop_last = last1 && last2 && last3 && last4;
  assign change = !last4 ? STEP4 : !last3 ? STEP3 : !last2 ? STEP2 : STEP1;

  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(SIZE)) u_write (.clk, .rst(!rst_n), .step(push), .value(write_address), .last(push_last));
  bm_count #(.LIMIT(N4)) u_loop4 (.clk, .rst(!rst_n), .step(pop), .value(), .last(last4));
  bm_count #(.LIMIT(N3)) u_loop3 (.clk, .rst(!rst_n), .step(pop && last4), .value(), .last(last3));
  bm_count #(.LIMIT(N2)) u_loop2 (.clk, .rst(!rst_n), .step(pop && last4 && last3), .value(), .last(last2));
  bm_count #(.LIMIT(N1)) u_loop1 (.clk, .rst(!rst_n), .step(pop && last4 && last3 && last2), .value(), .last(last1));
  /* verilator lint_on PINCONNECTEMPTY */

  assign in_ready = write_side ? !full[1] : !full[0];

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      read_address <= 0;
      read_side <= 1'b0;
      write_side <= 1'b0;
      full <= 2'b00;
    end else begin
      if (pop) begin
        read_address <= pop_last ? 0 : read_address + change;
        if (pop_last) read_side <= !read_side;
      end
      if (push && push_last) write_side <= !write_side;
      full <= (full & ~emptied) | filled;
    end
  end

  bm_ram_stream #(.WIDTH(WIDTH), .DEPTH(2 << AW), .BLOCK(BLOCK)) u_ram (
      .clk, .rst_n, .write(push), .write_address({write_side, write_address}), .write_data(in_data),
      .addr_valid(ready_to_read), .addr_ready(read_ready), .addr_data({read_side, read_address}), .out_valid,
      .out_ready, .out_data);
endmodule
