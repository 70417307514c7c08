"""What goes wrong on a cluster, in words that say what to do."""

import json
import re

_MARK = "pomona-failure:"


class Failure(Exception):  # noqa: N818
    """Stops the job: an error code of the core, and one to three lines, "[operation] words"."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        operation, self.words = re.fullmatch(r"(?:\[([^\]]*)\] )?(.*)", text, re.DOTALL).groups()
        self.operation = operation or "spark"


def marked(code: str, text: str) -> RuntimeError:
    """An error that a worker raises, so that the driver finds it in whatever Spark makes of it."""
    return RuntimeError(_MARK + json.dumps([code, text]) + _MARK)


_ENVIRONMENT = (
    "install pomona in the Python of every worker, or ship an environment with --conf spark.archives="
    "environment.tar.gz#environment (docs/guides/spark.md)"
)
# What Spark says, what it means, what to do.
_KNOWN = [
    (
        r"No module named '?(pomona|pyarrow|openvino|numpy|pandas)\b",
        "mismatch",
        "{0} is missing in the Python of a worker",
        _ENVIRONMENT,
    ),
    (
        r"Cannot run program \"([^\"]+)\"",
        "not_found",
        "a worker has no Python at {0}",
        "set PYSPARK_PYTHON to an interpreter that every worker has, or ship one with spark.archives",
    ),
    (
        r"PYTHON_VERSION_MISMATCH|Python in worker has different version",
        "mismatch",
        "the workers' Python has another version than the driver's",
        "set PYSPARK_PYTHON and PYSPARK_DRIVER_PYTHON to the same version of Python",
    ),
    (
        r"beyond the '?(?:PHYSICAL|VIRTUAL)'? memory limit|exceeding (?:physical )?memory limits|OOMKilled"
        r"|exit (?:code|status):? 137|Exit code is 137|MemoryError|bad_alloc|not enough memory",
        "storage",
        "an executor has too little memory beside its JVM",
        "give it more: --conf spark.executor.memoryOverhead={memory} (the line `memory` above says how much)",
    ),
    (
        r"Python worker exited unexpectedly|EOFException",
        "storage",
        "a Python worker died in the middle of a task, each time that the task was tried",
        "mostly it is memory: --conf spark.executor.memoryOverhead={memory}; the executor's stderr says more",
    ),
    (
        r"Could not (?:connect|parse) .*|All masters are unresponsive|Connection refused.*?([\w.-]+:\d+)?",
        "not_found",
        "the master does not answer",
        "check --master, and that the cluster is up",
    ),
]


def explain(error: BaseException, memory: str) -> Failure:
    """What Spark raised, as one to three lines; `memory` is the overhead that executors should have."""
    text = str(error)
    if found := re.search(f"{_MARK}(.*?){_MARK}", text, re.DOTALL):
        return Failure(*json.loads(found.group(1)))
    for pattern, code, cause, advice in _KNOWN:
        if found := re.search(pattern, text):
            words = [word for word in found.groups() if word] or [""]
            return Failure(code, f"[spark] {cause.format(*words)}\n  {advice.format(memory=memory)}")
    first = next((line.strip() for line in text.splitlines() if line.strip()), type(error).__name__)
    return Failure("internal", f"[spark] {type(error).__name__}: {first[:500]}\n  Spark's log says more")
