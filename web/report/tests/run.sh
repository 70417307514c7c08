#!/usr/bin/env bash
# The report in Debian's Chromium, without a network: real reports of real photos first, then the tests.
#   run.sh BIN      the folder of the virtual environment that has the program, Python and Node
set -euo pipefail
bin=$(realpath "$1")
here=$(realpath "$(dirname "$0")/..")
root=$(realpath "$here/../..")
export PATH=$bin:$PATH
export POMONA_REPORT_TEMPLATE=$root/build/release/report/template.html
export POMONA_REPORTS=$root/build/report-tests
cd "$here"
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
python tests/make_reports.py "$POMONA_REPORTS"
node --test --test-concurrency=1 "tests/*.test.mjs"
