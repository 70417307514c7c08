"""Runs a command on a Spark cluster of its own: a master and two workers with one core each on this machine.

    python benchmarks/on_cluster.py [--peak] VERSION -- COMMAND... ({master} in it stands for the cluster)

Prints the command's output, then one JSON object: what the command's last line said, and with --peak the driver's
peak memory. Looking at it costs some CPU time, so not where that is measured.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import last_json_line
from process_tree import descendants, pss_bytes

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/spark"))

from clusters import cluster_of, environment  # noqa: E402

SAMPLE_SECONDS = 0.5


def watch(process):
    """Peak of the summed PSS of the process and all below it."""
    peak = 0
    while process.poll() is None:
        pids = [process.pid, *(pid for pid, _ in descendants(process.pid))]
        peak = max(peak, sum(pss_bytes(pid) for pid in pids))
        time.sleep(SAMPLE_SECONDS)
    return peak


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--peak", action="store_true")
    parser.add_argument("version")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, cluster_of(args.version, Path(folder)) as cluster:
        words = [word.replace("{master}", cluster.master) for word in args.command]
        with tempfile.TemporaryFile("w+") as out:
            process = subprocess.Popen(words, env=environment(args.version), stdout=out)
            peaks = {"driver_peak_bytes": watch(process)} if args.peak else {}
            process.wait()
            out.seek(0)
            text = out.read()
    sys.stdout.write(text)
    print(json.dumps(last_json_line(text) | peaks), flush=True)
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
