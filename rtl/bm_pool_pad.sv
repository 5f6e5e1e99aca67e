// Surrounds each frame with a border of one value: rows PT and PB, columns PL and PR, G beats per pixel.
// One output beat per cycle. `in_ready` comes from registered state and `out_ready`.
module bm_pool_pad #(
    parameter int WIDTH = 8,
    parameter int G = 1,
    parameter int H = 4,
    parameter int W = 4,
    parameter int PT = 1,
    parameter int PL = 1,
    parameter int PB = 1,
    parameter int PR = 1,
    parameter [WIDTH-1:0] VALUE = 0
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
  localparam int ROWS = H + PT + PB;
  localparam int COLUMNS = W + PL + PR;
  localparam int RW = ROWS > 1 ? $clog2(ROWS) : 1;
  localparam int CW = COLUMNS > 1 ? $clog2(COLUMNS) : 1;

  logic [RW-1:0] row;
  logic [CW-1:0] column;
  logic last_group, last_column, known, pad, inside_rows, inside_columns, advance, take, free;

  // The decision for a beat is registered: `pad` belongs to the next beat out, the counters to the one after.
  assign free = !out_valid || out_ready;
  assign in_ready = known && !pad && free;
  assign take = known && free && (pad || in_valid);
  assign advance = !known || take;

  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(G)) u_group (.clk, .rst(!rst_n), .step(advance), .value(), .last(last_group));
  bm_count #(.LIMIT(COLUMNS)) u_column (
      .clk, .rst(!rst_n), .step(advance && last_group), .value(column), .last(last_column));
  bm_count #(.LIMIT(ROWS)) u_row (
      .clk, .rst(!rst_n), .step(advance && last_group && last_column), .value(row), .last());
  /* verilator lint_on PINCONNECTEMPTY */

  generate
    if (PT == 0) begin : g_no_top
      assign inside_rows = row <= RW'(H - 1);
    end else begin : g_top
      assign inside_rows = row >= RW'(PT) && row <= RW'(PT + H - 1);
    end
    if (PL == 0) begin : g_no_left
      assign inside_columns = column <= CW'(W - 1);
    end else begin : g_left
      assign inside_columns = column >= CW'(PL) && column <= CW'(PL + W - 1);
    end
  endgenerate

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      known <= 1'b0;
      out_valid <= 1'b0;
    end else begin
      known <= 1'b1;
      if (free) out_valid <= take;
    end
  end
  always_ff @(posedge clk) begin
    if (advance) pad <= !(inside_rows && inside_columns);
    if (free) out_data <= pad ? VALUE : in_data;
  end
endmodule
