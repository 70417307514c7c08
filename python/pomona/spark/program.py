"""The program ``pomona`` in this process, so that it can use Spark: command line, TOML and messages are the same."""

import signal
import sys
import threading

from pomona import _core


def main(arguments: list[str] | None = None) -> None:
    """Do what the arguments say, and exit with the program's status.

    For ``spark-submit``: without a command before SOURCE and OUT, it is ``run --engine spark``.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] != ["run"]:
        arguments = ["run", *arguments]
    if not any(word == "--engine" or word.startswith("--engine=") for word in arguments):
        arguments += ["--engine", "spark"]
    sys.exit(_run(arguments))


def _run(arguments: list[str]) -> int:
    """The job in a second thread, so that this one hears Ctrl-C: Python tells signals to the first thread alone."""
    stop = _core.StopSource()
    received = []

    def on_signal(number, _frame):
        if received:
            raise SystemExit(128 + number)
        received.append(number)
        stop.request_stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    opened = []

    def open_engine(master, conf):
        from pomona.spark.engine import SparkEngine

        opened.append(SparkEngine.open(master, conf, stop))
        return opened[-1]

    status = []
    job = threading.Thread(
        target=lambda: status.append(_core.run_program(arguments, stop, open_engine)), daemon=True
    )
    job.start()
    while job.is_alive():
        job.join(0.2)
    for engine in opened:
        engine.close()
    return 128 + received[0] if received and status[0] not in (0, 3) else status[0]
