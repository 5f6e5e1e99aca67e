#!/bin/sh
# Usage: multipliers.sh scheme_print_top RTL SET NAME...: elaborates the printed modules in Yosys and compares the DSP cells with those planned.
set -eu
print=$1 rtl=$2 set=$3
shift 3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
files=""
for source in bm_conv_delay bm_mac_sum bm_mac_pack bm_linear bm_linear_tree bm_digits bm_magnitude bm_extend dsp/bm_dsp_fields; do
  files="$files $rtl/$source.sv"
done
for name in "$@"; do
  "$print" "$set" "$name" > "$folder/$name.sv"
  planned=$(sed -n 's|^// multipliers ||p' "$folder/$name.sv")
  yosys -q -p "read_verilog -lib +/xilinx/cells_sim.v +/xilinx/cells_xtra.v
    read_verilog -defer -sv $rtl/bm_pack_*.sv $rtl/bm_sign_*.sv $rtl/dsp/bm_acc_*.sv $rtl/dsp/bm_mul_*.sv $files
    read_verilog -sv $folder/$name.sv
    hierarchy -top bm_scheme_$name; proc; flatten; opt_clean
    select -assert-count $planned t:DSP48E*"
  echo "$name: $planned multipliers, as planned"
done
