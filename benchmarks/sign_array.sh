#!/bin/sh
# Measures bm_sign_array: 8 outputs x 8 lanes = 64 DSP48E2, w4a4 as signs and magnitudes, blocks of 16 steps. Prints JSON, one object per point:
#   benchmarks/sign_array.sh > benchmarks/results/sign_array.json          (about 5 minutes on one core)
#   benchmarks/sign_array.sh w4a4_12                                       (the points named)
# LUTs are counted as docs/verification.md says; MACs per DSP are NW * NA. Netlists stay in the folder $NETLISTS if that is set.
set -eu
cd "$(dirname "$0")/.."
wanted="$*"
. benchmarks/array_point.sh
sources="rtl/bm_sign_*.sv rtl/bm_conv_delay.sv rtl/bm_mac_sum.sv rtl/dsp/bm_mul_*.sv"
nine="-chparam NW 3 -chparam WOFF 48'h0018000c0000 -chparam NF 9 -chparam AOFF 48'h000800040000
  -chparam FOFF 144'h0020001c001800140010000c000800040000"
eight="-chparam WIDE_W 0 -chparam NA 2 -chparam NF 8 -chparam WOFF 64'h000f000a00050000 -chparam AOFF 32'h00140000
  -chparam FOFF 128'h0023001e00190014000f000a00050000"
six="-chparam NW 3 -chparam WOFF 48'h0018000c0000 -chparam NA 2 -chparam NF 6 -chparam AOFF 32'h00060000
  -chparam FOFF 96'h001e00180012000c00060000"
echo "["
# K = 1. Lower bits of products in LUTs: 3, 2, 1, 0; all but the first with a weight's magnitude on the sign bit of its port.
point bm_sign_array "$sources" w4a4_12 16 12
point bm_sign_array "$sources" w4a4_9 16 9 $nine
point bm_sign_array "$sources" w4a4_8 16 8 $eight
point bm_sign_array "$sources" w4a4_6 16 6 $six
echo
echo "]"
