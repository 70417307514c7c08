"""Spark as an engine of the core: it maps tasks, and watches. What tasks compute is C++ (src/job/tasks.h)."""

import json
import os
import sys
import threading
import time

import pomona
from pomona.spark.failures import Failure, explain
from pomona.spark.tasks import ANSWER, make_task

_POLL = 0.3  # seconds between looks at the counters
_MIB = 1024 * 1024


def _mib(text: str) -> int:
    """A size as Spark writes it: "512m", "1g"; a bare number is MiB."""
    units = {"k": 1 / 1024, "m": 1, "g": 1024, "t": 1024 * 1024}
    text = text.lower().removesuffix("b")
    return int(float(text[:-1]) * units[text[-1]]) if text[-1:] in units else int(text or 0)


class SparkEngine:
    def __init__(self, spark, stop, *, ours: bool) -> None:
        self._spark = spark
        self._stop = stop
        self._ours = ours  # whether close() ends the session
        self._memory = ""
        try:
            self._context = spark.sparkContext
        except Exception:  # Spark Connect: DataFrames only
            self._context = None

    @classmethod
    def open(cls, master: str, conf: list[str], stop) -> "SparkEngine":
        """The session that there is, or a new one."""
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise Failure(
                "not_found",
                f'[spark] {error}\n  install it: `pip install ".[spark]"` in the checkout of Pomona',
            ) from None
        active = SparkSession.getActiveSession()
        if active is not None:
            return cls(active, stop, ours=False)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("pomona").config("spark.ui.showConsoleProgress", "false")
        if master:
            builder = builder.remote(master) if master.startswith("sc://") else builder.master(master)
        for setting in conf:
            key, equals, value = setting.partition("=")
            if not equals:
                raise Failure("usage", f"[options] --conf {setting}: this is no setting\n  give KEY=VALUE")
            builder = builder.config(key, value)
        try:
            spark = builder.getOrCreate()
        except Exception as error:
            raise explain(error, "") from None
        engine = cls(spark, stop, ours=True)
        engine._log("ERROR")
        return engine

    def close(self) -> None:
        if self._ours:
            self._log("OFF")  # executors that speak up after the end would only bury what Pomona said
            self._spark.stop()

    def _log(self, level: str) -> None:
        if self._context and self._spark.conf.get("spark.log.level", None) is None:
            self._context.setLogLevel(level)

    def description(self) -> str:
        where = self._context.master if self._context else "a Spark Connect server"
        return (
            f"Spark {self._spark.version} at {where}: {self.tasks_at_a_time()} tasks at a time, "
            f"spark.task.cpus = {self.threads_per_task()}"
        )

    def threads_per_task(self) -> int:
        return int(self._spark.conf.get("spark.task.cpus", "1"))

    def tasks_at_a_time(self) -> int:
        """What the settings promise, else what there is now."""
        setting = self._spark.conf.get
        instances, cores = setting("spark.executor.instances", None), setting("spark.executor.cores", "1")
        most = setting("spark.dynamicAllocation.maxExecutors", None)
        if setting("spark.dynamicAllocation.enabled", "false") == "true" and most:
            total = int(most) * int(cores)
        elif instances:
            total = int(instances) * int(cores)
        else:
            total = self._context.defaultParallelism if self._context else 2
        return max(1, total // self.threads_per_task())

    def check_memory(self, bytes_per_task: int) -> str:
        """Where executors live in containers that are killed for their memory, it must be enough."""
        setting = self._spark.conf.get
        places = max(1, int(setting("spark.executor.cores", "1")) // self.threads_per_task())
        needed = -(-places * bytes_per_task // _MIB)
        self._memory = f"{needed}m"
        master = setting("spark.master", "")
        if not master.startswith(("yarn", "k8s")):
            return ""
        heap = _mib(setting("spark.executor.memory", "1g"))
        overhead = setting("spark.executor.memoryOverhead", None)
        factor = float(setting("spark.executor.memoryOverheadFactor", "0.1"))
        given = _mib(overhead) if overhead else max(384, int(heap * factor))
        given += _mib(setting("spark.executor.pyspark.memory", "0"))
        if given < needed:
            raise Failure(
                "usage",
                f"[spark] an executor has {given} MiB beside its JVM, and {places} tasks at a time in it need {needed}: "
                f"it would be killed\n  give --conf spark.executor.memoryOverhead={needed}m, or smaller --shard-size",
            )
        return f"memory   {given} MiB beside each executor's JVM; {places} at a time need about {needed} MiB"

    def map(self, title: str, order: str, tasks: int, advance) -> list[str]:
        """Does the tasks, and tells `advance` of photos and rejects as their tasks end."""
        counters = self._counters()
        outcome = []

        def collect():
            try:
                if self._context:
                    self._context.setJobGroup("pomona", f"pomona {title}", interruptOnCancel=True)
                numbers = self._spark.range(0, tasks, 1, tasks)
                task = make_task(order, counters, pomona.__version__)
                outcome.append([row.answer for row in numbers.mapInArrow(task, ANSWER).collect()])
            except Exception as error:
                outcome.append(error)

        job = threading.Thread(target=collect, daemon=True)
        job.start()
        told = [0, 0]
        while job.is_alive():
            job.join(_POLL)
            self._tell(advance, told, [int(counter.value) for counter in counters[:2]])
            if self._stop.stop_requested:
                self._cancel(job)
                raise Failure(
                    "interrupted",
                    f"[spark] stopped in: {title}\n  nothing is lost: give the same command again and it goes on "
                    "from here",
                )
        if isinstance(outcome[0], BaseException):
            raise explain(outcome[0], self._memory) from None
        counts = [json.loads(answer) for answer in outcome[0]]
        self._tell(advance, told, [sum(c["photos"] for c in counts), sum(c["rejects"] for c in counts)])
        return outcome[0]

    def _counters(self) -> list:
        if not self._context:
            return []
        return [self._context.accumulator(zero) for zero in (0, 0, 0, 0.0)]

    @staticmethod
    def _tell(advance, told: list[int], now: list[int]) -> None:
        if now and now[0] > told[0]:
            advance(now[0] - told[0], now[1] - told[1])
            told[:] = now

    def _cancel(self, job) -> None:
        if self._context:
            self._context.cancelJobGroup("pomona")
        else:
            self._spark.interruptAll()
        deadline = time.monotonic() + 30
        while job.is_alive() and time.monotonic() < deadline:
            job.join(_POLL)
