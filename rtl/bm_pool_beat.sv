// Pools within a beat: INP pixels of CH channels to INP / K, each the largest (SUM 0) or the sum (SUM 1) of K neighbours, in one register.
// A sum has OUT_BITS >= BITS bits. `in_ready` comes from registered state and `out_ready`.
// Cost: INP * CH * BITS comparators or adders of K - 1 levels, a register per bit of the output.
module bm_pool_beat #(
    parameter int CH = 1,
    parameter int INP = 2,
    parameter int K = 2,
    parameter int BITS = 8,
    parameter int IN_SIGNED = 0,
    parameter int SUM = 0,
    parameter int OUT_BITS = 8
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [INP*CH*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [INP/K*CH*OUT_BITS-1:0] out_data
);
  logic [INP/K*CH*OUT_BITS-1:0] pooled;
  generate
    for (genvar o = 0; o < INP / K * CH; o = o + 1) begin : g_value
      logic [K*OUT_BITS-1:0] partial  /* verilator split_var */;
      for (genvar k = 0; k < K; k = k + 1) begin : g_neighbour
        logic [BITS-1:0] code;
        logic [OUT_BITS-1:0] x;
        assign code = in_data[((o/CH*K+k)*CH+o%CH)*BITS+:BITS];
        bm_extend #(.FROM(BITS), .TO(OUT_BITS), .IS_SIGNED(IN_SIGNED)) u_extend (.in(code), .out(x));
        if (k == 0) begin : g_first
          assign partial[OUT_BITS-1:0] = x;
        end else begin : g_next
          logic [OUT_BITS-1:0] y;
          assign y = partial[(k-1)*OUT_BITS+:OUT_BITS];
          if (SUM != 0) begin : g_sum
            assign partial[k*OUT_BITS+:OUT_BITS] = x + y;
          end else if (IN_SIGNED != 0) begin : g_signed
            assign partial[k*OUT_BITS+:OUT_BITS] = $signed(x) > $signed(y) ? x : y;
          end else begin : g_unsigned
            assign partial[k*OUT_BITS+:OUT_BITS] = x > y ? x : y;
          end
        end
      end
      assign pooled[o*OUT_BITS+:OUT_BITS] = partial[(K-1)*OUT_BITS+:OUT_BITS];
    end
  endgenerate

  assign in_ready = !out_valid || out_ready;
  always_ff @(posedge clk) begin
    if (!rst_n) out_valid <= 1'b0;
    else if (in_ready) out_valid <= in_valid;
  end
  always_ff @(posedge clk) if (in_ready) out_data <= pooled;
endmodule
