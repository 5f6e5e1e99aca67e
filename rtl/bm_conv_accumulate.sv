// bm_conv_merge for sums of any width: above 24 bits the lower 20 are summed first and the upper ones a cycle later, so that no carry
// passes through more than 24 bits. `done` then comes a cycle later too.
// Cost: that of bm_conv_merge; above 24 bits per sum 20 FF, and one for each upper bit.
module bm_conv_accumulate #(
    parameter int COLUMNS = 1,
    parameter int NFIELDS = 1,
    parameter int BITS = 20,
    parameter int TAIL = 0,
    parameter int GROUPS = 1,
    parameter int STEPS = 1,
    parameter int TAIL_BLOCK = 0,
    parameter [32*NFIELDS-1:0] START = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic step,
    input  logic first,
    input  logic last,
    input  logic row_first,
    input  logic [COLUMNS*NFIELDS*BITS-1:0] fields,
    output logic done,
    output logic [COLUMNS*NFIELDS*BITS-1:0] acc
);
  localparam int SUMS = COLUMNS * NFIELDS;
  localparam int LOW = 20;
  function automatic [32*NFIELDS-1:0] upper(input [32*NFIELDS-1:0] values);
    for (int f = 0; f < NFIELDS; f = f + 1) upper[32*f+:32] = $signed(values[32*f+:32]) >>> LOW;
  endfunction
  generate
    if (BITS <= 24) begin : g_whole
      /* verilator lint_off PINCONNECTEMPTY */
      bm_conv_merge #(
          .COLUMNS(COLUMNS), .NFIELDS(NFIELDS), .BITS(BITS), .TAIL(TAIL), .GROUPS(GROUPS), .STEPS(STEPS), .TAIL_BLOCK(TAIL_BLOCK), .START(START)
      ) u_merge (.clk, .rst, .step, .first, .last, .row_first, .fields, .carry_in('0), .carry_out(), .done, .acc);
      /* verilator lint_on PINCONNECTEMPTY */
    end else begin : g_parts
      localparam int HIGH = BITS - LOW;
      logic [SUMS*LOW-1:0] low_fields, low_acc, low_held;
      logic [SUMS*HIGH-1:0] high_fields, high_fields_1, high_acc;
      logic [SUMS-1:0] carries;
      logic low_done, step_1, first_1, last_1, row_first_1;
      for (genvar i = 0; i < SUMS; i = i + 1) begin : g_cut
        assign low_fields[i*LOW+:LOW] = fields[i*BITS+:LOW];
        assign high_fields[i*HIGH+:HIGH] = fields[i*BITS+LOW+:HIGH];
        assign acc[i*BITS+:BITS] = {high_acc[i*HIGH+:HIGH], low_held[i*LOW+:LOW]};
      end
      always_ff @(posedge clk) begin
        if (rst) step_1 <= 1'b0;
        else step_1 <= step;
        {first_1, last_1, row_first_1} <= {first, last, row_first};
        high_fields_1 <= high_fields;
        low_held <= low_acc;
      end
      bm_conv_merge #(
          .COLUMNS(COLUMNS), .NFIELDS(NFIELDS), .BITS(LOW), .TAIL(TAIL), .GROUPS(GROUPS), .STEPS(STEPS), .TAIL_BLOCK(TAIL_BLOCK), .PART(1), .START(START)
      ) u_low (.clk, .rst, .step, .first, .last, .row_first, .fields(low_fields), .carry_in('0), .carry_out(carries), .done(low_done), .acc(low_acc));
      /* verilator lint_off PINCONNECTEMPTY */
      bm_conv_merge #(
          .COLUMNS(COLUMNS), .NFIELDS(NFIELDS), .BITS(HIGH), .TAIL(TAIL), .GROUPS(GROUPS), .STEPS(STEPS), .TAIL_BLOCK(TAIL_BLOCK), .PART(2),
          .START(upper(START))
      ) u_high (
          .clk, .rst, .step(step_1), .first(first_1), .last(last_1), .row_first(row_first_1), .fields(high_fields_1), .carry_in(carries), .carry_out(), .done,
          .acc(high_acc));
      /* verilator lint_on PINCONNECTEMPTY */
      wire unused = &{1'b0, low_done};
    end
  endgenerate
endmodule
