// Turns the results of a row from the order in which an engine with weights from outside makes them (for each group of channels, every
// block of the row) into the order in which bm_conv_output sends them (for each block, every group). Two rows of memory: one is
// read while the other is written.
// `we` writes a word; the writer starts a row only with a row's credit: two at first, one more with each `row_free`.
// `out_we` and `out_word` come as words of the next row, at most WORDS of them (in units of GATHER words) under way until `word_free`.
// Cost: the memory, 2 * GROUPS * BLOCKS words; about 60 LUT and 60 FF beside it.
module bm_conv_turn #(
    parameter int WIDTH = 20,
    parameter int GROUPS = 2,
    parameter int BLOCKS = 8,
    parameter int GATHER = 1,
    parameter int WORDS = 16,
    parameter int BLOCK = 0
) (
    input  logic clk,
    input  logic rst,
    input  logic we,
    input  logic [WIDTH-1:0] word,
    output logic row_free,
    input  logic word_free,
    output logic out_we,
    output logic [WIDTH-1:0] out_word
);
  localparam int ROW = GROUPS * BLOCKS;
  localparam int ADDRESS = $clog2(2 * ROW);
  localparam int CREDW = $clog2(WORDS + 1);

  // Writes: blocks are GROUPS words apart, the next group starts one word further.
  logic [ADDRESS-1:0] write_address, group_address;
  logic block_last, group_last, second, row_written, row_read;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(BLOCKS)) u_block (.clk, .rst, .step(we), .value(), .last(block_last));
  bm_count #(.LIMIT(GROUPS)) u_group (.clk, .rst, .step(we && block_last), .value(), .last(group_last));
  /* verilator lint_on PINCONNECTEMPTY */
  assign row_written = we && block_last && group_last;
  always_ff @(posedge clk) begin
    if (rst) begin
      write_address <= '0;
      group_address <= '0;
      second <= 1'b0;
    end else if (we) begin
      if (!block_last) begin
        write_address <= write_address + ADDRESS'(GROUPS);
      end else if (!group_last) begin
        write_address <= group_address + 1'b1;
        group_address <= group_address + 1'b1;
      end else begin
        write_address <= second ? '0 : ADDRESS'(ROW);
        group_address <= second ? '0 : ADDRESS'(ROW);
        second <= !second;
      end
    end
  end

  // Reads: one word a cycle while a row is complete and the buffer behind has room.
  logic [ADDRESS-1:0] read_address;
  logic [1:0] rows;
  logic [CREDW-1:0] credits;
  logic read, read_1, gather_last, read_last;
  assign read = rows != 0 && credits != 0;
  assign row_read = read && read_last;
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(2 * ROW)) u_read (.clk, .rst, .step(read), .value(read_address), .last());
  bm_count #(.LIMIT(ROW)) u_row (.clk, .rst, .step(read), .value(), .last(read_last));
  bm_count #(.LIMIT(GATHER)) u_gather (.clk, .rst, .step(read), .value(), .last(gather_last));
  /* verilator lint_on PINCONNECTEMPTY */
  always_ff @(posedge clk) begin
    if (rst) begin
      rows <= '0;
      credits <= CREDW'(WORDS);
      read_1 <= 1'b0;
      out_we <= 1'b0;
      row_free <= 1'b0;
    end else begin
      if (row_written != row_read) rows <= rows + {row_read, 1'b1};
      if ((read && gather_last) != word_free) credits <= credits + {{(CREDW - 1) {!word_free}}, 1'b1};
      read_1 <= read;
      out_we <= read_1;
      row_free <= row_read;
    end
  end

  logic [WIDTH-1:0] q;
  bm_ram #(.WIDTH(WIDTH), .DEPTH(2 * ROW), .BLOCK(BLOCK)) u_rows (
      .clk, .write(we), .write_address, .d(word), .read(1'b1), .read_address, .q);
  always_ff @(posedge clk) out_word <= q;
endmodule
