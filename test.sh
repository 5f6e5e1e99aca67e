#!/usr/bin/env bash
# Sets up everything the tests need, builds all rooms (torch included) and runs the default tests.
# Slow tests carry the label "slow": ctest --test-dir build/torch -L slow. Set BITMASON_NO_TORCH=1 to leave torch out.
set -euo pipefail
cd "$(dirname "$0")"

preset=torch
packages=(build simulate test torch)
if [ "${BITMASON_NO_TORCH:-0}" = 1 ]; then
  preset=release
  packages=(build simulate test)
fi
scripts/install_packages.sh "${packages[@]}"
echo "== building (preset $preset)"
cmake --preset "$preset" >/dev/null
cmake --build --preset "$preset"
echo "== testing (label slow left out)"
ctest --preset "$preset" -j "$(nproc)"
