"""S3 against the local disk, and the listing of a million keys.

    python benchmarks/s3.py [--photos DIR] [--limit 4000] [--repeats 3] [--keys 1000000] [--latency 0.02]

Photos lie on a MinIO that the script starts (tests/s3/servers.py). It and the proxy in Python that delays every answer
of the latency rows would be other machines, so they have half of the cores and the client the other half, in all rows
(--together: all on all cores; then wall time is what the servers leave over). Rounds of all rows, medians. Writes
build/bench/s3.json and prints a table.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import photos as photos_module

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from s3.fault_proxy import FaultProxy  # noqa: E402
from s3.servers import Minio, free_port, upload  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photos", type=Path, help="folder of photos; default: Fruits-360-33 Training")
    parser.add_argument("--limit", type=int, default=4000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--latency", type=float, default=0.02, help="seconds")
    parser.add_argument("--together", action="store_true", help="client and servers on the same cores")
    parser.add_argument("--pomona", type=Path, default=ROOT / ".venv/bin/pomona")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench")
    return parser.parse_args()


def measured(command, environment, cores=None):
    """Wall and CPU seconds, and peak memory in bytes, of one process; on these cores alone, if any are named."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=(lambda: os.sched_setaffinity(0, cores)) if cores else None,
    )
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = max(
                peak, next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
            )
        except (OSError, StopIteration):
            pass
        time.sleep(0.02)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert process.returncode in (0, 1), process.returncode
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "peak": peak * 1024, "status": process.returncode}


def rounds(args, rows, cores):
    runs = {name: [] for name, *_ in rows}
    for number in range(args.repeats):
        for name, command, environment in rows if number % 2 == 0 else rows[::-1]:
            out = Path(tempfile.mkdtemp(dir=args.out))
            runs[name].append(measured([*command[:3], out / "out", *command[3:]], environment, cores))
            shutil.rmtree(out)
    return runs


def summary(runs, photos):
    table = {}
    for name, of_row in runs.items():
        wall, cpu = (statistics.median(run[key] for run in of_row) for key in ("wall", "cpu"))
        table[name] = {"photos_per_second": photos / wall, "photos_per_cpu_second": photos / cpu,
                       "peak_memory_bytes": max(run["peak"] for run in of_row), "runs": of_row}  # fmt: skip
    return table


def listing(args):
    """Start-up, listing and planning: the job ends when the stub refuses the first photos."""
    port = free_port()
    command = [sys.executable, ROOT / "benchmarks/s3_listing_stub.py", str(port), str(args.keys), "100"]
    stub = subprocess.Popen(command, stdout=subprocess.PIPE)
    stub.stdout.readline()
    out = Path(tempfile.mkdtemp(dir=args.out))
    try:
        flags = ["--s3-endpoint", f"http://127.0.0.1:{port}", "--s3-anonymous", "--quiet"]
        one = measured([args.pomona, "extract", "s3://photos/all", out / "out", *flags], dict(os.environ))
        assert len(list((out / "out" / "plan").glob("part-*"))) == 64, "the plan was not written"
        return one | {"keys": args.keys, "keys_per_second": args.keys / one["wall"]}
    finally:
        stub.kill()
        shutil.rmtree(out)


def main():
    args = arguments()
    args.photos = args.photos or photos_module.default_folder(ROOT)
    args.out.mkdir(parents=True, exist_ok=True)
    folder, count = photos_module.choose(args.photos, args.limit, args.out)
    every = sorted(os.sched_getaffinity(0))
    client = None if args.together or len(every) < 2 else set(every[: len(every) // 2])
    if client:
        os.sched_setaffinity(0, set(every) - client)  # what is started from here on, too
    with tempfile.TemporaryDirectory() as data:
        store = Minio(Path(data)).start()
        try:
            boto = store.client()
            boto.create_bucket(Bucket="photos")
            upload(boto, folder, "photos", "bench")
            subprocess.run(
                [args.pomona, "pack", folder, "s3://photos/packed", "--quiet"],
                env=store.environment(),
                check=True,
            )
            far = FaultProxy(store.port, latency=args.latency)
            flags = ["--quiet", "--json"]
            here, there = store.environment(), store.environment(endpoint=far.endpoint)
            rows = [
                ("local", [args.pomona, "extract", folder, *flags], here),
                ("S3, loose objects", [args.pomona, "extract", "s3://photos/bench", *flags], here),
                ("S3, packed", [args.pomona, "extract", "s3://photos/packed", *flags], here),
                (f"S3, packed, {args.latency * 1000:.0f} ms away", [args.pomona, "extract", "s3://photos/packed", *flags], there),
                (f"S3, loose, {args.latency * 1000:.0f} ms away", [args.pomona, "extract", "s3://photos/bench", *flags, "--s3-concurrency", "128"], there),
            ]  # fmt: skip
            table = summary(rounds(args, rows, client), count)
            far.close()
        finally:
            store.stop()
    os.sched_setaffinity(0, every)
    table["listing"] = listing(args)
    table["cores"] = {"client": sorted(client or every), "servers": sorted(set(every) - (client or set()))}
    (args.out / "s3.json").write_text(json.dumps(table, indent=2) + "\n")
    local = table["local"]
    print(f"{'':28} photos/s  of local   photos/CPU-s  of local   peak memory")
    for name, row in table.items():
        if name in {"listing", "cores"}:
            continue
        print(
            f"{name:28} {row['photos_per_second']:8.0f} {row['photos_per_second'] / local['photos_per_second']:9.1%}"
            f" {row['photos_per_cpu_second']:14.0f} {row['photos_per_cpu_second'] / local['photos_per_cpu_second']:9.1%}"
            f" {row['peak_memory_bytes'] / 1e6:10.0f} MB"
        )
    found = table["listing"]
    print(f"listing and planning {found['keys']:,} keys: {found['keys_per_second']:,.0f} keys/s, "
          f"{found['cpu']:.1f} CPU-s, peak {found['peak'] / 1e6:.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
