#!/usr/bin/env bash
# Installs the Debian packages that the named sets need and that are missing; idempotent.
# Usage: scripts/install_packages.sh build|simulate|test|torch|oracle ...
set -euo pipefail

declare -A sets=(
  [build]="g++ cmake ninja-build pkg-config libfmt-dev nlohmann-json3-dev libcli11-dev libgmp-dev libssl-dev
           libonnx-dev libprotobuf-dev protobuf-compiler coinor-libcbc-dev zlib1g-dev libjpeg-dev libpng-dev libgtest-dev
           libgmock-dev"
  [simulate]="verilator yosys make g++ z3"
  [test]="iverilog python3 libbenchmark-dev ccache clang-format dataset-fashion-mnist"
  [oracle]="python3 python3-venv nodejs npm"
  [torch]="libtorch-dev libgloo-dev libopenblas0-pthread openmpi-bin dataset-fashion-mnist"
)

missing=()
for name in "$@"; do
  for package in ${sets[$name]:?unknown package set}; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
  done
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "== packages ($*): all installed"
  exit 0
fi
echo "== packages ($*): installing ${missing[*]}"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
