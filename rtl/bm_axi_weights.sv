// Reads COUNT regions of an external memory over one AXI4 read port, each again and again from its start, and sends each as a stream
// of beats of DATA bits. Region k: BEATS[k] beats from byte `base` + OFFSET[k]. Bursts have BURST beats (a region's last may be
// shorter), one ID, addresses that are multiples of BURST * DATA / 8, so none crosses 4 KiB. The regions take turns; each has a FIFO
// of DEPTH[k] beats, and a burst is asked for only when it fits there: rready never waits for a consumer, no region holds another up.
// At most 16 bursts are under way. `base` is a multiple of 4096 and does not change after reset; `error` stays high
// once a response was no OKAY. Elements of packed parameters have 32 bits, region 0 lowest.
// The memory must answer in the order of the requests, as AXI asks for one ID, and must be reset with the design.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten): COUNT 2, DATA 128, DEPTH 64: 209 LUT, 312 more as memory, 390 FF.
module bm_axi_weights #(
    parameter int COUNT = 1,
    parameter int DATA = 64,
    parameter int ADDRESS = 40,
    parameter int BURST = 16,
    parameter [32*COUNT-1:0] OFFSET = 0,
    parameter [32*COUNT-1:0] BEATS = {COUNT{32'd64}},
    parameter [32*COUNT-1:0] DEPTH = {COUNT{32'd64}}
) (
    input  logic clk,
    input  logic rst_n,
    input  logic [ADDRESS-1:0] base,
    output logic error,
    output logic [ADDRESS-1:0] m_axi_araddr,
    output logic [7:0] m_axi_arlen,
    output logic [2:0] m_axi_arsize,
    output logic [1:0] m_axi_arburst,
    output logic [3:0] m_axi_arcache,
    output logic [2:0] m_axi_arprot,
    output logic m_axi_arvalid,
    input  logic m_axi_arready,
    input  logic [DATA-1:0] m_axi_rdata,
    input  logic [1:0] m_axi_rresp,
    input  logic m_axi_rlast,
    input  logic m_axi_rvalid,
    output logic m_axi_rready,
    output logic [COUNT-1:0] out_valid,
    input  logic [COUNT-1:0] out_ready,
    output logic [COUNT*DATA-1:0] out_data
);
  localparam int BYTES = $clog2(DATA / 8);
  localparam int WHO = COUNT > 1 ? $clog2(COUNT) : 1;
  localparam int UNDER_WAY = 16;

  assign m_axi_arsize = 3'(BYTES);
  assign m_axi_arburst = 2'b01;
  assign m_axi_arcache = 4'b0011;
  assign m_axi_arprot = 3'b000;

  logic [COUNT-1:0] request, grant, push;
  logic [32*COUNT-1:0] places;
  logic [8*COUNT-1:0] lengths;
  generate
    for (genvar k = 0; k < COUNT; k = k + 1) begin : g_region
      localparam int OWN = 32'(BEATS[32*k+:32]);
      localparam int PLACEW = OWN > 1 ? $clog2(OWN) : 1;
      logic [PLACEW-1:0] position;
      bm_axi_channel #(.DATA(DATA), .BEATS(OWN), .BURST(BURST), .DEPTH(32'(DEPTH[32*k+:32]))) u_channel (
          .clk, .rst_n, .request(request[k]), .position, .length(lengths[8*k+:8]), .grant(grant[k]), .push(push[k]),
          .beat(m_axi_rdata), .out_valid(out_valid[k]), .out_ready(out_ready[k]), .out_data(out_data[k*DATA+:DATA]));
      assign places[32*k+:32] = OFFSET[32*k+:32] + (32'(position) << BYTES);
    end
  endgenerate

  // Turns: the first region behind the last one served that asks, else the first of all.
  logic [WHO-1:0] last, first_behind, first, chosen;
  logic behind, any, order_ready, take;
  always_comb begin
    first_behind = '0;
    first = '0;
    behind = 1'b0;
    for (int k = COUNT - 1; k >= 0; k = k - 1) begin
      if (request[k]) begin
        first = WHO'(k);
        if (WHO'(k) > last) begin
          first_behind = WHO'(k);
          behind = 1'b1;
        end
      end
    end
    any = request != '0;
    chosen = behind ? first_behind : first;
  end
  assign take = any && order_ready && (!m_axi_arvalid || m_axi_arready);
  assign grant = take ? COUNT'(1) << chosen : '0;
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      m_axi_arvalid <= 1'b0;
      last <= '0;
      error <= 1'b0;
    end else begin
      if (take) begin
        m_axi_arvalid <= 1'b1;
        last <= chosen;
      end else if (m_axi_arready) m_axi_arvalid <= 1'b0;
      if (m_axi_rvalid && m_axi_rready && m_axi_rresp != 2'b00) error <= 1'b1;
    end
  end
  always_ff @(posedge clk) begin
    if (take) begin
      m_axi_araddr <= base + ADDRESS'(places[32*chosen+:32]);
      m_axi_arlen <= lengths[8*chosen+:8];
    end
  end

  // Whose the next burst is.
  logic [WHO-1:0] owner;
  bm_fifo #(.WIDTH(WHO), .DEPTH(UNDER_WAY), .BLOCK(0)) u_order (
      .clk, .rst_n, .in_valid(take), .in_ready(order_ready), .in_data(chosen), .out_valid(m_axi_rready),
      .out_ready(m_axi_rvalid && m_axi_rlast), .out_data(owner));
  assign push = m_axi_rvalid && m_axi_rready ? COUNT'(1) << owner : '0;
endmodule
