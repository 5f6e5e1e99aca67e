#!/bin/sh
# Measures bm_pack_array: 8 outputs x 8 lanes = 64 DSP48E2, w4a4, new operands every cycle. Prints JSON, one object per point:
#   benchmarks/pack_array.sh > benchmarks/results/pack_array.json          (about 15 minutes on one core)
#   benchmarks/pack_array.sh conv12_16                                     (the points named)
# LUTs are counted as docs/verification.md says; MACs per DSP are NW * NA. Netlists stay in the folder $NETLISTS if that is set.
set -eu
cd "$(dirname "$0")/.."
wanted="$*"
. benchmarks/array_point.sh
sources="rtl/bm_pack_*.sv rtl/bm_conv_delay.sv rtl/bm_mac_sum.sv rtl/dsp/bm_acc_*.sv"
conv9="-chparam NA 3 -chparam AOFF 48'h000e00070000 -chparam NF 5 -chparam FOFF 80'h001c0015000e00070000"
outer6="-chparam NA 2 -chparam AOFF 32'h00150000"
guard6="-chparam ACCUM 0 -chparam CHAIN 8 -chparam NA 2 -chparam WIDE_W 1 -chparam NF 4 -chparam WOFF 48'h0016000b0000
  -chparam AOFF 32'h000b0000 -chparam FOFF 64'h00210016000b0000"
echo "["
# K = 3, 3 taps x 4 pixels, carries counted.
point bm_pack_array "$sources" conv12_1 1 12 -chparam ACCUM 0
point bm_pack_array "$sources" conv12_4 4 12 -chparam ACCUM 0
point bm_pack_array "$sources" conv12_16 16 12
point bm_pack_array "$sources" conv12_64 64 12 -chparam SHARE 4 -chparam OUT 18
# K = 3, 3 taps x 3 pixels, carries counted.
point bm_pack_array "$sources" conv9_1 1 9 -chparam ACCUM 0 $conv9
point bm_pack_array "$sources" conv9_4 4 9 -chparam ACCUM 0 $conv9
point bm_pack_array "$sources" conv9_16 16 9 $conv9
point bm_pack_array "$sources" conv9_64 64 9 -chparam SHARE 4 -chparam OUT 18 $conv9
# K = 3, 3 taps x 2 pixels, cascades of 8 with guard bits.
point bm_pack_array "$sources" guard6_1 1 6 $guard6
point bm_pack_array "$sources" guard6_4 4 6 $guard6
point bm_pack_array "$sources" guard6_16 16 6 $guard6
point bm_pack_array "$sources" guard6_64 64 6 -chparam OUT 18 $guard6
# K = 1, 3 channels x 2 pixels, carries counted; pairs of DSPs cascaded.
point bm_pack_array "$sources" outer6_1 1 6 -chparam ACCUM 0 $outer6
point bm_pack_array "$sources" outer6_4 4 6 -chparam ACCUM 0 $outer6
point bm_pack_array "$sources" outer6_16 16 6 -chparam CHAIN 2 -chparam SHARE 2 $outer6
point bm_pack_array "$sources" outer6_64 64 6 -chparam SHARE 4 $outer6
echo
echo "]"
