// Changes the channels per beat where one of CH_IN, CH_OUT divides the other; one beat per cycle on the
// narrow side. Latency 1 beat. `in_ready` comes from registered state and `out_ready`.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 4 x 4 bit to 16 x 4 bit: 10 LUT, 116 FF; back: 70 LUT, 68 FF.
module bm_repack #(
    parameter int BITS = 8,
    parameter int CH_IN = 4,
    parameter int CH_OUT = 2
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH_IN*BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH_OUT*BITS-1:0] out_data
);
  localparam int NARROW = (CH_IN < CH_OUT ? CH_IN : CH_OUT) * BITS;
  localparam int WIDE = (CH_IN < CH_OUT ? CH_OUT : CH_IN) * BITS;
  localparam int RATIO = WIDE / NARROW;

  generate
    if (RATIO == 1) begin : g_same
      assign in_ready = !out_valid || out_ready;
      always_ff @(posedge clk) begin
        if (!rst_n) out_valid <= 1'b0;
        else if (in_ready) out_valid <= in_valid;
      end
      always_ff @(posedge clk) if (in_ready) out_data <= in_data;
    end else begin : g_convert
      logic step, last;
      /* verilator lint_off PINCONNECTEMPTY */
      bm_count #(.LIMIT(RATIO)) u_part (.clk, .rst(!rst_n), .step, .value(), .last);
      /* verilator lint_on PINCONNECTEMPTY */
      if (CH_OUT > CH_IN) begin : g_up
        logic free;
        logic [WIDE-1:0] shifted;
        assign free = !out_valid || out_ready;
        logic [WIDE-NARROW-1:0] parts;
        assign shifted = {in_data, parts};
        assign in_ready = !last || free;
        assign step = in_valid && in_ready;
        always_ff @(posedge clk) begin
          if (!rst_n) out_valid <= 1'b0;
          else if (free) out_valid <= step && last;
        end
        always_ff @(posedge clk) begin
          if (step) parts <= shifted[WIDE-1:NARROW];
          if (step && last) out_data <= shifted;
        end
      end else begin : g_down
        logic [WIDE-1:0] parts;
        assign out_data = parts[NARROW-1:0];
        assign in_ready = !out_valid || (out_ready && last);
        assign step = out_valid && out_ready;
        always_ff @(posedge clk) begin
          if (!rst_n) out_valid <= 1'b0;
          else if (in_ready) out_valid <= in_valid;
        end
        always_ff @(posedge clk) begin
          if (in_ready) parts <= in_data;
          else if (out_ready) parts <= parts >> NARROW;
        end
      end
    end
  endgenerate
endmodule
