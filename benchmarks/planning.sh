#!/bin/bash
# Plans the benchmark networks for xczu3eg and prints intervals, proved bounds and processor seconds as JSON.
# Usage: benchmarks/planning.sh [BITMASON] > benchmarks/results/planning.json
set -euo pipefail
bitmason=$(realpath "${1:-$(dirname "$0")/../build/release/bin/bitmason}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# Prints an integer member of plan.json's top level.
member() { sed -n "s/^ \"$1\": \([0-9]*\),*$/\1/p" plan.json; }

echo "{\"part\": \"xczu3eg\", \"threads\": 1, \"plans\": ["
separator=""
while read -r name bits; do
  "$bitmason" zoo "$name" --bits "$bits" -o network.onnx > zoo.log 2>&1
  TIMEFORMAT="%U"
  seconds=$({ time "$bitmason" plan network.onnx --part xczu3eg --json > plan.json 2> plan.log; } 2>&1)
  printf '%s {"network": "%s", "bits": "%s", "interval_cycles": %s, "lower_bound_cycles": %s, "cpu_seconds": %s}' \
    "$separator" "$name" "$bits" "$(member interval_cycles)" "$(member lower_bound_cycles)" "$seconds"
  separator=$',\n'
done <<< "UltraNet w4a4
UltraNet mixq
SkyNet mixq
VGG-tiny mixq
ResNet-8 int8
DS-CNN int8
CNV w2a2"
printf '\n]}\n'
