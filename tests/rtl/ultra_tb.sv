// 20,000 writes and reads at random of the netlist that Yosys makes of bm_ram with BLOCK 3 (100 bits by 8,192 words: three URAM288, the last 28 bits share one), against an
// array. Prints "every word read is right" at the end.
module ultra_tb;
  localparam int WIDTH = 100, ADDRESS = 13;
  logic clk = 0, write = 0, read = 0;
  logic [ADDRESS-1:0] write_address, read_address;
  logic [WIDTH-1:0] d, q, expected;
  logic [WIDTH-1:0] words[0:2**ADDRESS-1];
  logic [2**ADDRESS-1:0] written = '0;
  logic known = 0;
  int wrong = 0;

  netlist u_netlist (.clk(clk), .write(write), .write_address(write_address), .d(d), .read(read), .read_address(read_address), .q(q));

  initial begin
    for (int k = 0; k < 20000; k = k + 1) begin
      write = 1'($urandom);
      read = 1'($urandom);
      // Few addresses, so that most reads meet a written word; both halves of the depth.
      write_address = {1'($urandom), 6'b0, 6'($urandom)};
      read_address = {1'($urandom), 6'b0, 6'($urandom)};
      d = {$urandom, $urandom, $urandom, $urandom};
      if (write_address == read_address) write = 0;
      #1 clk = 1;
      if (read) begin
        expected = words[read_address];
        known = written[read_address];
      end
      if (write) begin
        words[write_address] = d;
        written[write_address] = 1;
      end
      #1 clk = 0;
      #1 if (known && q !== expected) wrong = wrong + 1;
    end
    if (wrong == 0 && written != 0) $display("every word read is right");
    else $display("%0d words differ", wrong);
    $finish;
  end
endmodule
