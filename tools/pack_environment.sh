#!/usr/bin/env bash
# A Python environment with Pomona in one archive, which Spark ships to workers that have none.
#   tools/pack_environment.sh PYTHON WHEEL FILE.tar.gz    WHEEL: what pip installs, of tools/portable_wheel.sh or an index
# Workers need an interpreter of the same version at PYTHON's real path, and nothing else (docs/guides/spark.md).
set -euo pipefail
python=$1
wheel=$2
file=$3
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
pip=("$python" -m pip --quiet --disable-pip-version-check)

"$python" -m venv --without-pip "$scratch/environment"
"${pip[@]}" --python "$scratch/environment" install "$wheel" 'pandas>=2.2'
# What workers never open: tests, C headers, compiled Python, drivers of devices that are no CPU.
site=$(echo "$scratch"/environment/lib/python3*/site-packages)
find "$site" -depth -type d \( -name tests -o -name include -o -name __pycache__ \) -exec rm -rf {} +
rm -f "$site"/openvino/libs/libopenvino_intel_{gpu,npu}_plugin.so "$site"/openvino/libs/cache.json
# venv-pack 0.2.0 needs pkg_resources, which later setuptools lack.
"${pip[@]}" install --target "$scratch/tools" venv-pack==0.2.0 setuptools==80.9.0
PYTHONPATH=$scratch/tools "$python" -m venv_pack --quiet --force --compress-level 1 -p "$scratch/environment" -o "$file"
