// Prints the SystemVerilog top of the convolution bench: one bm_conv per case, its streams as elements of
// arrays.
#include "conv_case.hpp"

#include <fmt/format.h>

namespace bitmason::rtl {
namespace {

template <typename T>
std::string packed_literal(const std::vector<T>& values, int bits) {
  std::string digits;
  for (const auto value : values) {
    const auto field = static_cast<std::uint64_t>(value) & ((std::uint64_t{1} << bits) - 1);
    digits = fmt::format("{:0{}x}", field, bits / 4) + digits;
  }
  return fmt::format("{}'h{}", static_cast<std::size_t>(bits) * values.size(), digits);
}

void print_instance(const ConvCase& test, int index) {
  const auto packing = pack_uniformly(test);
  fmt::print("  bm_conv #(\n    .CIN({}), .H({}), .W({}), .COUT({}), .KH({}), .KW({}), .SH({}), .SW({}),\n",
             test.cin, test.h, test.w, test.cout, test.kh, test.kw, test.sh, test.sw);
  fmt::print(
      "    .PT({}), .PL({}), .PB({}), .PR({}), .ABITS({}), .ASIGNED({:d}), .CENTRE({:d}), .WBITS({}), "
      ".PAD_VALUE({}),\n",
      test.pt, test.pl, test.pb, test.pr, test.abits, test.asigned, test.centred, test.wbits, test.pad_value);
  fmt::print(
      "    .CONV({:d}), .DW({:d}), .SIMD({}), .KPF({}), .COLS({}), .NWC({}), .NP({}), .CHAIN({}), "
      ".CHO({}),\n",
      test.conv, test.dw, test.simd, test.kpf, test.cols, test.nwc, test.np, test.chain, test.cho);
  fmt::print("    .ACCUM({}), .SHARE({}), .LOW({}), .HIGH({}),\n",
             test.side == 0 ? 0
             : test.stay    ? 1
                            : 2,
             test.share, test.product_bounds()[0], test.product_bounds()[1]);
  fmt::print("    .NFIELDS({}), .WOFF({}), .AOFF({}), .FOFF({}), .FWID({}),\n", test.fields(),
             packed_literal(packing.weight_offsets, 16), packed_literal(packing.code_offsets, 16),
             packed_literal(packing.field_offsets, 16), packed_literal(packing.field_widths, 16));
  fmt::print(
      "    .WIDE_W({:d}), .BIAS(64'h{:x}), .FIELD_FIX({}), .OUT_BITS({}), .ROWS({}), .LINE_BLOCK({:d}),\n",
      test.wide_w, static_cast<std::uint64_t>(packing.bias), packed_literal(packing.field_fix, 32),
      test.out_bits(), test.rows, test.line_block);
  fmt::print(
      "    .WEIGHT_BLOCK({:d}), .WFILE(\"{}_w.mem\"), .BIASFILE(\"{}_b.mem\"), .HAS_BIAS({:d}), .PRIM({}), "
      ".FABRIC({:d})\n",
      test.weight_block, test.name, test.name, test.has_bias, test.prim, test.fabric);
  fmt::print(
      "  ) u_{} (\n    .clk, .rst_n, .in_valid(in_valid[{}]), .in_ready(in_ready[{}]), "
      ".in_data(in_data[{}][{}:0]),\n",
      test.name, index, index, index, test.simd * test.abits - 1);
  fmt::print(
      "    .out_valid(out_valid[{}]), .out_ready(out_ready[{}]), .out_data(out_data[{}][{}:0])\n  );\n",
      index, index, index, test.cho * test.out_bits() - 1);
  fmt::print("  assign out_data[{}][511:{}] = '0;\n", index, test.cho * test.out_bits());
}

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  const auto cases = bitmason::rtl::conv_cases(argc > 1 ? argv[1] : "");
  const auto count = cases.size();
  fmt::print(
      "// verilator lint_off UNUSEDSIGNAL\nmodule conv_top (\n  input logic clk, input logic rst_n,\n"
      "  input logic [63:0] in_valid, output logic [63:0] in_ready, input logic [511:0] in_data[{0}],\n"
      "  output logic [63:0] out_valid, input logic [63:0] out_ready, output logic [511:0] "
      "out_data[{0}]\n);\n"
      "  assign in_ready[63:{0}] = '0;\n  assign out_valid[63:{0}] = '0;\n",
      count);
  for (std::size_t i = 0; i < count; ++i) bitmason::rtl::print_instance(cases[i], static_cast<int>(i));
  fmt::print("endmodule\n");
}
