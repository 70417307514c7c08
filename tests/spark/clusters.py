"""A real Spark standalone cluster on this machine, for the tests and for benchmarks/spark.py."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# pip's package holds all of Spark, without start scripts. EMR 7 runs 3.5.6; 4.3.0 is the current one.
VERSIONS = {"3.5.6": "py4j==0.10.9.7", "4.3.0": "py4j==0.10.9.9"}


def spark_package(version: str) -> Path:
    """A folder for PYTHONPATH with this PySpark and nothing else, installed once."""
    folder = ROOT / "build" / "spark" / version
    if not (folder / "pyspark" / "jars").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(
            [*pip, "--target", str(folder), f"pyspark=={version}", VERSIONS[version]], check=True, timeout=900
        )
    return folder


def environment(version: str, **more: str) -> dict[str, str]:
    """For drivers and servers: this Spark, this machine, the Python that has Pomona."""
    package = spark_package(version)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYSPARK", "SPARK"))},
        "SPARK_HOME": str(package / "pyspark"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_PUBLIC_DNS": "127.0.0.1",
        "PYTHONPATH": str(package),
        "PYSPARK_PYTHON": sys.executable,
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, what: str, seconds: float = 120):
    """What `condition` returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


def children(pid: int) -> list[int]:
    """Every process below `pid`, nearest first."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *children(child)]
    return found


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


class Cluster:
    """Master and workers, started as an administrator would, by `spark-class`."""

    def __init__(self, version: str, folder: Path, python: str = sys.executable, workers: int = 2) -> None:
        self.version = version
        self.folder = folder
        self.python = python
        self.port, self.page = free_port(), free_port()
        self.master = f"spark://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen] = []
        self._start(
            "master.Master", "--host", "127.0.0.1", "--port", str(self.port), "--webui-port", str(self.page)
        )
        wait_for(self._state, "Spark's master answers")
        for _ in range(workers):
            self.add_worker()
        wait_for(lambda: self.alive() == workers, "Spark's workers are there")

    def add_worker(self) -> subprocess.Popen:
        arguments = [
            "--host",
            "127.0.0.1",
            "--cores",
            "1",
            "--memory",
            "1g",
            "--webui-port",
            str(free_port()),
        ]
        return self._start("worker.Worker", *arguments, "--work-dir", str(self.folder / "work"), self.master)

    def _start(self, name: str, *arguments: str) -> subprocess.Popen:
        variables = environment(self.version, PYSPARK_PYTHON=self.python, SPARK_DAEMON_MEMORY="256m")
        log = (self.folder / f"{name}-{len(self.processes)}.log").open("wb")
        spark_class = Path(variables["SPARK_HOME"]) / "bin" / "spark-class"
        process = subprocess.Popen(
            [spark_class, f"org.apache.spark.deploy.{name}", *arguments],
            env=variables,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def _state(self) -> dict:
        with suppress(OSError, ValueError):
            return json.load(urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5))
        return {}

    def alive(self) -> int:
        return sum(worker["state"] == "ALIVE" for worker in self._state().get("workers", []))

    def executors(self) -> list[int]:
        """Processes of executors, on all workers."""
        pids = {pid for process in self.processes for pid in children(process.pid)}
        return [pid for pid in pids if "CoarseGrainedExecutorBackend" in command_of(pid)]

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            process.wait(30)


@contextmanager
def cluster_of(version: str, folder: Path, **settings):
    cluster = Cluster(version, folder, **settings)
    try:
        yield cluster
    finally:
        cluster.stop()
