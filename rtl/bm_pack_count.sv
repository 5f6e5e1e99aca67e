// Counts the ones of N bits a cycle over a block: `bits` is registered once, then added with ce high; with ce and
// last high `total` takes the sum that includes this addition. clear (in the same cycle) restarts the counter from 0. Exact while a block has less than 2^WIDTH ones.
// The first six bits pass a 6:3 compressor, one enters the adder's carry, the others are absorbed in its LUTs.
// Cost: N = 8: 6 LUT, WIDTH * 2 + 5 FF (Yosys 0.23, xcup).
module bm_pack_count #(
    parameter int N = 8,
    parameter int WIDTH = 8
) (
    input  logic clk,
    input  logic clear,
    input  logic ce,
    input  logic last,
    input  logic [N-1:0] bits,
    output logic [WIDTH-1:0] total
);
  localparam int SIX = N > 6 ? 6 : 0;
  localparam int REST = N - 1 - SIX;
  localparam int KEEP = (SIX != 0 ? 3 : 0) + REST;
  localparam int Y = $clog2(N);

  logic [KEEP:0] kept, kept_next;
  logic [WIDTH-1:0] count, next;
  logic [WIDTH:0] sum;
  logic [Y-1:0] y;

  generate
    if (SIX != 0) begin : g_six
      logic [2:0] six;
      always_comb begin
        logic c0, c1;
        six = '0;
        for (int i = 0; i < 6; i = i + 1) begin
          c0 = six[0] & bits[i];
          c1 = six[1] & c0;
          six = {six[2] ^ c1, six[1] ^ c0, six[0] ^ bits[i]};
        end
      end
      assign kept_next = {bits[N-1:6], six};
    end else begin : g_few
      assign kept_next = bits;
    end
  endgenerate

  // y: the kept bits but the topmost, which is the carry in.
  always_comb begin
    logic carry, spare;
    y = '0;
    for (int i = 0; i < KEEP; i = i + 1) begin
      carry = kept[i];
      for (int q = SIX != 0 && i < 3 ? i : 0; q < Y; q = q + 1) begin
        spare = y[q] & carry;
        y[q] = y[q] ^ carry;
        carry = spare;
      end
    end
  end
  // count + y + carry in: subtracting the complement fixes the adder's operand order, so that y is absorbed in its LUTs.
  assign sum = {count, kept[KEEP]} - ~{{(WIDTH - Y) {1'b0}}, y, kept[KEEP]};
  assign next = sum[WIDTH:1];

  always_ff @(posedge clk) begin
    kept <= kept_next;
    if (clear) count <= '0;
    else if (ce) count <= next;
    if (last) total <= next;
  end
  wire unused = &{1'b0, sum[0]};
endmodule
