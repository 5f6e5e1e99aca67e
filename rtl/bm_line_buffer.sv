// Line buffer of the convolution engine: SLOTS rows of W pixels as KPF row banks times NP pixel banks, each word
// SIMD channels of one pixel. One step's operands leave every cycle, four cycles after the step's registers:
// A beat holds INP pixels of SIMD channels; with several, INP divides NP and W, and SIMD is all channels.
// lane r * NP + p of `operands` is kernel row offset r and pixel p; codes beyond the row's ends are PAD_VALUE, those of rows above
// and below the frame PAD_ROWS.
// Cost: the memories, KPF * NP * SIMD * ABITS * 2 FF, a KPF:1 multiplexer per operand bit, about 60 LUT of
// addresses and masks (Yosys 0.23).
module bm_line_buffer #(
    parameter int SIMD = 1,
    parameter int INP = 1,
    parameter int ABITS = 4,
    parameter int H = 8,
    parameter int W = 8,
    parameter int PT = 1,
    parameter int PB = 1,
    parameter int CGROUPS = 1,
    parameter int NP = 1,
    parameter int KPF = 1,
    parameter int SLOTS = 4,
    parameter int X_SHIFT = 0,
    parameter int PAD_VALUE = 0,
    parameter int PAD_ROWS = PAD_VALUE,
    parameter int BLOCK = 0,
    parameter int ADDRW = 5,
    parameter int XW = 8,
    parameter int YW = 8,
    parameter int SLOTW = 2,
    parameter int BANKW = 1,
    parameter int INW = 4,
    parameter int FREEW = 4
) (
    input  logic clk,
    input  logic rst,
    input  logic in_valid,
    output logic in_ready,
    input  logic [INP*SIMD*ABITS-1:0] in_data,
    input  logic [FREEW-1:0] rows_free,
    output logic [INW-1:0] rows_in,
    input  logic [SLOTW-1:0] slot,
    input  logic [BANKW-1:0] bank,
    input  logic [ADDRW-1:0] pos,
    input  logic [XW-1:0] x,
    input  logic [YW-1:0] y,
    output logic [KPF*NP*SIMD*ABITS-1:0] operands
);
  localparam int WIDTH = SIMD * ABITS;
  localparam int BANK_SLOTS = SLOTS / KPF;
  localparam int ROW_WORDS = (W + NP - 1) / NP * CGROUPS;
  localparam int DEPTH = BANK_SLOTS * ROW_WORDS;
  localparam [ABITS-1:0] PAD_CODE = ABITS'(PAD_VALUE);
  localparam [ABITS-1:0] ROW_CODE = ABITS'(PAD_ROWS);

  // A beat is written as one wide pixel into INP banks side by side.
  localparam int WIDE_BANKS = NP / INP;
  logic [KPF*WIDE_BANKS-1:0] we;
  logic [ADDRW-1:0] waddr;
  logic [INP*WIDTH-1:0] wdata;
  bm_line_buffer_write #(
      .WIDTH(INP * WIDTH), .H(H), .W(W / INP), .PT(PT), .PB(PB), .CGROUPS(CGROUPS), .NP(WIDE_BANKS), .KPF(KPF), .SLOTS(SLOTS),
      .ADDRW(ADDRW), .INW(INW), .FREEW(FREEW)
  ) u_write (.clk, .rst, .in_valid, .in_ready, .in_data, .rows_free, .rows_in, .we, .waddr, .wdata);

  function automatic [ADDRW-1:0] slot_base(input [SLOTW-1:0] row_slot);
    slot_base = '0;
    for (int s = 1; s < BANK_SLOTS; s = s + 1) if (row_slot == SLOTW'(s)) slot_base = ADDRW'(s * ROW_WORDS);
  endfunction

  // Stage 1: start of the row in every bank; banks below the first row's bank hold the next slot.
  logic [KPF*ADDRW-1:0] base_1;
  logic [ADDRW-1:0] pos_1;
  logic [BANKW-1:0] bank_1, bank_2, bank_3;
  logic [XW-1:0] x_1;
  logic [YW-1:0] y_1;
  logic [SLOTW-1:0] slot_up;
  assign slot_up = slot == SLOTW'(BANK_SLOTS - 1) ? '0 : slot + 1'b1;
  always_ff @(posedge clk) begin
    for (int k = 0; k < KPF; k = k + 1)
      base_1[k*ADDRW+:ADDRW] <= slot_base((BANKW + 1)'(k) < {1'b0, bank} ? slot_up : slot);
    {pos_1, bank_1, x_1, y_1} <= {pos, bank, x, y};
  end

  // Stage 2: addresses and masks (a negative coordinate is a large one modulo 2^XW or 2^YW).
  logic [KPF*NP*ADDRW-1:0] addr_2;
  logic [KPF-1:0] row_ok_2;
  logic [NP-1:0] col_ok_2;
  logic [KPF*NP-1:0] pad_3;
  logic [NP-1:0] beyond_3;
  function automatic integer pixel_bank(input integer p);
    pixel_bank = (((p - X_SHIFT) % NP) + NP) % NP;
  endfunction
  function automatic integer pixel_column(input integer p);
    pixel_column = (p - X_SHIFT - pixel_bank(p)) / NP;
  endfunction
  always_ff @(posedge clk) begin
    for (int k = 0; k < KPF; k = k + 1) begin
      for (int p = 0; p < NP; p = p + 1)
        addr_2[(k*NP+p)*ADDRW+:ADDRW] <= base_1[k*ADDRW+:ADDRW] + pos_1 + ADDRW'(pixel_column(p) * CGROUPS);
      row_ok_2[k] <= YW'(y_1 + YW'(k)) < YW'(H);
    end
    for (int p = 0; p < NP; p = p + 1) col_ok_2[p] <= XW'(x_1 + XW'(p)) < XW'(W);
    {bank_3, bank_2} <= {bank_2, bank_1};
    for (int r = 0; r < KPF; r = r + 1)
      for (int p = 0; p < NP; p = p + 1) pad_3[r*NP+p] <= !(row_ok_2[r] && col_ok_2[p]);
    beyond_3 <= ~col_ok_2;
  end

  // Stage 3: memories. Bank of pixel p is fixed, that of kernel row r turns with the rows.
  logic [KPF*NP*WIDTH-1:0] word_3;
  generate
    for (genvar k = 0; k < KPF; k = k + 1) begin : g_row
      for (genvar p = 0; p < NP; p = p + 1) begin : g_pixel
        bm_ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .BLOCK(BLOCK), .ADDRESS(ADDRW)) u_ram (
            .clk, .write(we[k*WIDE_BANKS+pixel_bank(p)/INP]), .write_address(waddr),
            .d(wdata[pixel_bank(p)%INP*WIDTH+:WIDTH]), .read(1'b1),
            .read_address(addr_2[(k*NP+p)*ADDRW+:ADDRW]), .q(word_3[(k*NP+p)*WIDTH+:WIDTH])
        );
      end
    end
  endgenerate

  // Stage 4: rotate the row banks into kernel order, mask the padding.
  generate
    for (genvar r = 0; r < KPF; r = r + 1) begin : g_lane
      logic [NP*WIDTH-1:0] turned;
      always_comb begin
        turned = word_3[r*NP*WIDTH+:NP*WIDTH];
        for (int b = 1; b < KPF; b = b + 1)
          if (bank_3 == BANKW'(b)) turned = word_3[(r+b)%KPF*NP*WIDTH+:NP*WIDTH];
      end
      // A bit that both paddings share is one synchronous set or reset.
      for (genvar i = 0; i < NP * WIDTH; i = i + 1) begin : g_mask
        localparam int P = i / WIDTH;
        localparam int B = i % ABITS;
        if (PAD_CODE[B] == ROW_CODE[B]) begin : g_same
          always_ff @(posedge clk) begin
            if (pad_3[r*NP+P]) operands[r*NP*WIDTH+i] <= PAD_CODE[B];
            else operands[r*NP*WIDTH+i] <= turned[i];
          end
        end else begin : g_apart
          always_ff @(posedge clk) begin
            if (beyond_3[P]) operands[r*NP*WIDTH+i] <= PAD_CODE[B];
            else operands[r*NP*WIDTH+i] <= pad_3[r*NP+P] ? ROW_CODE[B] : turned[i];
          end
        end
      end
    end
  endgenerate
  wire unused = &{1'b0, beyond_3};
endmodule
