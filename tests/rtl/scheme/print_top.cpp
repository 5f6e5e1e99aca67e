// Prints the modules of a set's schemes and a top level with one instance of each, or one module with its
// planned numbers:
//   scheme_print_top SET | scheme_print_top SET NAME
// or what stands beside the arrays of one lane or one channel of it: scheme_print_top SET NAME lane|channel
#include <fmt/format.h>

#include "emit/design_folder.hpp"
#include "hw/scheme_adders.hpp"
#include "pack/transform_cost.hpp"
#include "scheme_case.hpp"

namespace bitmason::rtl {
namespace {

int width_of(const SchemeCase& test, const char* name) {
  for (const hw::Net& net : test.module.module.nets) {
    if (net.name == name) return net.width;
  }
  return 0;
}

void print_top(const std::vector<SchemeCase>& cases) {
  const int widest = widest_port(cases);
  for (const SchemeCase& test : cases) fmt::print("{}", emit::print_module(test.module.module));
  fmt::print(
      "module scheme_top (\n  input logic clk, rst,\n  input logic [63:0] valid, first, last,\n"
      "  input logic [{1}:0] weights[{0}], activations[{0}],\n  output logic [63:0] outputs_valid, output "
      "logic "
      "[{1}:0] "
      "outputs[{0}]\n);\n"
      "  assign outputs_valid[63:{0}] = '0;\n",
      cases.size(), widest - 1);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const int y = width_of(cases[i], "outputs");
    fmt::print(
        "  {0} u_{1} (.clk, .rst, .valid(valid[{2}]), .first(first[{2}]), .last(last[{2}]), "
        ".weights(weights[{2}][{3}:0]),\n"
        "      .activations(activations[{2}][{4}:0]), .outputs_valid(outputs_valid[{2}]), "
        ".outputs(outputs[{2}][{5}:0]));\n",
        cases[i].module.module.name, cases[i].name, i, width_of(cases[i], "weights") - 1,
        width_of(cases[i], "activations") - 1, y - 1);
    if (y < widest) fmt::print("  assign outputs[{}][{}:{}] = '0;\n", i, widest - 1, y);
  }
  fmt::print("endmodule\n");
}

/// The figures that a synthesis is compared with come first, as comments.
void print_one(const SchemeCase& test) {
  const pack::SchemeBlock& block = test.shape.block;
  fmt::print("// multipliers {}\n// macs {:.0f}\n// channels {}\n// pixels {}\n// lanes {}\n",
             test.module.multipliers, test.module.multipliers * test.scheme.density(), block.channels,
             block.pixels, test.shape.lanes);
  fmt::print("// estimate {:.0f}\n{}",
             test.shape.lanes * block.pixels * pack::activation_transform_luts(test.scheme) +
                 block.channels * pack::output_transform_luts(test.scheme, block, test.module.output_bits),
             emit::print_module(test.module.module));
}

void print_adders(const SchemeCase& test, const std::string& part) {
  const auto adders = hw::scheme_adders(test.scheme, test.shape, "bm_scheme_" + test.name);
  if (adders) fmt::print("{}", emit::print_module(part == "lane" ? adders->lane : adders->channel));
}

}  // namespace
}  // namespace bitmason::rtl

int main(int argc, char** argv) {
  using namespace bitmason::rtl;
  const auto cases = scheme_cases(argc > 1 ? argv[1] : "");
  if (argc < 3) return print_top(cases), 0;
  for (const SchemeCase& test : cases) {
    if (test.name == argv[2]) return argc > 3 ? print_adders(test, argv[3]) : print_one(test), 0;
  }
  return 1;
}
