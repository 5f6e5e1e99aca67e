// Weights of bm_conv: `word` of a step comes 4 cycles after its `waddr` (with PACK_STAGE 1: 5).
// EXTERNAL 0: constants from FILE, DEPTH words; `ready` is always high.
// EXTERNAL 1: two tiles of DEPTH words, filled in turn from the stream `w`. `ready`: the tile that the steps read is
// complete; `release_tile` with a tile's last step goes on to the other. The stream waits while both tiles are in use.
// Cost: the memory (EXTERNAL 1: two tiles, about 25 LUT and 40 FF), WIDTH FF.
module bm_conv_weights #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 16,
    parameter int WADDRW = 4,
    parameter int PACK_STAGE = 0,
    parameter int EXTERNAL = 0,
    parameter int BLOCK = 0,
    parameter FILE = "",
    parameter int PORT = EXTERNAL != 0 ? WIDTH : 1
) (
    input  logic clk,
    input  logic rst,
    input  logic [WADDRW-1:0] waddr,
    input  logic release_tile,
    output logic ready,
    input  logic w_valid,
    output logic w_ready,
    input  logic [PORT-1:0] w_data,
    output logic [WIDTH-1:0] word
);
  logic [WIDTH-1:0] word_3;
  bm_conv_delay #(.WIDTH(WIDTH), .STAGES(1 + PACK_STAGE)) u_word (.clk, .rst(1'b0), .d(word_3), .q(word));

  generate
    if (EXTERNAL == 0) begin : g_constant
      logic [WADDRW-1:0] waddr_2;
      bm_conv_delay #(.WIDTH(WADDRW), .STAGES(2)) u_waddr (.clk, .rst(1'b0), .d(waddr), .q(waddr_2));
      bm_rom #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK), .FILE(FILE), .ADDRESS(WADDRW))
          u_rom (.clk, .read(1'b1), .address(waddr_2), .q(word_3));
      assign ready = 1'b1;
      assign w_ready = 1'b0;
      wire unused = &{1'b0, rst, release_tile, w_valid, w_data};
    end else begin : g_external
      localparam int ADDRESS = $clog2(2 * DEPTH);
      logic [ADDRESS-1:0] write_address, read_address, read_address_2;
      logic write, tile_last, second, tile_written, tile_read;
      logic [1:0] filled, free_tiles;
      assign w_ready = free_tiles != 0;
      assign write = w_valid && w_ready;
      assign tile_written = write && tile_last;
      assign ready = filled != 0;
      /* verilator lint_off PINCONNECTEMPTY */
      bm_count #(.LIMIT(2 * DEPTH)) u_write (.clk, .rst, .step(write), .value(write_address), .last());
      bm_count #(.LIMIT(DEPTH)) u_tile (.clk, .rst, .step(write), .value(), .last(tile_last));
      /* verilator lint_on PINCONNECTEMPTY */
      // The last word of a tile is read three cycles after its step.
      bm_conv_delay #(.WIDTH(1), .STAGES(4), .RESET(1)) u_read (.clk, .rst, .d(release_tile), .q(tile_read));
      always_ff @(posedge clk) begin
        if (rst) begin
          filled <= '0;
          free_tiles <= 2'd2;
          second <= 1'b0;
        end else begin
          if (tile_written != release_tile) filled <= filled + {release_tile, 1'b1};
          if (tile_written != tile_read) free_tiles <= free_tiles + {tile_written, 1'b1};
          second <= second ^ release_tile;
        end
      end
      always_ff @(posedge clk) begin
        read_address <= ADDRESS'(waddr) + (second ? ADDRESS'(DEPTH) : '0);
        read_address_2 <= read_address;
      end
      bm_ram #(.WIDTH(WIDTH), .DEPTH(2 * DEPTH), .BLOCK(BLOCK)) u_tiles (
          .clk, .write, .write_address, .d(w_data), .read(1'b1), .read_address(read_address_2), .q(word_3));
    end
  endgenerate
endmodule
