// Whole blocks of output pixels from the sums of blocks of input columns: word b of a row holds, for each of PE channels, fields 0 to
// PIXELS - 1, of which the first DROP complete the pixels of the block before. `out_word` has NP pixels of PE channels, pixel 0 lowest.
// DROP 0: wires. Else one cycle later, and the last block of a row, which ends on its own, one cycle after the block before it.
// Cost: 2 * NP * PE * BITS FF, DROP * PE * BITS LUT.
module bm_conv_align #(
    parameter int PE = 1,
    parameter int NP = 2,
    parameter int PIXELS = 2,
    parameter int DROP = 0,
    parameter int BLOCKS = 2,
    parameter int BITS = 16
) (
    input  logic clk,
    input  logic rst,
    input  logic we,
    input  logic [PE*PIXELS*BITS-1:0] word,
    output logic out_we,
    output logic [NP*PE*BITS-1:0] out_word
);
  // The fields that a block leaves for its own pixels, in the order of the output.
  logic [NP*PE*BITS-1:0] own;
  generate
    for (genvar i = 0; i < NP; i = i + 1) begin : g_own
      for (genvar c = 0; c < PE; c = c + 1) begin : g_channel
        assign own[(i*PE+c)*BITS+:BITS] = word[(c*PIXELS+DROP+i)*BITS+:BITS];
      end
    end
    if (DROP == 0 || BLOCKS == 1) begin : g_as_made
      assign out_we = we;
      assign out_word = own;
      wire unused = &{1'b0, clk, rst, word};
    end else begin : g_joined
      logic [NP*PE*BITS-1:0] held;
      logic first, last, ends;
      /* verilator lint_off PINCONNECTEMPTY */
      bm_count #(.LIMIT(BLOCKS)) u_block (.clk, .rst, .step(we), .value(), .last);
      /* verilator lint_on PINCONNECTEMPTY */
      always_ff @(posedge clk) begin
        if (rst) begin
          first <= 1'b1;
          ends <= 1'b0;
          out_we <= 1'b0;
        end else begin
          if (we) first <= last;
          ends <= we && last;
          out_we <= (we && !first) || ends;
        end
      end
      always_ff @(posedge clk) if (we) held <= own;
      for (genvar i = 0; i < NP; i = i + 1) begin : g_pixel
        for (genvar c = 0; c < PE; c = c + 1) begin : g_channel
          localparam int AT = (i * PE + c) * BITS;
          if (i < NP - DROP) begin : g_held
            always_ff @(posedge clk) out_word[AT+:BITS] <= held[AT+:BITS];
          end else begin : g_completed
            always_ff @(posedge clk)
              out_word[AT+:BITS] <= ends ? held[AT+:BITS] : word[(c*PIXELS+i-(NP-DROP))*BITS+:BITS];
          end
        end
      end
    end
  endgenerate
endmodule
