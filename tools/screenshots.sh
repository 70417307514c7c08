#!/usr/bin/env bash
# Pictures of the real report: screenshots into build/screenshots, drawings for the documentation into docs/pictures.
#   tools/screenshots.sh [PHOTOS]      the folder to report on; else the Fruits-360 photographs of ../shared
set -euo pipefail
root=$(realpath "$(dirname "$0")/..")
cd "$root"
make -s setup
export PATH=$root/.venv/bin:$PATH
photos=${1:-$(python -c 'import sys; sys.path.insert(0, "tests"); import conftest; print(conftest.unpack("fruits-360-33.tar.gz"))')/fruits-360-33/Training}
out=build/screenshots/run
.venv/bin/pomona run "$photos" "$out"
cd web/report
[ -d node_modules ] || npm ci --no-audit --no-fund --loglevel=error
node tools/screenshots.mjs "$root/$out/report.html" "$root/build/screenshots" --docs "$root/docs/pictures"
echo "screenshots: build/screenshots; drawings: docs/pictures"
