#!/usr/bin/env bash
# Checks formatting with clang-format; with --tidy also runs clang-tidy over a build folder's compile commands.
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
  git ls-files -z 'src/*.cpp' 'tools/bitmason/*.cpp' | xargs -0 -n 4 -P "$(nproc)" clang-tidy -p "${2:-build/release}" --quiet
  echo "clang-tidy finds nothing"
fi
