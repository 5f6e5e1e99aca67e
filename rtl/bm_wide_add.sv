// sum = a + b in chunks of 20 bits, one per cycle with `en`: latency ceil(WIDTH / 20), a new sum every cycle.
module bm_wide_add #(
    parameter int WIDTH = 32,
    parameter int CHUNK = 20,
    parameter int STAGES = (WIDTH + CHUNK - 1) / CHUNK
) (
    input  logic clk,
    input  logic en,
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] sum
);
  logic [(STAGES+1)*WIDTH-1:0] as  /* verilator split_var */;
  logic [(STAGES+1)*WIDTH-1:0] bs  /* verilator split_var */;
  logic [STAGES:0] carry  /* verilator split_var */;

  assign as[WIDTH-1:0] = a;
  assign bs[WIDTH-1:0] = b;
  assign carry[0] = 1'b0;
  assign sum = as[STAGES*WIDTH+:WIDTH];

  // Finished chunks of the sum take the place of a's.
  generate
    genvar s;
    for (s = 0; s < STAGES; s = s + 1) begin : g_stage
      localparam int FROM = s * CHUNK;
      localparam int BITS = WIDTH - FROM < CHUNK ? WIDTH - FROM : CHUNK;
      logic carry_q;
      logic [BITS:0] part;
      logic [WIDTH-1:0] a_q, b_q;
      assign part = {1'b0, as[s*WIDTH+FROM+:BITS]} + {1'b0, bs[s*WIDTH+FROM+:BITS]} + (BITS + 1)'(carry[s]);
      always_ff @(posedge clk) if (en) begin
        a_q <= as[s*WIDTH+:WIDTH];
        a_q[FROM+:BITS] <= part[BITS-1:0];
        b_q <= bs[s*WIDTH+:WIDTH];
        carry_q <= part[BITS];
      end
      assign as[(s+1)*WIDTH+:WIDTH] = a_q;
      assign bs[(s+1)*WIDTH+:WIDTH] = b_q;
      assign carry[s+1] = carry_q;
    end
  endgenerate

  wire unused = &{1'b0, bs, carry};
endmodule
