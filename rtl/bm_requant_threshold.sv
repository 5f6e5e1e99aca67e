// Step function by binary search: code = OUT_LO + number of the row's STEPS thresholds <= x, in a decreasing
// row OUT_LO + STEPS - that number. ROWS 1: one row for all channels. docs/hardware.md defines the files.
// One beat per cycle; outputs and `in_ready` registered; the search itself never stalls.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 32 rows, CH 4, 14 bit to 4 bit: 690 LUT, 1016 FF; 16 rows, CH 8, 16 bit to 4 bit: 935 LUT, 1699 FF.
module bm_requant_threshold #(
    parameter int C = 1,
    parameter int CH = 1,
    parameter int IN_BITS = 8,
    parameter int IN_SIGNED = 0,
    parameter int OUT_BITS = 4,
    parameter int OUT_LO = 0,
    parameter int STEPS = 15,
    parameter int ROWS = 1,
    parameter FILE = ""
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CH*IN_BITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [CH*OUT_BITS-1:0] out_data
);
  localparam int GROUPS = ROWS == 1 ? 1 : C / CH;
  localparam int GW = GROUPS > 1 ? $clog2(GROUPS) : 1;
  localparam int STAGES = $clog2(STEPS + 1);
  // One cycle for the first threshold, two for each stage but the last, which only compares.
  localparam int CYCLES = 2 * STAGES;

  logic enter;
  logic [CYCLES*GW-1:0] group;
  logic [CH*OUT_BITS-1:0] codes;

  bm_credit #(.WIDTH(CH * OUT_BITS), .LATENCY(CYCLES + 1)) u_credit (
      .clk, .rst_n, .in_valid, .in_ready, .enter, .leave_data(codes), .out_valid, .out_ready, .out_data);

  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(GROUPS)) u_group (.clk, .rst(!rst_n), .step(enter), .value(group[GW-1:0]), .last());
  /* verilator lint_on PINCONNECTEMPTY */
  logic [(CYCLES-1)*GW-1:0] groups_q;
  always_ff @(posedge clk) groups_q <= group[(CYCLES-1)*GW-1:0];
  assign group[CYCLES*GW-1:GW] = groups_q;

  generate
    genvar l;
    for (l = 0; l < CH; l = l + 1) begin : g_lane
      logic flag;
      logic [STAGES-1:0] count;
      logic [OUT_BITS-1:0] code;
      bm_requant_lane #(.LANE(ROWS == 1 ? 0 : l), .IN_BITS(IN_BITS), .IN_SIGNED(IN_SIGNED), .STAGES(STAGES),
                        .GROUPS(GROUPS), .GW(GW), .FILE(FILE), .CYCLES(CYCLES)) u_lane (
          .clk, .x(in_data[l*IN_BITS+:IN_BITS]), .group, .count, .flag);
      always_ff @(posedge clk) begin
        code <= flag ? OUT_BITS'(OUT_LO + STEPS) - OUT_BITS'(count) : OUT_BITS'(OUT_LO) + OUT_BITS'(count);
      end
      assign codes[l*OUT_BITS+:OUT_BITS] = code;
    end
  endgenerate
endmodule
