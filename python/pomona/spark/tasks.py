"""The function that Spark maps over task numbers."""

import json

import pyarrow as pa

ANSWER = "answer string"  # Spark's schema of what comes back: one row a task

_runner = None  # (order, TaskRunner): one network a Python worker, kept from task to task


def make_task(order: str, counters: list, version: str):
    """A function for mapInArrow. It travels by value, so that a worker without Pomona can say so."""

    def task(batches):
        import socket
        import sys

        from pyspark import TaskContext

        def failure(code, text):
            mark = "pomona-failure:"
            return RuntimeError(mark + json.dumps([code, text]) + mark)

        host = socket.gethostname()
        try:
            import pomona
        except ImportError as error:
            raise failure(
                "mismatch",
                f"[spark] worker {host}: {error}: its Python ({sys.executable}) has no Pomona\n  install pomona "
                f"{version} there, or ship an environment with --conf spark.archives=environment.tar.gz#environment",
            ) from None
        if pomona.__version__ != version:
            raise failure(
                "mismatch",
                f"[spark] worker {host}: it has Pomona {pomona.__version__}, the driver has Pomona {version}\n"
                "  install the driver's version on every worker, or ship one environment to all of them",
            )
        from pomona.spark import tasks

        attempt = TaskContext.get().attemptNumber()
        try:
            yield from tasks.run(order, counters, batches, f"attempt {attempt} on {host}")
        except pomona.Error as error:
            raise failure(error.code, f"{error}\n  (task on worker {host})") from None
        except MemoryError:
            raise failure("storage", f"[spark] worker {host}: there is not enough memory") from None

    return task


def run(order: str, counters: list, batches, where: str):
    """The answers of the tasks whose positions stand in `batches`."""
    from pomona import _core

    global _runner
    for batch in batches:
        for position in batch.column(0).to_pylist():
            if _runner is None or _runner[0] != order:
                _runner = None  # the older network goes first
                _runner = (order, _core.TaskRunner(order))
            answer = _runner[1].run(position)
            counts = json.loads(answer)
            for counter, name in zip(counters, ("photos", "rejects", "bytes", "seconds"), strict=False):
                counter.add(counts[name])
            yield pa.RecordBatch.from_pydict({"answer": pa.array([answer], pa.string())})
