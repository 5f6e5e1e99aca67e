#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "base/file.hpp"
#include "emit/design_folder.hpp"
#include "hw/simple_plan.hpp"

namespace bitmason::emit {
namespace {

namespace fs = std::filesystem;

ir::Network network() {
  ir::NetworkBuilder builder("tiny");
  const auto x = builder.add_input("x", {{1, 2, 2}, {0, 3}}, {.name = "x"});
  const ir::Conv conv{.weights = {.out_channels = 1, .in_channels = 1, .values = {-2}, .range = {-4, 3}}};
  const auto y = builder.add("conv", conv, {*x});
  EXPECT_TRUE(builder.add_output({.name = "y", .layer = y->index}));
  return *std::move(builder).build();
}

hw::Design design_for(const std::string& synthesis, double clock_mhz) {
  const ir::Network tiny = network();
  plan::Plan plan = plan::testing::simple_plan(tiny);
  plan.clock_mhz = clock_mhz;
  return *hw::lower(tiny, plan, {.name = "part", .synthesis = synthesis}, plan::testing::plain_primitive());
}

TEST(VendorFiles, TheConstraintIsThePlansClock) {
  // 1 / 250 MHz is 4 ns; 1 / 150 MHz is 6.66.. ns, never rounded up.
  EXPECT_EQ(vendor_files(design_for("synth_xilinx -family xcup", 250)).at("constraints.xdc"),
            "# 250 MHz, the clock of the plan\n"
            "create_clock -name ap_clk -period 4.000 [get_ports ap_clk]\n");
  EXPECT_EQ(vendor_files(design_for("synth_xilinx -family xcup", 150)).at("constraints.xdc"),
            "# 150 MHz, the clock of the plan\n"
            "create_clock -name ap_clk -period 6.666 [get_ports ap_clk]\n");
  EXPECT_TRUE(vendor_files(design_for("synth_ice40", 50)).empty());
}

/// Runs the script in a Tcl interpreter in which every command of Vivado prints its arguments.
TEST(VendorFiles, TheScriptReadsEveryFileOfTheFolder) {
  if (std::system("echo 'exit 0' | tclsh") != 0) GTEST_SKIP() << "tclsh is not installed (package tcl)";
  const fs::path root = fs::path(BITMASON_BINARY_DIR) / ("vendor_test_" + std::to_string(::getpid()));
  const fs::path out = root / "a design";
  ASSERT_TRUE(write_design(design_for("synth_xilinx -family xcup", 250), network(), out,
                           fs::path(BITMASON_SOURCE_DIR) / "rtl"));
  ASSERT_TRUE(write_file(root / "run.tcl",
                         "proc unknown {name args} { puts [concat $name $args] }\n"
                         "proc current_fileset {} { return sources_1 }\n"
                         "set argv [list xczu3eg-sbva484-1-e results]\n"
                         "source {" +
                             (out / "vivado.tcl").string() + "}\n"));
  const std::string command = "cd '" + root.string() + "' && tclsh run.tcl > said 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  const std::string said = *read_file(root / "said");
  std::string sources = "read_verilog -sv";
  std::string list = *read_file(out / "filelist.f");
  for (std::size_t at = 0; at < list.size(); at = list.find('\n', at) + 1) {
    const fs::path file = out / list.substr(at, list.find('\n', at) - at);
    EXPECT_TRUE(fs::exists(file)) << file;
    sources += std::string(at == 0 ? " {" : " ") + "{" + file.string() + "}";
  }
  EXPECT_NE(said.find(sources + "}\n"), std::string::npos) << said;
  for (const std::string& line :
       {std::string("create_project -in_memory -part xczu3eg-sbva484-1-e\n"),
        "set_property verilog_define {BITMASON_MEM=\"" + out.string() + "/mem/\"} sources_1\n",
        "read_xdc {" + (out / "constraints.xdc").string() + "}\n",
        std::string("synth_design -top top -part xczu3eg-sbva484-1-e -mode out_of_context\n"),
        "write_checkpoint -force " + (root / "results/top.dcp").string() + "\n"}) {
    EXPECT_NE(said.find(line), std::string::npos) << line << said;
  }
  // Results lie outside the design folder, which the next build would else refuse to replace.
  EXPECT_TRUE(write_design(design_for("synth_xilinx -family xcup", 250), network(), out,
                           fs::path(BITMASON_SOURCE_DIR) / "rtl"));
  fs::remove_all(root);
}

}  // namespace
}  // namespace bitmason::emit
