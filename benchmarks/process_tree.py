"""Runs a command and measures it with everything it starts: wall time, CPU time, peak memory, first result.

    python process_tree.py RECORD.json [--watch DIR] [--timeout SECONDS] -- COMMAND...

A process of its own, so that the sums are of this command alone. It becomes the reaper of its orphans
(Linux's PR_SET_CHILD_SUBREAPER): daemons, Java gateways and worker pools stay below it whoever started them,
and the CPU time of those that are waited for ends up in its RUSAGE_CHILDREN. A parent that ignores SIGCHLD
(Ray's raylet does) loses its children's times there; so they are sampled too, and the larger sum counts. What
still runs when the command has ended is told to stop.

Memory is the sum of PSS over the tree (pages shared by k processes count 1/k in each), sampled; for one
process alone the kernel's own high-water mark is exact and is used where it is higher.
"""

import argparse
import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
SAMPLE_SECONDS = 0.1
# Walking /proc, and page tables for PSS, takes CPU from what is measured: each no more than this share of one core.
SHARE = 0.02
GRACE_SECONDS = 10
TIMED_OUT = 124  # as timeout(1) says it


def descendants(root):
    """CPU seconds so far of every process below `root`, by (process id, start time), from /proc."""
    children, seconds = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_text()
        except OSError:
            continue  # it has ended
        fields = stat[stat.rindex(")") + 2 :].split()  # the name before may hold spaces and brackets
        process = (int(entry), int(fields[19]))
        children.setdefault(int(fields[1]), []).append(process)
        seconds[process] = (int(fields[11]) + int(fields[12])) / CLOCK_TICKS
    found, queue = {}, [root]
    while queue:
        for process in children.get(queue.pop(), []):
            found[process] = seconds[process]
            queue.append(process[0])
    return found


def pss_bytes(pid):
    try:
        for line in Path("/proc", str(pid), "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it has ended
    return 0


def has_parquet(folder):
    """Whether a committed Parquet file of results lies below the folder: Spark and others write below _temporary
    first, and Pomona's listings (plan, shards) are no results."""
    for path, folders, files in os.walk(folder):
        folders[:] = [
            name for name in folders if not name.startswith(("_", ".")) and name not in {"plan", "shards"}
        ]
        for name in files:
            if (
                name.endswith(".parquet")
                and not name.startswith((".", "_"))
                and os.path.getsize(Path(path, name)) > 0
            ):
                return True
    return False


class Sampler(threading.Thread):
    def __init__(self, watch):
        super().__init__(daemon=True)
        self.watch = watch
        self.start_time = time.perf_counter()
        self.peak_pss = 0
        self.cpu_seconds = {}  # by process; those that have ended keep their last value
        self.peak_processes = 0
        self.first_parquet = None
        self.done = threading.Event()

    def run(self):
        next_walk = next_pss = 0.0
        while not self.done.wait(SAMPLE_SECONDS):
            if self.watch and self.first_parquet is None and has_parquet(self.watch):
                self.first_parquet = time.perf_counter() - self.start_time
            now = time.perf_counter()
            if now < next_walk:
                continue
            cpu = time.thread_time()  # not wall time: on a busy machine samples must not become rare
            processes = self.count_cpu()
            next_walk = now + (time.thread_time() - cpu) / SHARE
            if now < next_pss:
                continue
            cpu = time.thread_time()
            self.peak_pss = max(self.peak_pss, sum(pss_bytes(pid) for pid, _ in processes))
            next_pss = now + (time.thread_time() - cpu) / SHARE

    def count_cpu(self):
        processes = descendants(os.getpid())
        self.cpu_seconds.update(processes)
        self.peak_processes = max(self.peak_processes, len(processes))
        return processes


def reap_all():
    """Stops and waits for every process that the command has left behind."""
    deadline = time.monotonic() + GRACE_SECONDS
    while processes := descendants(os.getpid()):
        signal_number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid, _ in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                break
        time.sleep(0.05)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("record")
    parser.add_argument("--watch")
    parser.add_argument("--timeout", type=float)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("process_tree: the kernel refuses PR_SET_CHILD_SUBREAPER")
    sampler = Sampler(args.watch)
    sampler.start()
    started = time.perf_counter()
    try:
        status = subprocess.call(args.command, timeout=args.timeout)
    except subprocess.TimeoutExpired:
        status = TIMED_OUT  # reap_all() stops what the command has started
    wall = time.perf_counter() - started
    first_parquet = sampler.first_parquet
    if args.watch and first_parquet is None and has_parquet(args.watch):
        first_parquet = wall
    sampler.done.set()
    sampler.join()
    sampler.count_cpu()
    reap_all()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    record = {
        "status": status,
        "wall_seconds": wall,
        "cpu_seconds": max(usage.ru_utime + usage.ru_stime, sum(sampler.cpu_seconds.values())),
        "peak_memory_bytes": max(sampler.peak_pss, usage.ru_maxrss * 1024),
        "peak_processes": sampler.peak_processes,
        "first_parquet_seconds": first_parquet,
    }
    Path(args.record).write_text(json.dumps(record))
    sys.exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main()
