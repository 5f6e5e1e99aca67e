// The DSP cell without a DSP: one weight times one activation in LUTs, same ports, latency and result as bm_dsp_inferred with NW = 1.
// Radix 4: the partial products of two weight bits meet in one adder. A weight bit of 0 resets the register of its partial product, so
// that an AND costs no LUT.
// Registers: partial products, pairs, product, sum.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl, 8 in a cascade, sums of 20 bits): w4a4 33 LUT and 58 FF a cell, w4a8 45 and 86, w2a2 21
// and 33, w8a8 86 and 142.
module bm_dsp_fabric #(
    parameter int NW = 1,
    parameter int WBITS = 4,
    parameter [16*NW-1:0] WOFF = 0,
    parameter int APORT = 5,
    parameter int FIRST = 1,
    parameter [63:0] BIAS = 0
) (
    input  logic clk,
    input  logic [NW*WBITS-1:0] w,
    input  logic [APORT-1:0] a,
    input  logic [47:0] pcin,
    output logic [47:0] pcout,
    output logic [47:0] p
);
  localparam int PAIRS = (WBITS + 1) / 2;
  localparam int PAIR = APORT + 2;
  localparam int PRODUCT = APORT + WBITS;

  generate
    if (NW != 1 || WOFF != 0) begin : g_bad
      bm_dsp_fabric_multiplies_one_weight_at_bit_0 u_error ();
    end
  endgenerate

  logic [2*PAIRS*APORT-1:0] terms;
  logic [PAIRS*PAIR-1:0] pairs;
  logic signed [PRODUCT-1:0] product, sum;
  generate
    for (genvar b = 0; b < 2 * PAIRS; b = b + 1) begin : g_term
      if (b < WBITS) begin : g_bit
        logic [APORT-1:0] term;
        always_ff @(posedge clk) begin
          if (!w[b]) term <= '0;
          else term <= a;
        end
        assign terms[b*APORT+:APORT] = term;
      end else begin : g_none
        assign terms[b*APORT+:APORT] = '0;
      end
    end
    for (genvar i = 0; i < PAIRS; i = i + 1) begin : g_pair
      logic signed [PAIR-1:0] low, high;
      assign low = PAIR'($signed(terms[2*i*APORT+:APORT]));
      assign high = PAIR'($signed({terms[(2*i+1)*APORT+:APORT], 1'b0}));
      // The topmost weight bit counts negative.
      always_ff @(posedge clk) begin
        if (2 * i + 1 == WBITS - 1) pairs[i*PAIR+:PAIR] <= low - high;
        else if (2 * i == WBITS - 1) pairs[i*PAIR+:PAIR] <= -low;
        else pairs[i*PAIR+:PAIR] <= low + high;
      end
    end
  endgenerate
  always_comb begin
    sum = '0;
    for (int i = 0; i < PAIRS; i = i + 1) sum = sum + (PRODUCT'($signed(pairs[i*PAIR+:PAIR])) <<< (2 * i));
  end
  always_ff @(posedge clk) begin
    product <= sum;
    p <= 48'(product) + (FIRST != 0 ? BIAS[47:0] : pcin);
  end
  assign pcout = p;

  wire unused = &{1'b0, pcin, BIAS[63:48]};
endmodule
