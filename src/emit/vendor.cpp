#include <fmt/format.h>

#include <cmath>

#include "emit/design_folder.hpp"

namespace bitmason::emit {

namespace {

constexpr const char* kVivado =
    R"tcl(# Synthesis, placement and routing of this design in Vivado, out of context: its ports get no pins. Written for
# Vivado's documented commands and never run with Vivado by Bitmason; docs/vendor_tools.md explains each step.
#
#   vivado -mode batch -source DESIGN/vivado.tcl -tclargs PART [OUT]
#
# PART is the whole part name with package and speed grade, OUT a folder outside DESIGN for the results.
set design [file dirname [file normalize [info script]]]
if {[llength $argv] < 1 || [llength $argv] > 2} {
  error "give the whole part name, for example -tclargs xczu3eg-sbva484-1-e"
}
set part [lindex $argv 0]
set out [file normalize [expr {[llength $argv] == 2 ? [lindex $argv 1] : "vivado"}]]
file mkdir $out

set list [open [file join $design filelist.f]]
set sources {}
foreach line [split [string trim [read $list]] "\n"] { lappend sources [file join $design $line] }
close $list

create_project -in_memory -part $part
read_verilog -sv $sources
set_property verilog_define "BITMASON_MEM=\"$design/mem/\"" [current_fileset]
read_xdc [file join $design constraints.xdc]
# A memory file that is not found must not become a memory of zeros.
set_msg_config -id {Synth 8-4445} -new_severity ERROR
synth_design -top top -part $part -mode out_of_context
opt_design
place_design
phys_opt_design
route_design
report_timing_summary -file [file join $out timing.txt]
report_utilization -hierarchical -file [file join $out utilization.txt]
write_checkpoint -force [file join $out top.dcp]
)tcl";

}  // namespace

Contents vendor_files(const hw::Design& design) {
  if (!design.part.synthesis.starts_with("synth_xilinx")) return {};
  // Rounded down to the picosecond, so that the tool never aims at a slower clock.
  const double period = std::floor(1e6 / design.planned.clock_mhz) / 1000;
  return {{"constraints.xdc", fmt::format("# {} MHz, the clock of the plan\n"
                                          "create_clock -name ap_clk -period {:.3f} [get_ports ap_clk]\n",
                                          design.planned.clock_mhz, period)},
          {"vivado.tcl", kVivado}};
}

}  // namespace bitmason::emit
