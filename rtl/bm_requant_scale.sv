// code = clamp((x * m + b) >> SHIFT, OUT_LO, OUT_HI), floor, exact; m and b per channel or one pair for all (ROWS 1).
// USE_DSP 1 multiplies in the DSP cell that PRIM names where the operands fit its ports, else in LUTs.
// One beat per cycle; outputs and `in_ready` registered; the multiplier itself never stalls.
// Cost (Yosys 0.23, synth_xilinx -family xcup -nosrl -flatten):
// 64 rows, CH 4, 18 bit * 12 bit + 24 bit to 8 bit: 1262 LUT, 1637 FF; with USE_DSP 400 LUT,
// 515 FF, 4 DSP.
module bm_requant_scale #(
    parameter int C = 1,
    parameter int CH = 1,
    parameter int IN_BITS = 16,
    parameter int IN_SIGNED = 1,
    parameter int OUT_BITS = 8,
    parameter int OUT_LO = 0,
    parameter int OUT_HI = 255,
    parameter int MUL_BITS = 8,
    parameter int BIAS_BITS = 16,
    parameter int SHIFT = 8,
    parameter int ROWS = 1,
    parameter FILE = "",
    parameter int USE_DSP = 0,
    parameter int PRIM = 0
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
  localparam int XB = IN_SIGNED != 0 ? IN_BITS : IN_BITS + 1;
  localparam int PW = XB + MUL_BITS;
  localparam int SW = (PW > BIAS_BITS ? PW : BIAS_BITS) + 1;
  localparam int WPORT = PRIM <= 1 ? 27 : PRIM == 2 ? 25 : PRIM == 3 ? 18 : 16;
  localparam int APORT = PRIM <= 3 ? 18 : 16;
  localparam int AS_IS = MUL_BITS <= WPORT && XB <= APORT ? 1 : 0;
  localparam int SWAPPED = XB <= WPORT && MUL_BITS <= APORT ? 1 : 0;
  localparam int IN_DSP = USE_DSP != 0 && (AS_IS != 0 || SWAPPED != 0) && PW <= 48 ? 1 : 0;
  // Cycles: operands 1, product, sum, shift and comparison 1, code 1.
  localparam int MULTIPLY = IN_DSP != 0 ? 4 : (MUL_BITS + 1) / 2;
  localparam int ADD = (SW + 19) / 20;
  localparam int LATENCY = 3 + MULTIPLY + ADD;

  localparam int GROUPS = ROWS == 1 ? 1 : C / CH;
  localparam int GW = GROUPS > 1 ? $clog2(GROUPS) : 1;
  localparam int PAIR = MUL_BITS + BIAS_BITS;
  localparam int WORD = ROWS == 1 ? PAIR : CH * PAIR;

  // Width of the bounds as two's complement, at least; the shifted sum has at least as many bits.
  localparam int CB = OUT_BITS + 1;
  localparam int VW = SW - SHIFT > CB ? SW - SHIFT : CB;

  logic enter, biased;
  logic [MULTIPLY-1:0] under_way;
  logic [GW-1:0] group, bias_group;
  logic [WORD-1:0] factors, biases;
  logic [CH*OUT_BITS-1:0] codes;

  bm_credit #(.WIDTH(CH * OUT_BITS), .LATENCY(LATENCY)) u_credit (
      .clk, .rst_n, .in_valid, .in_ready, .enter, .leave_data(codes), .out_valid, .out_ready, .out_data);

  // The bias is read when the product leaves the multiplier.
  always_ff @(posedge clk) begin
    if (!rst_n) under_way <= 0;
    else under_way <= MULTIPLY'({under_way, enter});
  end
  assign biased = under_way[MULTIPLY-1];
  /* verilator lint_off PINCONNECTEMPTY */
  bm_count #(.LIMIT(GROUPS)) u_group (.clk, .rst(!rst_n), .step(enter), .value(group), .last());
  bm_count #(.LIMIT(GROUPS)) u_bias_group (.clk, .rst(!rst_n), .step(biased), .value(bias_group), .last());
  /* verilator lint_on PINCONNECTEMPTY */
  bm_rom #(.WIDTH(WORD), .DEPTH(GROUPS), .FILE(FILE)) u_factors (
      .clk, .read(1'b1), .address(group), .q(factors));
  bm_rom #(.WIDTH(WORD), .DEPTH(GROUPS), .FILE(FILE)) u_biases (
      .clk, .read(1'b1), .address(bias_group), .q(biases));

  generate
    genvar l;
    for (l = 0; l < CH; l = l + 1) begin : g_lane
      localparam int AT = ROWS == 1 ? 0 : l * PAIR;
      logic [XB-1:0] x;
      logic [MUL_BITS-1:0] m;
      logic [PW-1:0] product;
      logic [SW-1:0] wide_product, wide_bias, sum;
      logic [VW-1:0] shifted, value;
      logic over, under;
      logic [OUT_BITS-1:0] code;

      assign m = factors[AT+:MUL_BITS];
      if (IN_SIGNED != 0) begin : g_signed
        always_ff @(posedge clk) x <= in_data[l*IN_BITS+:IN_BITS];
      end else begin : g_unsigned
        always_ff @(posedge clk) x <= {1'b0, in_data[l*IN_BITS+:IN_BITS]};
      end

      if (IN_DSP != 0) begin : g_dsp
        logic [47:0] p;
        logic [APORT-1:0] a;
        localparam int WBITS = AS_IS != 0 ? MUL_BITS : XB;
        logic [WBITS-1:0] w;
        if (AS_IS != 0) begin : g_as_is
          assign w = m;
          bm_extend #(.FROM(XB), .TO(APORT), .IS_SIGNED(1)) u_extend (.in(x), .out(a));
        end else begin : g_swapped
          assign w = x;
          bm_extend #(.FROM(MUL_BITS), .TO(APORT), .IS_SIGNED(1)) u_extend (.in(m), .out(a));
        end
        /* verilator lint_off PINCONNECTEMPTY */
        bm_mac_cell #(.PRIM(PRIM), .NW(1), .WBITS(WBITS), .WOFF(16'd0), .WPORT(WPORT), .APORT(APORT), .FIRST(1),
                      .BIAS(64'd0)) u_cell (.clk, .w, .a, .pcin(48'd0), .pcout(), .p);
        /* verilator lint_on PINCONNECTEMPTY */
        assign product = p[PW-1:0];
        wire unused_p = &{1'b0, p};
      end else begin : g_lut
        bm_booth #(.XB(XB), .MB(MUL_BITS)) u_booth (.clk, .x, .m, .product);
      end

      bm_extend #(.FROM(PW), .TO(SW), .IS_SIGNED(1)) u_product (.in(product), .out(wide_product));
      bm_extend #(.FROM(BIAS_BITS), .TO(SW), .IS_SIGNED(1)) u_bias (
          .in(biases[AT+MUL_BITS+:BIAS_BITS]), .out(wide_bias));
      bm_wide_add #(.WIDTH(SW)) u_sum (.clk, .en(1'b1), .a(wide_product), .b(wide_bias), .sum);

      if (SHIFT >= SW) begin : g_sign
        assign shifted = {VW{sum[SW-1]}};
      end else begin : g_shift
        bm_extend #(.FROM(SW - SHIFT), .TO(VW), .IS_SIGNED(1)) u_shift (.in(sum[SW-1:SHIFT]), .out(shifted));
      end

      logic fits, high, low;
      assign fits = shifted[VW-1:CB-1] == {(VW - CB + 1) {shifted[VW-1]}};
      assign high = $signed(shifted[CB-1:0]) > $signed(CB'(OUT_HI));
      assign low = $signed(shifted[CB-1:0]) < $signed(CB'(OUT_LO));
      always_ff @(posedge clk) begin
        value <= shifted;
        over <= !shifted[VW-1] && (!fits || high);
        under <= shifted[VW-1] && (!fits || low);
        code <= over ? OUT_BITS'(OUT_HI) : under ? OUT_BITS'(OUT_LO) : value[OUT_BITS-1:0];
      end
      assign codes[l*OUT_BITS+:OUT_BITS] = code;
      wire unused = &{1'b0, value, sum};
    end
  endgenerate

  wire unused = &{1'b0, factors, biases};
endmodule
