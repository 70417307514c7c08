"""Collections that change: the bytes of a fresh run, and only what changed is inferred."""

import json
import os
import random
import signal
import subprocess
import time

import pandas as pd
import pytest

from conftest import NATIVE, PROGRAM, assert_same_results, link_photos, pomona, result_bytes, sample

SETTINGS = ["--size", 64, "--shard-size", 16, "--components", 8, "--no-report", "--quiet"]
KILLS = 12


def run(source, out, *flags, **options):
    return pomona("run", source, out, *SETTINGS, "--json", *flags, **options).json


def files(folder) -> dict:
    """Every file and when it was written."""
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


@pytest.fixture
def source(fruits, tmp_path):
    """120 photos in 8 shards, two of them damaged; copies, so that they can be changed."""
    source = tmp_path / "source"
    for number, photo in enumerate(sample(fruits / "Training", 118)):
        target = source / photo.parent.name / f"{number}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(photo.read_bytes())
    (source / "text.jpg").write_text("no picture")
    (source / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    return source


def change(source, fruits, more: int) -> dict:
    """Removes, changes and adds photos; the account of it."""
    photos = sorted(source.rglob("*/*.jpg"))
    chance = random.Random(11)
    picked = chance.sample(photos, 12)
    for photo in picked[:7]:
        photo.unlink()
    for photo in picked[7:]:  # another picture under the same name
        photo.write_bytes(picked[8].read_bytes() + bytes([len(photo.name)]))
    link_photos(sample(fruits / "Test", more, seed=3), fruits, source)
    (source / "also.jpg").write_text("no picture either")
    return {"new": more + 1, "changed": 5, "removed": 7, "kept": 120 - 12}


@pytest.mark.parametrize(("more", "shards"), [(10, 8), (150, 32), (0, 8)])
def test_a_changed_source_gives_a_fresh_run_and_infers_what_changed(source, fruits, tmp_path, more, shards):
    run(source, tmp_path / "grown")
    expected = change(source, fruits, more)

    before = files(tmp_path)
    said = run(source, tmp_path / "grown", "--dry-run")
    assert {name: said[name] for name in expected} == expected
    assert files(tmp_path) == before

    again = run(source, tmp_path / "grown")
    assert again["photos"] == said["photos"] == 120 - 7 + more + 1
    assert again["extracted"] == said["to_infer"] == expected["new"] + expected["changed"]
    run(source, tmp_path / "fresh")
    assert_same_results(tmp_path / "fresh", tmp_path / "grown")
    assert len(list((tmp_path / "grown" / "features").iterdir())) == shards
    assert not (tmp_path / "grown" / "previous").exists()
    assert run(source, tmp_path / "grown")["extracted"] == 0


def test_a_source_that_shrinks_needs_no_inference(source, tmp_path):
    run(source, tmp_path / "out")
    for photo in sorted(source.rglob("*/*.jpg"))[20:]:
        photo.unlink()
    assert run(source, tmp_path / "out")["extracted"] == 0
    run(source, tmp_path / "fresh")
    assert_same_results(tmp_path / "fresh", tmp_path / "out")
    assert len(list((tmp_path / "out" / "features").iterdir())) == 2


def test_other_labels_need_no_inference(source, tmp_path):
    labels = tmp_path / "labels.csv"
    paths = sorted(str(photo.relative_to(source)) for photo in source.rglob("*.jpg"))

    def label(name):
        labels.write_text("".join(f"{path},{name} {number % 3}\n" for number, path in enumerate(paths)))

    label("old")
    run(source, tmp_path / "out", "--labels", labels)
    label("new")
    assert run(source, tmp_path / "out", "--labels", labels)["extracted"] == 0
    run(source, tmp_path / "fresh", "--labels", labels)
    assert_same_results(tmp_path / "fresh", tmp_path / "out")
    assert set(pd.read_parquet(tmp_path / "out" / "reduced")["label"]) == {"new 0", "new 1", "new 2"}


def test_killed_at_any_moment_over_a_changed_source(source, fruits, tmp_path):
    out = tmp_path / "out"
    run(source, out)
    change(source, fruits, 150)  # from 8 to 32 shards
    command = [PROGRAM, "run", source, out, *SETTINGS, "--threads", 1]
    chance = random.Random(5)
    for moment in range(KILLS):
        if moment == KILLS // 2:  # and another listing while the last one is not done
            for photo in sorted(source.rglob("*/*.jpg"))[::2]:
                photo.unlink()
        process = subprocess.Popen([str(word) for word in command], stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.05, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if not (out / "run.json").exists():  # killed in between: readers see no mixture of two listings
            shards = {pd.read_json(path, typ="series")["shards"] for path in (out / "shards").glob("*.json")}
            assert len(shards) <= 1
    run(source, out)
    run(source, tmp_path / "fresh")
    assert_same_results(tmp_path / "fresh", out)
    assert not (out / "previous").exists()


def test_a_dry_run_into_a_new_folder_makes_none(source, tmp_path):
    said = pomona("run", source, tmp_path / "out", *SETTINGS, "--dry-run")
    assert "new         120" in said.stdout
    assert not (tmp_path / "out").exists()
    run(source, tmp_path / "out")
    refused = pomona("extract", source, tmp_path / "out", "--size", 32, "--dry-run", check=False)
    assert refused.status == 1
    assert "--size: 64 there, 32 now" in refused.stderr


def test_retry_takes_the_rejects_whose_reason_can_pass(source, tmp_path):
    locked = sorted(source.rglob("*/*.jpg"))[::30]
    for photo in locked:
        photo.chmod(0)
    for folder in [source, tmp_path, *tmp_path.parents[:2]]:
        folder.chmod(0o755)
    cache = tmp_path / "cache"
    user = {}
    if os.geteuid() == 0:  # root may read everything
        (tmp_path / "out").mkdir()
        cache.mkdir()
        for folder in (tmp_path / "out", cache):
            os.chown(folder, 65534, 65534)
        for photo in source.rglob("*"):
            os.chown(photo, 65534, 65534)
        user = {"user": 65534, "group": 65534, "extra_groups": []}
    options = {"program": NATIVE, "env": {**os.environ, "POMONA_CACHE": str(cache)}, **user}
    first = run(source, tmp_path / "out", **options)
    assert first["reasons"] == {"permission-denied": len(locked), "not-an-image": 1, "truncated": 1}

    still = pomona("retry", tmp_path / "out", "--quiet", "--json", **options).json
    assert still["extracted"] == len(locked)
    assert still["reasons"] == first["reasons"]
    for photo in locked:
        photo.chmod(0o644)
    (source / "new.jpg").write_bytes(locked[0].read_bytes())  # not a reject: not of the retry's business
    again = pomona("retry", tmp_path / "out", "--quiet", "--json", **options).json
    assert again["extracted"] == len(locked)
    assert again["photos"] == 120
    assert again["reasons"] == {"not-an-image": 1, "truncated": 1}
    (source / "new.jpg").unlink()
    assert pomona("retry", tmp_path / "out", "--quiet", "--json", **options).json["extracted"] == 0
    assert run(source, tmp_path / "out", **options)["extracted"] == 0
    run(source, tmp_path / "fresh")
    assert_same_results(tmp_path / "fresh", tmp_path / "out")


def test_retry_keeps_how_the_classifier_was_made(source, tmp_path):
    out = tmp_path / "out"
    run(source, out, "--augment", 1, "--augment-background")
    made = json.loads((out / "plan" / "settings.json").read_text())["train"]
    before = result_bytes(out)
    pomona("retry", out, "--quiet", "--no-report")
    assert json.loads((out / "plan" / "settings.json").read_text())["train"] == made
    assert result_bytes(out) == before
    pomona("train", out, "--classifier", "knn", "--false-rejection", "10%", "--quiet")
    made = json.loads((out / "plan" / "settings.json").read_text())["train"]
    pomona("retry", out, "--quiet", "--no-report")
    assert json.loads((out / "plan" / "settings.json").read_text())["train"] == made
    warned = pomona("run", source, out, *SETTINGS)
    assert "--classifier: knn there, softmax now" in warned.stderr
