"""The answer does not depend on how it was computed."""

import random
import signal
import subprocess
import time

import numpy as np
import pandas as pd
import pytest

from conftest import PROGRAM, assert_same_results, link_photos, pomona, sample

KILLS = 20


@pytest.fixture(scope="module")
def photos(fruits, tmp_path_factory):
    source = link_photos(sample(fruits / "Training", 900), fruits, tmp_path_factory.mktemp("photos"))
    (source / "Training" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    (source / "Training" / "text.jpg").write_text("no picture")
    return source


@pytest.mark.parametrize("precision", ["int8", "f32"])
def test_threads_and_interruptions_leave_no_trace(photos, tmp_path, precision):
    settings = ["--precision", precision, "--shard-size", 64, "--quiet"]
    pomona("run", photos, tmp_path / "one", *settings, "--threads", 1)
    pomona("run", photos, tmp_path / "two", *settings, "--threads", 2)
    assert_same_results(tmp_path / "one", tmp_path / "two")

    out = tmp_path / "killed"
    committed = run_with_kills([PROGRAM, "run", photos, out, *map(str, settings)], out)
    assert_same_results(tmp_path / "one", out)
    # No shard that was committed before the last kill was written again after it.
    for record, written in committed.items():
        assert (out / "shards" / record).stat().st_mtime_ns == written


def run_with_kills(command: list, out) -> dict[str, int]:
    """Kill the command at random moments, then let it end. Returns the records that stood after the last kill."""
    chance = random.Random(7)
    kills = 0
    while kills < KILLS:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.02, 1.2))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            kills += 1
        elif kills < KILLS:  # it had ended: start anew, for more moments to be killed at
            (out / "run.json").unlink()
            for record in chance.sample(sorted((out / "shards").glob("*.json")), 6):
                record.unlink()
    committed = {path.name: path.stat().st_mtime_ns for path in (out / "shards").glob("*.json")}
    subprocess.run(command, check=True, capture_output=True)
    return committed


def vectors(out) -> dict[str, np.ndarray]:
    table = pd.read_parquet(out / "features")
    return dict(zip(table["path"], table["features"], strict=True))


@pytest.mark.parametrize("precision", ["int8", "f32"])
def test_features_do_not_depend_on_the_shards(photos, tmp_path, precision):
    for size in (256, 4096):
        pomona(
            "extract", photos, tmp_path / str(size), "--precision", precision, "--shard-size", size, "--quiet"
        )
    small, large = vectors(tmp_path / "256"), vectors(tmp_path / "4096")
    assert small.keys() == large.keys()
    assert len(small) == 900
    assert all(np.array_equal(small[path], large[path]) for path in small)


def test_stages_alone_give_what_the_run_gives(photos, tmp_path):
    pomona("run", photos, tmp_path / "run", "--quiet")
    pomona("extract", photos, tmp_path / "stages", "--quiet")
    pomona("fit", tmp_path / "stages", "--quiet")
    pomona("reduce", tmp_path / "stages", "--quiet")
    pomona("train", tmp_path / "stages", "--quiet")
    assert_same_results(tmp_path / "run", tmp_path / "stages")
    assert (tmp_path / "stages" / "run.json").exists()


def test_a_changed_source_gives_the_bytes_of_a_fresh_run(photos, fruits, tmp_path):
    source = link_photos(sample(fruits / "Training", 300), fruits, tmp_path / "source")
    pomona("run", source, tmp_path / "grown", "--shard-size", 32, "--quiet")
    removed = sample(source, 5, seed=3)
    for photo in removed:
        photo.unlink()
    link_photos(sample(fruits / "Test", 10), fruits, source)
    again = pomona("run", source, tmp_path / "grown", "--shard-size", 32, "--quiet", "--json").json
    assert again["photos"] == 305
    assert 0 < again["extracted"] < 305
    pomona("run", source, tmp_path / "fresh", "--shard-size", 32, "--quiet")
    assert_same_results(tmp_path / "fresh", tmp_path / "grown")


def test_a_run_that_has_ended_does_nothing(photos, tmp_path):
    pomona("run", photos, tmp_path / "out", "--quiet")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("part-*.parquet")}
    before = {path: time for path, time in before.items() if "plan" not in path.parts}
    again = pomona("run", photos, tmp_path / "out", "--quiet", "--json").json
    assert again["extracted"] == 0
    assert again["rows"] == 900
    assert again["components"] > 0
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
