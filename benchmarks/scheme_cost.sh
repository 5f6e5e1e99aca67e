#!/bin/sh
# Measures what schemes of several packings cost beside their arrays: digits, sums and packing of activations, outputs from sums.
# The arrays are black boxes; their own cost is that of benchmarks/pack_array.sh. Prints JSON, one object per scheme of
# tests/rtl/scheme/scheme_cases.cpp:
#   benchmarks/scheme_cost.sh build/release/bin/scheme_print_top > benchmarks/results/scheme_cost.json      (about 5 minutes on one core)
#   benchmarks/scheme_cost.sh build/release/bin/scheme_print_top quick/karatsuba_w4a4                       (the schemes named)
# estimate: LUTs of the sums alone as src/pack/transform_cost.cpp has them, without the packing on the ports. Counted as
# docs/verification.md says.
set -eu
cd "$(dirname "$0")/.."
print=$1
shift
folder=$(mktemp -d)
version=$(yosys -V | cut -d' ' -f2)
separator=""
[ $# -gt 0 ] || set -- cost/karatsuba_w4a4 cost/f23_w8a8 cost/tile_w8a8 cost/split_w4a8 cost/pieces_w4a8 cost/strassen_w8a8

# The arrays' ports without their insides.
for array in bm_pack_array bm_sign_array; do
  sed -n "/^module $array/,/^);/p" rtl/$array.sv
  echo endmodule
done > "$folder/array.sv"
echo "["
for scheme in "$@"; do
  name=${scheme#*/}
  "$print" "${scheme%/*}" "$name" > "$folder/$name.sv"
  yosys -q -p "read_verilog -lib -sv $folder/array.sv
    read_verilog -defer -sv rtl/bm_conv_delay.sv rtl/bm_mac_pack.sv rtl/bm_linear.sv rtl/bm_linear_tree.sv rtl/bm_digits.sv rtl/bm_magnitude.sv rtl/bm_extend.sv rtl/dsp/bm_dsp_fields.sv
    read_verilog -sv $folder/$name.sv; hierarchy -top bm_scheme_$name
    synth_xilinx -family xcup -nosrl -flatten -noiopad -noclkbuf -top bm_scheme_$name
    tee -q -o $folder/$name.stat stat" > "$folder/$name.log" 2>&1
  awk -v name="$name" -v version="$version" -v separator="$separator" '
    FNR == NR && $1 == "//" && NF == 3 { fact[$2] = $3; next }
    FNR == NR { next }
    $1 ~ /^(LUT[1-6]|INV|SRL16E|SRLC32E)$/ { lut += $2 }
    $1 ~ /^FD[RSCP]E$/ { ff += $2 }
    $1 ~ /(pack|sign)_array/ { arrays += $2 }
    END {
      if (arrays == 0) { print "no array in the netlist" > "/dev/stderr"; exit 1 }
      printf "%s  {\"scheme\": \"%s\", \"channels\": %d, \"pixels\": %d, \"lanes\": %d, \"dsp\": %d, \"macs\": %d, \"lut\": %d, \"ff\": %d, \"lut_per_mac\": %.2f, \"estimate\": %d, \"tool\": \"Yosys %s\"}",
        separator, name, fact["channels"], fact["pixels"], fact["lanes"], fact["multipliers"], fact["macs"], lut, ff, lut / fact["macs"], fact["estimate"], version
    }' "$folder/$name.sv" "$folder/$name.stat"
  separator=",
"
done
echo
echo "]"
