#!/usr/bin/env bash
# The main job on a folder of photos, or on a rendered collection, and where to look.
set -euo pipefail

program=$1
photos=${2:-demo/photos}
if [ $# -lt 2 ]; then
  [ -d demo/photos ] || "$program" samples demo/photos
fi
"$program" run "$photos" demo/results ${2:+--overwrite}
cat << END

What to look at:
  demo/results/report.html          the whole collection on one page: open it in a browser
  demo/results/reduced/*.parquet    path, label and the reduced vector of each photo
  demo/results/features/*.parquet   path, label, size, hash and the CNN's features
  demo/results/rejects/*.parquet    what could not be used, and why
  demo/results/predictions/*.parquet   what the classifier says of each photo
  demo/results/bundle               the frozen model: pomona.load_bundle("demo/results/bundle").reduce([...])
  demo/results/run.json             settings, versions, counts
Try:
  $program info demo/results
  $program classify demo/results/bundle "\$(find $photos -name '*.jpg' | head -1)"
  .venv/bin/python -c 'import pandas; print(pandas.read_parquet("demo/results/reduced"))'
END
