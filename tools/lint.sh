#!/usr/bin/env bash
# clang-format, ruff and clang-tidy over everything that is ours. clang-tidy looks again only at files that changed, or
# whose headers did.
#   tools/lint.sh BIN [checks]    checks: added to those of .clang-tidy; -clang-analyzer-* leaves out the static analyser
set -euo pipefail

bin=$1
checks=${2:-}
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-2}
stamps=build/stamps/tidy
mkdir -p "$stamps"

mapfile -t sources < <(find src include python tests fuzz examples benchmarks \( -name '*.cpp' -o -name '*.h' \) | sort)
"$bin/clang-format" --dry-run --Werror "${sources[@]}"
"$bin/ruff" check --quiet .
"$bin/ruff" format --quiet --check .

export headers
headers=$(cat .clang-tidy $(find src include python -name '*.h' | sort) <(echo "$checks") | sha256sum)
# Without the analyser, clang-tidy also shows what libstdc++ 12 itself does with names that it deprecates.
tidy_one() {
  local stamp=$2/${1//\//_}.ok
  local state
  state="$headers $(sha256sum < "$1")"
  [ "$(cat "$stamp" 2> /dev/null)" != "$state" ] || return 0
  "$3/clang-tidy" -p build/release --quiet --checks="$4" --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-deprecated-declarations "$1" 2> /dev/null || return 1
  echo "$state" > "$stamp"
}
export -f tidy_one
find src python -name '*.cpp' | sort |
  xargs -P "$jobs" -I{} bash -c 'tidy_one "$1" "$2" "$3" "$4"' tidy {} "$stamps" "$bin" "$checks"
echo "lint: clang-format, ruff and clang-tidy find nothing"
