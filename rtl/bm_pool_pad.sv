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

  // A side without border is never compared with: the comparison would be constant.
  logic below_top, above_bottom, right_of_left, left_of_right;
  generate
    if (PT == 0) begin : g_no_top
      assign below_top = 1'b1;
    end else begin : g_top
      assign below_top = row >= RW'(PT);
    end
    if (PB == 0) begin : g_no_bottom
      assign above_bottom = 1'b1;
    end else begin : g_bottom
      assign above_bottom = row <= RW'(PT + H - 1);
    end
    if (PL == 0) begin : g_no_left
      assign right_of_left = 1'b1;
    end else begin : g_left
      assign right_of_left = column >= CW'(PL);
    end
    if (PR == 0) begin : g_no_right
      assign left_of_right = 1'b1;
    end else begin : g_right
      assign left_of_right = column <= CW'(PL + W - 1);
    end
  endgenerate
  assign inside_rows = below_top && above_bottom;
  assign inside_columns = right_of_left && left_of_right;
  wire unused = &{1'b0, row, column};

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
