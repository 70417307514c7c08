"""Whatever dies in the middle of a run: the same bytes, and no committed shard is inferred again."""

import os
import re
import signal

import pytest

from conftest import assert_same_results, pomona

from .clusters import wait_for
from .conftest import DAMAGED, committed, emr_version, on_spark, start

pytestmark = emr_version
SETTINGS = [
    "--precision",
    "f32",
    "--size",
    "160",
    "--shard-size",
    "32",
]  # slow enough to be caught in the middle


@pytest.fixture(scope="module")
def expected(photos, tmp_path_factory):
    out = tmp_path_factory.mktemp("expected") / "out"
    pomona("run", photos, out, *SETTINGS, "--quiet", "--no-report")
    return out


def finish(process, log) -> str:
    assert process.wait(600) == 0, log.read_text()
    return log.read_text()


def assert_complete(expected, out, before: dict[str, int], text: str) -> None:
    assert_same_results(expected, out)
    after = committed(out)
    assert {name: after[name] for name in before} == before  # none of them was written again
    photos, rows, rejects = map(int, re.search(r"(\d+) photos = (\d+) rows \+ (\d+) rejects", text).groups())
    assert rows + rejects == photos
    assert rejects == DAMAGED


def test_a_worker_and_its_executor_are_killed(cluster, photos, expected, tmp_path):
    out, log = tmp_path / "out", tmp_path / "log"
    process = start(cluster, on_spark(cluster, photos, out, *SETTINGS, "--no-report"), log)
    wait_for(lambda: len(committed(out)) >= 3, "the first shards are committed", 300)
    worker = cluster.processes[-1]
    victims = [pid for pid in cluster.executors() if os.getpgid(pid) == worker.pid]
    assert victims
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    os.killpg(worker.pid, signal.SIGKILL)
    before = committed(out)
    assert not (out / "run.json").exists()
    cluster.processes.remove(worker)
    cluster.add_worker()
    assert_complete(expected, out, before, finish(process, log))


def test_the_driver_is_killed_and_started_again(cluster, photos, expected, tmp_path):
    out, log = tmp_path / "out", tmp_path / "log"
    command = on_spark(cluster, photos, out, *SETTINGS, "--no-report")
    process = start(cluster, command, log)
    wait_for(lambda: len(committed(out)) >= 3, "the first shards are committed", 300)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = committed(out)
    assert not (out / "run.json").exists()
    text = finish(start(cluster, command, log), log)
    assert_complete(expected, out, before, text)
    kept, shards, which = re.search(
        r"extract  (\d+) of (\d+) shards are already there \(([-\d, ]+)\)", text
    ).groups()
    assert len(before) <= int(kept) < int(shards)
    ends = [list(map(int, part.split("-"))) for part in which.split(", ")]
    told = {number for part in ends for number in range(part[0], part[-1] + 1)}
    assert {int(name.removesuffix(".json")) for name in before} <= told
    assert len(told) == int(kept)


def test_a_task_fails_twice_and_then_works(cluster, photos, expected, tmp_path):
    out, log = tmp_path / "out", tmp_path / "log"
    obstacle = out / "features" / "part-00003.parquet"  # a folder where a part belongs: the write fails
    obstacle.mkdir(parents=True)
    # A folder that holds something by a dataset's names is refused otherwise.
    flags = ["--no-report", "--overwrite", "--conf", "spark.task.maxFailures=1000"]
    process = start(cluster, on_spark(cluster, photos, out, *SETTINGS, *flags), log)

    def failures():
        logs = [stderr.read_text() for stderr in cluster.folder.glob("work/app-*/*/stderr")]
        return sum(text.count("part-00003.parquet: Is a directory") for text in logs)

    wait_for(lambda: failures() >= 2, "the task failed twice", 300)
    obstacle.rmdir()
    assert_complete(expected, out, {}, finish(process, log))
