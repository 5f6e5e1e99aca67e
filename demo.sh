#!/usr/bin/env bash
# Sets up Bitmason and runs its main job: from the quantised network in examples/fashion_mnist to an
# accelerator of 100,000 frames/s for xczu3eg, proved bit-exact in simulation. Idempotent; needs Debian 12 and, once, the network.
set -euo pipefail
cd "$(dirname "$0")"
out=${1:-out/fashion_mnist}

scripts/install_packages.sh build simulate
echo "== building build/release/bin/bitmason"
cmake --preset release >/dev/null
cmake --build --preset release --target bitmason
echo "== designing, simulating and synthesising the accelerator in $out"
build/release/bin/bitmason build examples/fashion_mnist/fashion_mnist.onnx --part xczu3eg --target-fps 100000 --out "$out" --verify --synth
