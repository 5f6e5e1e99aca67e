#!/usr/bin/env bash
# Compares import with onnxruntime (npm's onnxruntime-node) on random networks and the default one.
# Usage: run_oracle.sh ORACLE_CASES FOLDER COUNT
# Needs the packages of `scripts/install_packages.sh oracle` (else it ends with 77, which ctest shows as skipped) and, once,
# the registries of pip and npm: what it installs stays in FOLDER.
set -euo pipefail
missing=()
for program in python3 node npm; do command -v "$program" >/dev/null || missing+=("$program"); done
! command -v python3 >/dev/null || python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  echo "skipped: ${missing[*]} not installed; run scripts/install_packages.sh oracle"
  exit 77
fi
fetch_failed() {
  echo "failed: $1 could not be installed; the oracle needs it from the network once (see $2), then works without"
  exit 1
}
here=$(cd "$(dirname "$0")" && pwd)
cases=$1
work=$2
count=$3
mkdir -p "$work"
rm -rf "$work/cases"
if [ ! -d "$work/python" ]; then
  python3 -m venv "$work/python.tmp"
  "$work/python.tmp/bin/pip" install --quiet onnx==1.16.2 numpy==1.26.4 ||
    fetch_failed "onnx 1.16.2 and numpy 1.26.4" "pip's message above"
  mv "$work/python.tmp" "$work/python"
fi
[ -d "$work/node_modules/onnxruntime-node" ] ||
  (cd "$work" && npm install --silent --no-fund --no-audit --ignore-scripts onnxruntime-node@1.20.1) ||
  fetch_failed "onnxruntime-node 1.20.1" "npm's message above"
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
