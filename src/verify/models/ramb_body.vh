  // Common behaviour of the Xilinx block RAMs: two ports on bit arrays, one clock edge per read or write.
  // A width of 2 * (DATA + PARITY) is simple dual port: A reads, B writes, both with the data pins of A and B
  // (A low). Read and write of one bit in the same edge through two ports: the old value where the writing port is
  // READ_FIRST; else the hardware gives no defined value and this model gives the wrong one on purpose.
  // Byte enables count from 0 at the word's low byte; words of 9 bits and less use enable 0.
  localparam integer BITS = 1 << ADDR;
  localparam integer WIDE = 2 * (DATA + PARITY);
  logic memory [0:BITS-1];
  logic parities [0:BITS/8-1];
  logic [DATA-1:0] q_a, q_b;
  logic [PARITY-1:0] qp_a, qp_b;
  logic [DATA-1:0] q_high;
  logic [PARITY-1:0] qp_high;
  wire [2*DATA-1:0] out_data = {READ_WIDTH_A == WIDE ? q_high : q_b, q_a};
  wire [2*PARITY-1:0] out_parity = {READ_WIDTH_A == WIDE ? qp_high : qp_b, qp_a};

  // Data bits of a word of `width` bits with parity: 9 becomes 8, 72 becomes 64.
  function automatic integer data_bits(input integer width);
    data_bits = width >= 9 ? width / 9 * 8 : width;
  endfunction
  function automatic integer word_base(input [ADDR-1:0] address, input integer width);
    word_base = width == 0 ? 0 : 32'(address) / data_bits(width) * data_bits(width);
  endfunction
  task automatic load(input integer row, input [255:0] bits);
    for (int k = 0; k < 256; k = k + 1) memory[row*256+k] = bits[k];
  endtask
  task automatic load_parity(input integer row, input [255:0] bits);
    for (int k = 0; k < 256; k = k + 1) parities[row*256+k] = bits[k];
  endtask

  wire writes_a = ENARDEN && WRITE_WIDTH_A != 0;
  wire writes_b = ENBWREN && WRITE_WIDTH_B != 0;
  function automatic logic enabled_a(input integer bit_index);
    enabled_a = WEA[WRITE_WIDTH_A <= 9 ? 0 : bit_index / 8];
  endfunction
  function automatic logic enabled_b(input integer bit_index);
    enabled_b = WEBWE[WRITE_WIDTH_B <= 9 ? 0 : bit_index / 8];
  endfunction
  // True where port B (A) writes this data bit in this edge and leaves the other port's reading undefined.
  function automatic logic spoiled_by_b(input integer index);
    integer at;
    at = index - word_base(address_b, WRITE_WIDTH_B);
    spoiled_by_b = writes_b && WRITE_MODE_B != "READ_FIRST" && at >= 0 && at < data_bits(WRITE_WIDTH_B) &&
                   enabled_b(at);
  endfunction
  function automatic logic spoiled_by_a(input integer index);
    integer at;
    at = index - word_base(address_a, WRITE_WIDTH_A);
    spoiled_by_a = writes_a && WRITE_MODE_A != "READ_FIRST" && at >= 0 && at < data_bits(WRITE_WIDTH_A) &&
                   enabled_a(at);
  endfunction

  wire [2*DATA-1:0] in_b = WRITE_WIDTH_B == WIDE ? {data_b, data_a} : {{DATA{1'b0}}, data_b};
  wire [2*PARITY-1:0] inp_b = WRITE_WIDTH_B == WIDE ? {parity_b, parity_a} : {{PARITY{1'b0}}, parity_b};

  // One process for both ports, reads before writes, so that an edge of the common clock has one order. An unused
  // port's clock may be left open.
  wire clock = READ_WIDTH_A != 0 || WRITE_WIDTH_A != 0 ? CLKARDCLK : CLKBWRCLK;
  always @(posedge clock) begin : ports
    integer base;
    base = word_base(address_a, READ_WIDTH_A);
    if (ENARDEN && RSTRAMARSTRAM) begin
      {qp_a, q_a} <= SRVAL_A;
      if (READ_WIDTH_A == WIDE) {qp_high, q_high} <= SRVAL_B;
    end else if (ENARDEN && !(WRITE_MODE_A == "NO_CHANGE" && writes_a && |WEA)) begin
      for (int k = 0; k < data_bits(READ_WIDTH_A); k = k + 1) begin
        if (k >= DATA) q_high[k-DATA] <= memory[base+k] ^ spoiled_by_b(base + k);
        else if (WRITE_MODE_A == "WRITE_FIRST" && writes_a && enabled_a(k)) q_a[k] <= data_a[k];
        else q_a[k] <= memory[base+k] ^ spoiled_by_b(base + k);
      end
      for (int k = 0; READ_WIDTH_A >= 9 && k < READ_WIDTH_A / 9; k = k + 1) begin
        if (k >= PARITY) qp_high[k-PARITY] <= parities[base/8+k] ^ spoiled_by_b(base + 8 * k);
        else if (WRITE_MODE_A == "WRITE_FIRST" && writes_a && enabled_a(8 * k)) qp_a[k] <= parity_a[k];
        else qp_a[k] <= parities[base/8+k] ^ spoiled_by_b(base + 8 * k);
      end
    end
    base = word_base(address_b, READ_WIDTH_B);
    if (ENBWREN && RSTRAMB && READ_WIDTH_B != 0) begin
      {qp_b, q_b} <= SRVAL_B;
    end else if (ENBWREN && !(WRITE_MODE_B == "NO_CHANGE" && writes_b && |WEBWE)) begin
      for (int k = 0; k < data_bits(READ_WIDTH_B) && k < DATA; k = k + 1) begin
        if (WRITE_MODE_B == "WRITE_FIRST" && writes_b && enabled_b(k)) q_b[k] <= data_b[k];
        else q_b[k] <= memory[base+k] ^ spoiled_by_a(base + k);
      end
      for (int k = 0; READ_WIDTH_B >= 9 && k < READ_WIDTH_B / 9 && k < PARITY; k = k + 1) begin
        if (WRITE_MODE_B == "WRITE_FIRST" && writes_b && enabled_b(8 * k)) qp_b[k] <= parity_b[k];
        else qp_b[k] <= parities[base/8+k] ^ spoiled_by_a(base + 8 * k);
      end
    end
    if (writes_a) begin
      base = word_base(address_a, WRITE_WIDTH_A);
      for (int k = 0; k < data_bits(WRITE_WIDTH_A); k = k + 1) if (enabled_a(k)) memory[base+k] = data_a[k];
      for (int k = 0; WRITE_WIDTH_A >= 9 && k < WRITE_WIDTH_A / 9; k = k + 1)
        if (enabled_a(8 * k)) parities[base/8+k] = parity_a[k];
    end
    if (writes_b) begin
      base = word_base(address_b, WRITE_WIDTH_B);
      for (int k = 0; k < data_bits(WRITE_WIDTH_B); k = k + 1) if (enabled_b(k)) memory[base+k] = in_b[k];
      for (int k = 0; WRITE_WIDTH_B >= 9 && k < WRITE_WIDTH_B / 9; k = k + 1)
        if (enabled_b(8 * k)) parities[base/8+k] = inp_b[k];
    end
    if (DOA_REG != 0 || DOB_REG != 0) begin
      $display("RAMB model: output registers are not modelled");
      $stop;
    end
  end

  initial begin
    {qp_a, q_a} = INIT_A;
    {qp_b, q_b} = INIT_B;
    {qp_high, q_high} = INIT_B;
  end
