#!/usr/bin/env bash
# Compares import with onnxruntime (npm's onnxruntime-node) on random networks and the default one.
# Usage: run_oracle.sh ORACLE_CASES FOLDER COUNT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cases=$1
work=$2
count=$3
mkdir -p "$work"
rm -rf "$work/cases"
if [ ! -d "$work/python" ]; then
  python3 -m venv "$work/python.tmp"
  "$work/python.tmp/bin/pip" install --quiet onnx==1.16.2 numpy==1.26.4
  mv "$work/python.tmp" "$work/python"
fi
[ -d "$work/node_modules/onnxruntime-node" ] ||
  (cd "$work" && npm install --silent --no-fund --no-audit --ignore-scripts onnxruntime-node@1.20.1)
cp "$here/run.mjs" "$work/run.mjs"
default=$here/../../examples/fashion_mnist/fashion_mnist.onnx
"$cases" "$work/cases" "$count" $([ ! -f "$default" ] || echo "$default")
export PYTHONPATH=
for folder in "$work"/cases/*/; do
  "$work/python/bin/python" "$here/expand.py" "$folder/network.onnx" "$folder/expanded.onnx"
  mapfile -t names <"$folder/quantisers.txt"
  "$work/python/bin/python" "$here/expand.py" "$folder/qcdq.onnx" "$folder/qcdq_shown.onnx" "${names[@]}"
done
(cd "$work" && node run.mjs cases)
"$work/python/bin/python" "$here/compare.py" "$work/cases"
