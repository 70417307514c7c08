"""The harness of all benchmarks: cases, interleaved runs, medians.

A case is a command; run_cases() runs every case once, then every case again, so that a busy minute of the
machine falls on all of them and not on one. Each run is measured with everything it starts (process_tree.py).
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

TIMED_OUT = 124  # process_tree.py's exit status
HERE = Path(__file__).resolve().parent


@dataclass
class Case:
    """`{out}` in the command stands for a folder that is new to every run and removed after it."""

    name: str
    command: list[str]
    group: str = ""  # rows of one group are compared with each other
    photos: int = 0  # units of work, for the rates; 0: what the command's JSON line says
    environment: dict[str, str] = field(default_factory=dict)
    note: str = ""
    timeout: float = 3600
    # Exit status 3 of `pomona` says "done, with many rejects": a result too.
    accepted: tuple[int, ...] = (0,)


@dataclass
class Run:
    wall_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    peak_processes: int
    first_parquet_seconds: float | None
    photos: int
    reported: dict  # the command's own last line, where it is JSON


@dataclass
class Result:
    case: Case
    runs: list[Run] = field(default_factory=list)
    failure: str = ""

    def median(self, quantity):
        values = [getattr(run, quantity) for run in self.runs if getattr(run, quantity) is not None]
        return statistics.median(values) if values else None

    @property
    def photos_per_second(self):
        return self.runs[0].photos / self.median("wall_seconds") if self.runs else 0.0

    @property
    def photos_per_cpu_second(self):
        return self.runs[0].photos / self.median("cpu_seconds") if self.runs else 0.0

    def record(self):
        """Everything, as it goes into the JSON file."""
        return {
            "case": asdict(self.case),
            "runs": [asdict(run) for run in self.runs],
            "failure": self.failure,
            "median": {
                name: self.median(name)
                for name in ("wall_seconds", "cpu_seconds", "peak_memory_bytes", "first_parquet_seconds")
            }
            | {
                "photos_per_second": self.photos_per_second,
                "photos_per_cpu_second": self.photos_per_cpu_second,
            },
        }


class RunError(Exception):
    pass


def last_json_line(text):
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                return json.loads(line)
            except ValueError:
                return {}
    return {}


def run_once(case, work):
    """Runs a case once. `work`: the folder for its output, log and record. Throws RunError with the log's
    end."""
    out = Path(tempfile.mkdtemp(prefix="run-", dir=work))
    target, record, log = out / "out", out / "record.json", out / "log.txt"
    command = [part.replace("{out}", str(target)) for part in case.command]
    launcher = [sys.executable, str(HERE / "process_tree.py"), str(record)]
    launcher += ["--watch", str(target), "--timeout", str(case.timeout), "--", *command]
    try:
        with log.open("w") as stderr:
            done = subprocess.run(
                launcher,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=os.environ | case.environment,
                text=True,
                check=False,
            )
        if done.returncode == TIMED_OUT:
            raise RunError(f"no end after {case.timeout:.0f} s")
        if done.returncode not in case.accepted or not record.exists():
            tail = "\n".join((log.read_text() + done.stdout).splitlines()[-15:])
            raise RunError(f"exit status {done.returncode}\n{tail}")
        reported = last_json_line(done.stdout)
        measured = json.loads(record.read_text())
        measured.pop("status")
        if case.photos and int(reported.get("photos", case.photos)) != case.photos:
            raise RunError(f"worked on {reported['photos']} photos, not on {case.photos}")
        return Run(**measured, photos=case.photos or int(reported.get("photos", 0)), reported=reported)
    finally:
        shutil.rmtree(out, ignore_errors=True)


def run_cases(cases, repeats, work, log=print):
    """Round after round of all cases; a case that fails is left out of later rounds. Returns results in the
    cases' order."""
    work.mkdir(parents=True, exist_ok=True)
    results = [Result(case) for case in cases]
    for repeat in range(repeats):
        for result in results:
            if result.failure:
                continue
            try:
                run = run_once(result.case, work)
            except RunError as failure:
                result.failure = str(failure)
                log(f"round {repeat + 1}: {result.case.name}: failed: {failure}")
                continue
            result.runs.append(run)
            log(
                f"round {repeat + 1}: {result.case.name}: {run.wall_seconds:.1f} s, "
                f"{run.cpu_seconds:.1f} CPU-s, {run.photos / run.wall_seconds:.0f} photos/s, "
                f"{run.peak_memory_bytes / 1e6:.0f} MB"
            )
    return results
