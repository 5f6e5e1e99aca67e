// Counts the thresholds that do not exceed x: STAGES steps of a binary search, two cycles each: the comparison and
// the read of the next step's two thresholds, then the choice between them. A beat enters every cycle; latency as in
// bm_requant_threshold. The group and its pipeline are shared by all lanes.
module bm_requant_lane #(
    parameter int LANE = 0,
    parameter int IN_BITS = 8,
    parameter int IN_SIGNED = 0,
    parameter int STAGES = 4,
    parameter int GROUPS = 1,
    parameter int GW = 1,
    parameter FILE = "",
    parameter int CYCLES = 5
) (
    input  logic clk,
    input  logic [IN_BITS-1:0] x,
    input  logic [CYCLES*GW-1:0] group,
    output logic [STAGES-1:0] count,
    output logic flag
);
  localparam int T = IN_BITS + 1;
  localparam logic [7:0] L2 = 8'd48 + 8'(LANE / 100 % 10);
  localparam logic [7:0] L1 = 8'd48 + 8'(LANE / 10 % 10);
  localparam logic [7:0] L0 = 8'd48 + 8'(LANE % 10);

  // Codes are compared unsigned: two's complement is moved up by half its range.
  localparam logic [T-1:0] OFFSET = IN_SIGNED != 0 ? {1'b1, {IN_BITS{1'b0}}} : {T{1'b0}};

  logic [STAGES*T-1:0] xs  /* verilator split_var */;
  logic [STAGES*T-1:0] ts  /* verilator split_var */;
  logic [STAGES:0] flags  /* verilator split_var */;
  logic [(STAGES+1)*STAGES-1:0] counts  /* verilator split_var */;

  // Stage 0: one threshold and the flag per group.
  logic [T:0] root;
  logic [T-1:0] extended;
  assign extended = {IN_SIGNED != 0 && x[IN_BITS-1], x};
  bm_rom #(.WIDTH(T + 1), .DEPTH(GROUPS),
           .FILE({FILE, "_00_", L2, L1, L0, ".hex"})) u_root (.clk, .read(1'b1), .address(group[GW-1:0]), .q(root));
  logic [T-1:0] x_q;
  always_ff @(posedge clk) x_q <= extended ^ OFFSET;
  assign xs[T-1:0] = x_q;
  assign ts[T-1:0] = root[T-1:0] ^ OFFSET;
  assign flags[0] = root[T];
  assign counts[STAGES-1:0] = 0;

  generate
    genvar s;
    for (s = 1; s <= STAGES; s = s + 1) begin : g_stage
      // Words of this stage, and cycles that the stages before it took.
      localparam int WORDS = GROUPS << (s - 1);
      localparam int TOOK = 2 * s - 1;
      logic hit;
      logic [T-1:0] x_before;
      logic [STAGES-1:0] count_before;
      assign x_before = xs[(s-1)*T+:T];
      assign count_before = counts[(s-1)*STAGES+:STAGES];
      bm_at_least #(.WIDTH(T)) u_compare (.a(x_before), .b(ts[(s-1)*T+:T]), .y(hit));

      if (s == STAGES) begin : g_last
        logic flag_q;
        logic [STAGES-1:0] count_q;
        always_ff @(posedge clk) begin
          count_q <= STAGES'({count_before, hit});
          flag_q <= flags[s-1];
        end
        assign counts[s*STAGES+:STAGES] = count_q;
        assign flags[s] = flag_q;
      end else begin : g_next
        localparam logic [7:0] S1 = 8'd48 + 8'(s / 10);
        localparam logic [7:0] S0 = 8'd48 + 8'(s % 10);
        localparam int AW = WORDS > 1 ? $clog2(WORDS) : 1;
        logic [AW-1:0] address;
        logic [2*T-1:0] pair;
        if (WORDS == 1) begin : g_no_address
          assign address = 0;
        end else if (s == 1) begin : g_group_address
          assign address = group[TOOK*GW+:AW];
        end else if (GROUPS == 1) begin : g_count_address
          assign address = count_before[s-2:0];
        end else begin : g_address
          assign address = {group[TOOK*GW+:GW], count_before[s-2:0]};
        end
        bm_rom #(.WIDTH(2 * T), .DEPTH(WORDS),
                 .FILE({FILE, "_", S1, S0, "_", L2, L1, L0, ".hex"})) u_pair (.clk, .read(1'b1), .address, .q(pair));

        logic hit_c, flag_c;
        logic [T-1:0] x_c;
        logic [STAGES-1:0] count_c;
        always_ff @(posedge clk) begin
          hit_c <= hit;
          x_c <= x_before;
          count_c <= count_before;
          flag_c <= flags[s-1];
        end
        logic flag_q;
        logic [T-1:0] x_n, t_n;
        logic [STAGES-1:0] count_q;
        always_ff @(posedge clk) begin
          x_n <= x_c;
          t_n <= (hit_c ? pair[2*T-1:T] : pair[T-1:0]) ^ OFFSET;
          count_q <= STAGES'({count_c, hit_c});
          flag_q <= flag_c;
        end
        assign xs[s*T+:T] = x_n;
        assign ts[s*T+:T] = t_n;
        assign counts[s*STAGES+:STAGES] = count_q;
        assign flags[s] = flag_q;
      end
    end
  endgenerate
  assign count = counts[STAGES*STAGES+:STAGES];
  assign flag = flags[STAGES];

  wire unused = &{1'b0, group, counts};
endmodule
