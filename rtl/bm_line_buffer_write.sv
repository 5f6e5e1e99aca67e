// Write side of the line buffer: takes SIMD-channel beats, one per cycle while a row slot is free, and puts
// pixel x of row y at column x / NP of pixel bank x mod NP, row bank and slot going round with the rows.
// `rows_in` pulses with the virtual rows complete (top and bottom padding counted with first and last row).
// Cost: about 45 LUT, 60 FF plus the registered beat (Yosys 0.23).
module bm_line_buffer_write #(
    parameter int WIDTH = 32,
    parameter int H = 8,
    parameter int W = 8,
    parameter int PT = 1,
    parameter int PB = 1,
    parameter int CGROUPS = 1,
    parameter int NP = 1,
    parameter int KPF = 1,
    parameter int SLOTS = 4,
    parameter int ADDRW = 8,
    parameter int INW = 4,
    parameter int FREEW = 4
) (
    input  logic clk,
    input  logic rst,
    input  logic in_valid,
    output logic in_ready,
    input  logic [WIDTH-1:0] in_data,
    input  logic [FREEW-1:0] rows_free,
    output logic [INW-1:0] rows_in,
    output logic [KPF*NP-1:0] we,
    output logic [ADDRW-1:0] waddr,
    output logic [WIDTH-1:0] wdata
);
  localparam int BANK_SLOTS = SLOTS / KPF;
  localparam int ROW_WORDS = (W + NP - 1) / NP * CGROUPS;
  localparam int SPAREW = $clog2(SLOTS + 2 ** FREEW);

  logic accept, cg_last, x_last, y_last, y_first, row_end;
  logic [NP-1:0] pixel_bank;
  logic [KPF-1:0] row_bank;
  assign accept = in_valid && in_ready;
  assign row_end = accept && cg_last && x_last;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(CGROUPS)) u_cg (.clk, .rst, .step(accept), .value(), .last(cg_last));
  bm_count #(.LIMIT(W)) u_x (.clk, .rst, .step(accept && cg_last), .value(), .last(x_last));
  bm_count #(.LIMIT(H)) u_y (.clk, .rst, .step(row_end), .value(), .last(y_last));
  /* verilator lint_on PINCONNECTEMPTY */

  // Banks as one-hot rings.
  always_ff @(posedge clk) begin
    if (rst) begin
      pixel_bank <= NP'(1);
      row_bank <= KPF'(1);
      y_first <= 1'b1;
    end else if (accept && cg_last) begin
      pixel_bank <= x_last ? NP'(1) : (pixel_bank << 1) | (pixel_bank >> (NP - 1));
      if (x_last) row_bank <= (row_bank << 1) | (row_bank >> (KPF - 1));
      if (x_last) y_first <= y_last;
    end
  end

  // Addresses: beat, start of the column, start of this row's slot and of the next row's.
  logic [ADDRW-1:0] addr, column, next_base;
  logic [KPF-1:0] next_bank;
  always_ff @(posedge clk) begin
    if (rst) begin
      addr <= '0;
      column <= '0;
    end else if (row_end) begin
      addr <= next_base;
      column <= next_base;
    end else if (accept) begin
      if (cg_last && !pixel_bank[NP-1]) addr <= column;
      else addr <= addr + 1'b1;
      if (cg_last && pixel_bank[NP-1]) column <= addr + 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (rst) begin
      next_base <= KPF == 1 && BANK_SLOTS > 1 ? ADDRW'(ROW_WORDS) : '0;
      next_bank <= KPF == 1 ? KPF'(1) : KPF'(2);
    end else if (row_end) begin
      next_bank <= (next_bank << 1) | (next_bank >> (KPF - 1));
      if (next_bank[KPF-1])
        next_base <= next_base == ADDRW'((BANK_SLOTS - 1) * ROW_WORDS) ? '0 : next_base + ADDRW'(ROW_WORDS);
    end
  end

  // Room: free slots beyond the row being written; above SLOTS when rows are freed before they come.
  logic [SPAREW-1:0] spare, with_freed, less_one;
  logic spare_ok, take;
  assign spare_ok = spare != 0;
  assign take = spare_ok && (row_end || !in_ready);
  // Both outcomes, chosen last: `take` comes late. One is formed from the other, or Yosys would share their adder behind the choice.
  assign with_freed = spare + SPAREW'(rows_free);
  assign less_one = with_freed - 1'b1;
  always_ff @(posedge clk) begin
    if (rst) begin
      spare <= SPAREW'(SLOTS);
      in_ready <= 1'b0;
    end else begin
      spare <= take ? less_one : with_freed;
      if (row_end || !in_ready) in_ready <= spare_ok;
    end
  end

  always_ff @(posedge clk) begin
    wdata <= in_data;
    waddr <= addr;
    if (rst) begin
      we <= '0;
      rows_in <= '0;
    end else begin
      for (int r = 0; r < KPF; r = r + 1) begin
        for (int p = 0; p < NP; p = p + 1) we[r*NP+p] <= accept && row_bank[r] && pixel_bank[p];
      end
      rows_in <= row_end ? INW'(1) + (y_first ? INW'(PT) : '0) + (y_last ? INW'(PB) : '0) : '0;
    end
  end
endmodule
