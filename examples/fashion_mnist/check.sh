#!/usr/bin/env bash
# Runs the default network on Fashion-MNIST's 10,000 test images and fails unless 9,250 of them are right.
# Usage: examples/fashion_mnist/check.sh [PROGRAM]; exit code 77 where the data set or Python is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bitmason=${1:-$here/../../build/release/bin/bitmason}
for need in /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz /usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz; do
  [ -e "$need" ] || { echo "$need is missing (apt-get install dataset-fashion-mnist); accuracy is not checked"; exit 77; }
done
command -v python3 >/dev/null || { echo "python3 is not installed (apt-get install python3); accuracy is not checked"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$here/make_input.py" "$work/images.npy"
"$bitmason" run "$here/fashion_mnist.onnx" --input "$work/images.npy" --output "$work/logits.npy"
python3 "$here/count_right.py" "$work/logits.npy" --at-least 9250
