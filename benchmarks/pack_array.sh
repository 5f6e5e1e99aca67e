#!/bin/sh
# Measures bm_pack_array: 8 outputs x 8 lanes = 64 DSP48E2, w4a4, new operands every cycle. Prints JSON, one object per point:
#   benchmarks/pack_array.sh > benchmarks/results/pack_array.json          (about 15 minutes on one core)
#   benchmarks/pack_array.sh conv12_16                                     (the points named)
# LUTs are counted as docs/verification.md says; MACs per DSP are NW * NA. Netlists stay in the folder $NETLISTS if that is set.
set -eu
cd "$(dirname "$0")/.."
folder=${NETLISTS:-$(mktemp -d)}
version=$(yosys -V | cut -d' ' -f2)
separator=""

point() {  # name, steps, MACs per DSP, parameters
  name=$1 steps=$2 macs=$3
  shift 3
  if [ -n "$wanted" ] && ! echo " $wanted " | grep -q " $name "; then return; fi
  yosys -q -p "read_verilog -defer -sv rtl/bm_pack_*.sv rtl/bm_conv_delay.sv rtl/bm_mac_sum.sv rtl/dsp/bm_acc_*.sv
    hierarchy -top bm_pack_array -chparam STEPS $steps $*
    synth_xilinx -family xcup -nosrl -flatten -noiopad -noclkbuf -top bm_pack_array
    check -assert; write_json $folder/$name.json; tee -q -o $folder/$name.stat stat" > "$folder/$name.log" 2>&1
  awk -v name="$name" -v steps="$steps" -v macs="$macs" -v version="$version" -v separator="$separator" '
    $1 ~ /^(LUT[1-6]|INV|SRL16E|SRLC32E)$/ { lut += $2 }
    $1 ~ /^RAM/ { print "memory in the netlist: " $1 > "/dev/stderr"; exit 1 }
    $1 ~ /^FD[RSCP]E$/ { ff += $2 }
    $1 ~ /^DSP48E2$/ { dsp += $2 }
    END {
      printf "%s  {\"point\": \"%s\", \"steps\": %d, \"macs_per_dsp\": %d, \"dsp\": %d, \"lut\": %d, \"ff\": %d, \"lut_per_mac\": %.2f, \"tool\": \"Yosys %s\"}",
        separator, name, steps, macs, dsp, lut, ff, lut / dsp / macs, version
    }' "$folder/$name.stat"
  separator=",
"
}

wanted="$*"
conv9="-chparam NA 3 -chparam AOFF 48'h000e00070000 -chparam NF 5 -chparam FOFF 80'h001c0015000e00070000"
outer6="-chparam NA 2 -chparam AOFF 32'h00150000"
guard6="-chparam ACCUM 0 -chparam CHAIN 8 -chparam NA 2 -chparam WIDE_W 1 -chparam NF 4 -chparam WOFF 48'h0016000b0000
  -chparam AOFF 32'h000b0000 -chparam FOFF 64'h00210016000b0000"
echo "["
# K = 3, 3 taps x 4 pixels, carries counted.
point conv12_1 1 12 -chparam ACCUM 0
point conv12_4 4 12 -chparam ACCUM 0
point conv12_16 16 12
point conv12_64 64 12 -chparam SHARE 4 -chparam OUT 18
# K = 3, 3 taps x 3 pixels, carries counted.
point conv9_1 1 9 -chparam ACCUM 0 $conv9
point conv9_4 4 9 -chparam ACCUM 0 $conv9
point conv9_16 16 9 $conv9
point conv9_64 64 9 -chparam SHARE 4 -chparam OUT 18 $conv9
# K = 3, 3 taps x 2 pixels, cascades of 8 with guard bits.
point guard6_1 1 6 $guard6
point guard6_4 4 6 $guard6
point guard6_16 16 6 $guard6
point guard6_64 64 6 -chparam OUT 18 $guard6
# K = 1, 3 channels x 2 pixels, carries counted; pairs of DSPs cascaded.
point outer6_1 1 6 -chparam ACCUM 0 $outer6
point outer6_4 4 6 -chparam ACCUM 0 $outer6
point outer6_16 16 6 -chparam CHAIN 2 -chparam SHARE 2 $outer6
point outer6_64 64 6 -chparam SHARE 4 $outer6
echo
echo "]"
