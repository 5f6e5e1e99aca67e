// Dot products of every pixel's CIN channels with constant weights: COUT exact sums a beat, one beat a cycle, no multiplier and no weight
// memory. Weights are shifts and signs of the leaves of adder trees (bm_dot_tree), decided by plan::constant_dots.
// OUTPUTS: 128 bits an output: first node, first leaf (32 bits each), sign, shift, levels (8 bits each), 8 bits unused, nodes, leaves (16 bits each).
// LEAVES and NODES: of all outputs, one unused entry at the end. BIASES: OUT_BITS an output.
// Outputs and `in_ready` registered; the trees never stall. Latency: LEVELS + 2 cycles to the FIFO of bm_credit.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): 16 channels of 8 bits to 64, weights of 6 bits: 9755 LUT, 13084 FF.
module bm_dots #(
    parameter int CIN = 1,
    parameter int COUT = 1,
    parameter int ABITS = 4,
    parameter int ASIGNED = 0,
    parameter int OUT_BITS = 16,
    parameter int LEVELS = 0,
    parameter int SLOT = 16,
    parameter int LEAF_COUNT = 1,
    parameter int NODE_COUNT = 1,
    parameter [128*COUT-1:0] OUTPUTS = 0,
    parameter [16*LEAF_COUNT-1:0] LEAVES = 0,
    parameter [64*NODE_COUNT-1:0] NODES = 0,
    parameter [OUT_BITS*COUT-1:0] BIASES = 0
) (
    input  logic clk,
    input  logic rst_n,
    input  logic in_valid,
    output logic in_ready,
    input  logic [CIN*ABITS-1:0] in_data,
    output logic out_valid,
    input  logic out_ready,
    output logic [COUT*OUT_BITS-1:0] out_data
);
  localparam int XB = ASIGNED != 0 ? ABITS : ABITS + 1;
  logic enter;
  logic [CIN*XB-1:0] x;
  logic [COUT*OUT_BITS-1:0] sums;
  bm_credit #(.WIDTH(COUT * OUT_BITS), .LATENCY(LEVELS + 2)) u_credit (
      .clk, .rst_n, .in_valid, .in_ready, .enter, .leave_data(sums), .out_valid, .out_ready, .out_data);

  generate
    for (genvar i = 0; i < CIN; i = i + 1) begin : g_in
      if (ASIGNED != 0) begin : g_signed
        always_ff @(posedge clk) x[i*XB+:XB] <= in_data[i*ABITS+:ABITS];
      end else begin : g_unsigned
        always_ff @(posedge clk) x[i*XB+:XB] <= {1'b0, in_data[i*ABITS+:ABITS]};
      end
    end
    for (genvar o = 0; o < COUT; o = o + 1) begin : g_out
      localparam [127:0] OUTPUT = OUTPUTS[128*o+:128];
      localparam int COUNT = 32'(OUTPUT[15:0]);
      localparam int TREE_NODES = 32'(OUTPUT[31:16]);
      localparam int TREE_LEVELS = 32'(OUTPUT[47:40]);
      localparam int LEAF = OUTPUT[95:64];
      localparam int NODE = OUTPUT[127:96];
      bm_dot_tree #(
          .CH(CIN), .XB(XB), .COUNT(COUNT), .LEVELS(TREE_LEVELS), .DELAY(LEVELS - TREE_LEVELS), .SHIFT(32'(OUTPUT[55:48])),
          .NEGATIVE(32'(OUTPUT[63:56])), .SLOT(SLOT), .OUT_BITS(OUT_BITS), .LEAVES(LEAVES[16*LEAF+:16*(COUNT != 0 ? COUNT : 1)]),
          .NODE_COUNT(TREE_NODES), .NODES(NODES[64*NODE+:64*(TREE_NODES != 0 ? TREE_NODES : 1)]), .BIAS(BIASES[OUT_BITS*o+:OUT_BITS])
      ) u_tree (.clk, .x, .sum(sums[o*OUT_BITS+:OUT_BITS]));
    end
  endgenerate

  wire unused = &{1'b0, enter};
endmodule
