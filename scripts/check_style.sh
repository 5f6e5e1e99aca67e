#!/usr/bin/env bash
# Checks formatting with clang-format; with --tidy also runs clang-tidy over the sources that a build folder compiles.
# Usage: scripts/check_style.sh [--tidy build/release]
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v clang-format >/dev/null; then
  echo "clang-format is not installed (apt-get install clang-format); formatting is not checked"
  exit 77
fi
git ls-files -z 'src/*.?pp' 'tests/*.?pp' 'tools/*.?pp' 'benchmarks/*.?pp' | xargs -0 clang-format --dry-run -Werror
echo "formatting is right"
if [ "${1:-}" = --tidy ]; then
  build="${2:-build/release}"
  # Only what this build folder compiles: without torch, src/qat and tools/train are not in it.
  sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | sed "s|^$PWD/||" | grep -E '^(src|tools)/' | sort -u |
    xargs -n 4 -P "$(nproc)" clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option
  echo "clang-tidy finds nothing"
fi
