// In a four-state simulator no register that reset leaves unknown reaches a valid output: random beats
// through every module, a reset in between.
`timescale 1ns / 1ns
module unknown_tb;
  logic clk, rst_n, s_valid, s_ready, s_last, m_valid, m_ready, m_last, taken, given;
  logic [15:0] s_data, m_data;
  localparam int HALF = 1700;
  integer cycle, received;

  synth_top dut (
      .clk, .rst_n, .s_axis_tdata(s_data), .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tlast(s_last),
      .m_axis_tdata(m_data), .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tlast(m_last));
  bm_stream_checker #(.WIDTH(17)) u_out (.clk, .rst_n, .valid(m_valid), .ready(m_ready), .data({m_last, m_data}));
  bm_stream_checker #(.WIDTH(17)) u_in (.clk, .rst_n, .valid(s_valid), .ready(s_ready), .data({s_last, s_data}));

  initial begin
    clk = 0;
    rst_n = 0;
    s_valid = 0;
    s_last = 0;
    s_data = 0;
    m_ready = 0;
    received = 0;
    for (cycle = 0; cycle < 2 * HALF; cycle = cycle + 1) begin
      #4;
      taken = s_valid && s_ready;
      given = m_valid && m_ready;
      #1 clk = 1;
      #1;
      if (rst_n && given === 1'b1) received = received + 1;
      if (cycle == HALF) begin
        if (received < 100) $fatal(1, "only %0d beats before the reset", received);
        received = 0;
      end
      rst_n = cycle > 3 && !(cycle > HALF && cycle < HALF + 3);
      if (!rst_n) s_valid = 0;
      else if (!s_valid || taken === 1'b1) begin
        s_valid = $random % 4 != 0;
        s_data = {1'b0, 15'($random)};
      end
      m_ready = $random % 4 != 0;
      #5 clk = 0;
    end
    if (received < 100) $fatal(1, "only %0d beats after the reset", received);
    $display("every output is known");
    $finish;
  end
endmodule
