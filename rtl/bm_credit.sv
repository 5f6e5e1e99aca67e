// Lets a pipeline of LATENCY cycles run without stalls: `enter` admits a beat only when the FIFO behind the
// pipeline has room for it when it leaves. One beat per cycle; `in_ready`, `out_valid`, `out_data` registered.
module bm_credit #(
    parameter int WIDTH = 8,
    parameter int LATENCY = 4
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    output logic enter,
    input  logic [WIDTH-1:0] leave_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [WIDTH-1:0] out_data
);
  // A credit comes back four cycles after its beat has left the pipeline.
  localparam int DEPTH = LATENCY + 4;
  localparam int CW = $clog2(DEPTH + 1);

  logic returned;
  logic [CW-1:0] credits;
  logic [LATENCY-1:0] under_way;

  assign enter = in_valid && in_ready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      credits <= CW'(DEPTH);
      in_ready <= 1'b1;
      returned <= 1'b0;
      under_way <= 0;
    end else begin
      returned <= out_valid && out_ready;
      under_way <= LATENCY'({under_way, enter});
      if (enter != returned) begin
        credits <= credits + {{(CW - 1) {!returned}}, 1'b1};
        in_ready <= returned || credits != 1;
      end
    end
  end

  /* verilator lint_off PINCONNECTEMPTY */
  bm_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(2)) u_fifo (
      .clk, .rst_n, .in_valid(under_way[LATENCY-1]), .in_ready(), .in_data(leave_data), .out_valid, .out_ready,
      .out_data);
  /* verilator lint_on PINCONNECTEMPTY */
endmodule
