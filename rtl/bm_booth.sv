// product = x * m, both two's complement, exact, in LUTs: one signed digit of base 4 of m per cycle.
// Latency ceil(MB / 2), a new product every cycle; carry chains of XB + 3 bits.
module bm_booth #(
    parameter int XB = 8,
    parameter int MB = 8,
    parameter int STAGES = (MB + 1) / 2
) (
    input  logic clk,
    input  logic [XB-1:0] x,
    input  logic [MB-1:0] m,
    output logic [XB+MB-1:0] product
);
  // m with a sign bit where MB is odd and a zero below; the sum's window moves up two bits per stage, the bits
  // below it are final.
  localparam int MW = 2 * STAGES + 1;
  localparam int AW = XB + 2;

  logic [(STAGES+1)*XB-1:0] xs  /* verilator split_var */;
  logic [(STAGES+1)*MW-1:0] ms  /* verilator split_var */;
  logic [(STAGES+1)*AW-1:0] sums  /* verilator split_var */;
  logic [(STAGES+1)*2*STAGES-1:0] lows  /* verilator split_var */;

  assign xs[XB-1:0] = x;
  generate
    genvar s;
    if (MW == MB + 1) begin : g_even
      assign ms[MW-1:0] = {m, 1'b0};
    end else begin : g_odd
      assign ms[MW-1:0] = {m[MB-1], m, 1'b0};
    end
    assign sums[AW-1:0] = 0;
    assign lows[2*STAGES-1:0] = 0;

    for (s = 0; s < STAGES; s = s + 1) begin : g_stage
      logic [2:0] digit;
      logic one, two, minus;
      logic [XB-1:0] now, x_q;
      logic [XB+1:0] multiple, addend;
      logic [AW-1:0] sum, sum_q;
      logic [AW+1:0] grown;
      logic [MW-1:0] m_q;
      logic [2*STAGES-1:0] low_q;
      assign digit = ms[s*MW+:3];
      assign minus = digit[2];
      assign one = digit[1] ^ digit[0];
      assign two = digit == 3'b100 || digit == 3'b011;
      assign now = xs[s*XB+:XB];
      assign multiple = two ? {now[XB-1], now, 1'b0} : one ? {{2{now[XB-1]}}, now} : 0;
      assign addend = multiple ^ {(XB + 2) {minus}};
      assign sum = sums[s*AW+:AW];
      // The bit below carries the one that completes the negation.
      assign grown = {sum[AW-1], sum, 1'b1} + {addend[XB+1], addend, minus};
      always_ff @(posedge clk) begin
        x_q <= now;
        m_q <= ms[s*MW+:MW] >> 2;
        sum_q <= {grown[AW+1], grown[AW+1:3]};
        low_q <= (2 * STAGES)'({grown[2:1], lows[s*2*STAGES+:2*STAGES]} >> 2);
      end
      assign xs[(s+1)*XB+:XB] = x_q;
      assign ms[(s+1)*MW+:MW] = m_q;
      assign sums[(s+1)*AW+:AW] = sum_q;
      assign lows[(s+1)*2*STAGES+:2*STAGES] = low_q;
    end
  endgenerate

  logic [AW+2*STAGES-1:0] whole;
  assign whole = {sums[STAGES*AW+:AW], lows[STAGES*2*STAGES+:2*STAGES]};
  assign product = whole[XB+MB-1:0];

  wire unused = &{1'b0, whole, xs, ms};
endmodule
