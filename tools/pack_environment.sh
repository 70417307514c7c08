#!/usr/bin/env bash
# The environment that Spark carries to its workers: Pomona and what it needs, and nothing else, so that unpacking it on
# a node takes seconds (on YARN every file costs a change of rights).
#   tools/pack_environment.sh ARCHIVE.tar.gz [WHEEL or requirement, default: pomona]
# Use it with --conf spark.archives=ARCHIVE.tar.gz#environment and PYSPARK_PYTHON=./environment/bin/python.
set -euo pipefail
archive=$1
package=${2:-pomona}
python=${PYTHON:-python3.11}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" -m venv "$scratch/environment"
bin=$scratch/environment/bin
"$bin/python" -m pip install --quiet --disable-pip-version-check "$package" pandas
"$bin/python" -m pip install --quiet --disable-pip-version-check venv-pack==0.2.0 setuptools==80.9.0
# Tests, headers and caches of the packages, and the tools that built the environment.
site=$("$bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
find "$site" -type d \( -name tests -o -name test -o -name include -o -name __pycache__ \) -prune -exec rm -rf {} +
PYTHONDONTWRITEBYTECODE=1 "$bin/python" -m venv_pack --prefix "$scratch/environment" --output "$archive" --force \
  --exclude '*/site-packages/pip*' --exclude '*/site-packages/setuptools*' --exclude '*/site-packages/venv_pack*' \
  --exclude '*/site-packages/_distutils_hack*' --exclude '*/site-packages/pkg_resources*' --exclude '*/__pycache__/*'
echo "$archive: $(tar -tzf "$archive" | wc -l) files, $(du -h "$archive" | cut -f1)"
