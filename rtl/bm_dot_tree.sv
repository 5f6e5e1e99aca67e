// One output of bm_dots: BIAS plus or minus the sum of a tree of adders, times 2^SHIFT. A register per level, DELAY more, and one
// for the result: LEVELS + DELAY + 1 cycles.
// LEAVES: input channel of every leaf, 16 bits each. NODES: 64 bits for every node, lowest level first, as plan::DotNode says: places of the
// right and the left operand in the level below (16 bits each), width (18), right and left shift (6 each), 0 add, 1 subtract, 2 pass (2).
// Cost: an adder of `width` LUT and FF a node; synthesis makes equal nodes of several outputs once.
module bm_dot_tree #(
    parameter int CH = 1,
    parameter int XB = 5,
    parameter int COUNT = 1,
    parameter int LEVELS = 0,
    parameter int DELAY = 0,
    parameter int SHIFT = 0,
    parameter int NEGATIVE = 0,
    parameter int SLOT = 16,
    parameter int OUT_BITS = 16,
    parameter [16*(COUNT != 0 ? COUNT : 1)-1:0] LEAVES = 0,
    parameter int NODE_COUNT = 0,
    parameter [64*(NODE_COUNT != 0 ? NODE_COUNT : 1)-1:0] NODES = 0,
    parameter [OUT_BITS-1:0] BIAS = 0
) (
    input  logic clk,
    input  logic [CH*XB-1:0] x,
    output logic [OUT_BITS-1:0] sum
);
  // Nodes of a level, and values below it.
  function automatic integer size(input integer level);
    size = (COUNT + 2 ** level - 1) / 2 ** level;
  endfunction
  function automatic integer start(input integer level);
    start = 0;
    for (int i = 0; i < level; i = i + 1) start = start + size(i);
  endfunction

  generate
    if (COUNT == 0) begin : g_constant
      assign sum = BIAS;
      wire unused = &{1'b0, clk, x};
    end else begin : g_sum
      localparam int VALUES = COUNT + NODE_COUNT;
      // Every value sign-extended to SLOT bits.
      logic [VALUES*SLOT-1:0] values;
      for (genvar i = 0; i < COUNT; i = i + 1) begin : g_leaf
        assign values[i*SLOT+:SLOT] = SLOT'($signed(x[32'(LEAVES[16*i+:16])*XB+:XB]));
      end
      for (genvar l = 1; l <= LEVELS; l = l + 1) begin : g_level
        localparam int BELOW = start(l - 1);
        localparam int AT = start(l);
        for (genvar k = 0; k < size(l); k = k + 1) begin : g_node
          localparam [63:0] NODE = NODES[64*(AT-COUNT+k)+:64];
          localparam int WIDTH = 32'(NODE[31:14]);
          localparam int LEFT = BELOW + 32'(NODE[47:32]);
          localparam int RIGHT = BELOW + 32'(NODE[63:48]);
          logic [WIDTH-1:0] left, q;
          assign left = WIDTH'(values[LEFT*SLOT+:SLOT] << NODE[7:2]);
          if (NODE[1:0] == 2) begin : g_pass
            always_ff @(posedge clk) q <= left;
          end else begin : g_two
            logic [WIDTH-1:0] right;
            assign right = WIDTH'(values[RIGHT*SLOT+:SLOT] << NODE[13:8]);
            always_ff @(posedge clk) q <= NODE[0] ? left - right : left + right;
          end
          assign values[(AT+k)*SLOT+:SLOT] = SLOT'($signed(q));
        end
      end
      // What is delayed and added has the width of the last node, its sign included.
      localparam int LAST = LEVELS == 0 ? XB : 32'(NODES[64*(NODE_COUNT-1)+14+:18]);
      logic [LAST-1:0] root;
      logic [OUT_BITS-1:0] shifted;
      bm_conv_delay #(.WIDTH(LAST), .STAGES(DELAY)) u_delay (
          .clk, .rst(1'b0), .d(values[(VALUES-1)*SLOT+:LAST]), .q(root));
      assign shifted = OUT_BITS'(OUT_BITS'($signed(root)) << SHIFT);
      always_ff @(posedge clk) sum <= NEGATIVE != 0 ? BIAS - shifted : BIAS + shifted;
      wire unused = &{1'b0, values, x, root};
    end
  endgenerate
endmodule
