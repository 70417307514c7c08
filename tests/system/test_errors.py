"""What stops a job is said with the object, the cause and the next step; nothing committed is lost."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from conftest import NATIVE, PROGRAM, assert_same_results, link_photos, pomona, sample


@pytest.fixture(scope="module")
def photos(fruits, tmp_path_factory):
    return link_photos(sample(fruits / "Training", 200), fruits, tmp_path_factory.mktemp("photos"))


def failure(*arguments, status=1, **options) -> str:
    run = pomona(*arguments, check=False, **options)
    assert run.status == status, run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) <= 6
    return run.stderr


def test_a_mistyped_word_is_answered_with_the_nearest(photos, tmp_path):
    assert "did you mean --threads?" in failure("run", photos, tmp_path / "o", "--thread", 2, status=2)
    assert "did you mean `pomona run`" in failure("rum", status=2)
    assert "int8" in failure("run", photos, tmp_path / "o", "--precision", "int9", status=2)
    assert "efficientnet-lite0" in failure(
        "run", photos, tmp_path / "o", "--network", "efficientnet-lte0", status=2
    )
    assert "whole number" in failure("run", photos, tmp_path / "o", "--threads", "two", status=2)
    assert "fraction" in failure("run", photos, tmp_path / "o", "--components", "1.5", status=2)
    assert "5%" in failure("run", photos, tmp_path / "o", "--max-rejects", "few", status=2)
    assert not (tmp_path / "o" / "plan").exists()


def test_no_photos(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / ".hidden.jpg").write_bytes(b"x")
    assert "there is no photo" in failure("run", tmp_path / "empty", tmp_path / "out")
    assert "No such file" in failure("run", tmp_path / "missing", tmp_path / "out")


def test_all_rejected(tmp_path):
    (tmp_path / "bad").mkdir()
    for number in range(3):
        (tmp_path / "bad" / f"{number}.jpg").write_text("no picture")
    message = failure("run", tmp_path / "bad", tmp_path / "out")
    assert "all 3 photos were rejected (not-an-image 3)" in message


def test_fewer_photos_than_components(photos, tmp_path):
    message = failure("run", photos, tmp_path / "out", "--components", 500, "--quiet")
    assert "200" in message
    assert "500" in message
    assert not list((tmp_path / "out").glob("features/*"))  # said before the photos are inferred
    assert not (tmp_path / "out" / ".pomona-lock").exists()


def test_other_settings_are_refused_by_name(photos, tmp_path):
    out = tmp_path / "out"
    pomona("run", photos, out, "--quiet")
    for flags, name in [
        (["--size", 128], "--size: 224 there, 128 now"),
        (["--precision", "f32"], "--precision: int8 there, f32 now"),
        (["--components", 10], "--components: 0.95 there, 10 now"),
        (["--labels", "none"], "--labels: folder there, none now"),
    ]:
        message = failure("run", photos, out, *flags, "--quiet")
        assert name in message
        assert "--overwrite" in message
    assert pomona("info", out, "--json").json["complete"]
    (out / "notes.txt").write_text("mine")
    summary = pomona("run", photos, out, "--size", 128, "--overwrite", "--quiet", "--json").json
    assert summary["extracted"] == 200
    assert (out / "notes.txt").read_text() == "mine"


def test_max_rejects(photos, tmp_path):
    source = link_photos(sorted(photos.rglob("*.jpg")), photos, tmp_path / "source")
    for number in range(4):
        (source / f"{number}.png").write_text("no picture")
    assert pomona("run", source, tmp_path / "a", "--max-rejects", 4, "--quiet").status == 0
    assert "4 rejects are more" in failure(
        "run", source, tmp_path / "a", "--max-rejects", 3, "--quiet", status=3
    )
    assert pomona("run", source, tmp_path / "a", "--max-rejects", "2%", "--quiet").status == 0
    assert failure("run", source, tmp_path / "a", "--max-rejects", "1%", "--quiet", status=3)


def test_ctrl_c_stops_and_the_same_command_goes_on(photos, tmp_path):
    command = ["run", photos, tmp_path / "out", "--precision", "f32", "--shard-size", 16, "--threads", 1]
    process = subprocess.Popen(
        [PROGRAM, *map(str, command)], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    records = tmp_path / "out" / "shards"
    deadline = time.monotonic() + 60
    while not (records.exists() and any(records.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert "nothing is lost: give the same command again" in stderr
    summary = pomona(*command, "--json").json
    assert 0 < summary["extracted"] < 200
    pomona("run", photos, tmp_path / "fresh", *command[3:])
    assert_same_results(tmp_path / "fresh", tmp_path / "out")


@pytest.fixture
def as_nobody():
    """A user without rights: root may do everything. Skipping is no option, so the test needs root or is that user."""
    return {
        "program": NATIVE,
        "user": "nobody",
        "env": {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "POMONA_CACHE": "off"},
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_unwritable_out(photos, tmp_path, as_nobody):
    run_as(as_nobody, tmp_path)
    (tmp_path / "closed").mkdir(mode=0o755)
    message = failure("run", photos, tmp_path / "closed" / "out", **as_nobody)
    assert "Permission denied" in message
    assert "right" in message


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_unreadable_photo_is_a_reject_and_unreadable_folder_an_error(photos, tmp_path, as_nobody):
    run_as(as_nobody, tmp_path)
    source = tmp_path / "source"
    (source / "a").mkdir(parents=True)
    for photo in sorted(photos.rglob("*.jpg"))[:4]:
        (source / "a" / photo.name).write_bytes(photo.read_bytes())
    closed = next((source / "a").iterdir())
    closed.chmod(0o000)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o777)
    summary = pomona("run", source, out, "--json", **as_nobody).json
    assert summary["reasons"] == {"permission-denied": 1}
    (source / "b").mkdir(mode=0o700)
    message = failure("run", source, out, **as_nobody)
    assert f"{source}/b" in message
    assert "Permission denied" in message


def run_as(_: dict, folder: Path) -> None:
    """Opens the way to a test's folder for another user."""
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == os.geteuid() and str(parent).startswith(("/tmp/", "/var/tmp/")):
            parent.chmod(0o755)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small file system")
def test_a_full_disk_stops_the_job_and_loses_nothing(photos, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine does not let root mount a file system")
    try:
        command = ["run", photos, disk / "out", "--shard-size", 16, "--quiet"]
        message = failure(*command)
        assert "No space left on device" in message
        assert "free some space" in message
        done = len(list((disk / "out" / "shards").glob("*.json")))
        assert done > 0
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        assert 0 < pomona(*command, "--json").json["extracted"] < 200
        pomona("run", photos, tmp_path / "fresh", "--shard-size", 16, "--quiet")
        assert_same_results(tmp_path / "fresh", disk / "out")
    finally:
        subprocess.run(["umount", disk], check=False)


def test_two_jobs_do_not_write_to_one_folder(photos, tmp_path):
    command = [
        PROGRAM,
        "run",
        str(photos),
        str(tmp_path / "out"),
        "--precision",
        "f32",
        "--threads",
        "1",
        "--quiet",
    ]
    first = subprocess.Popen(command)
    deadline = time.monotonic() + 60
    while not (tmp_path / "out" / "plan" / "settings.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert "another job is writing there" in failure("run", photos, tmp_path / "out")
    assert first.wait(timeout=60) == 0


def test_results_do_not_go_into_the_photos(photos, tmp_path):
    assert "folder of the photos" in failure("run", photos, photos, status=2)
    source = link_photos(sorted(photos.rglob("*.jpg"))[:50], photos, tmp_path / "source")
    for _ in range(2):
        assert pomona("run", source, source / "out", "--quiet", "--json").json["photos"] == 50


def test_config_file_says_the_same(photos, tmp_path):
    config = tmp_path / "pomona.toml"
    config.write_text(
        'precision = "f32"\nsize = 64\nwhiten = true\nmean = [127.0, 127.0, 127.0]\ncomponents = 5\n'
    )
    pomona("run", photos, tmp_path / "config", "--config", config, "--quiet")
    flags = ["--precision", "f32", "--size", 64, "--whiten", "--mean", "127,127,127", "--components", 5]
    pomona("run", photos, tmp_path / "flags", *flags, "--quiet")
    assert_same_results(tmp_path / "config", tmp_path / "flags")
    assert (
        pomona(
            "run", photos, tmp_path / "c2", "--config", config, "--components", 7, "--quiet", "--json"
        ).json["components"]
        == 7
    )
    config.write_text("presicion = 'f32'\n")
    assert "did you mean 'precision'" in failure("run", photos, tmp_path / "c3", "--config", config, status=2)
    config.write_text("precision = \n")
    assert "line 1" in failure("run", photos, tmp_path / "c3", "--config", config, status=2)


@pytest.mark.parametrize("command", ["", "run", "extract", "fit", "reduce", "info", "samples"])
def test_help_fits_a_screen(command):
    text = pomona(*filter(None, [command]), "--help").stdout
    lines = text.splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 120


def test_labels_from_a_file(photos, tmp_path):
    import pandas as pd

    names = [str(photo.relative_to(photos)) for photo in sorted(photos.rglob("*.jpg"))]
    table = tmp_path / "labels.csv"
    table.write_text(
        "path,label\n" + "".join(f'"{name}",class {i % 3}\n' for i, name in enumerate(names[:150]))
    )
    pomona("run", photos, tmp_path / "out", "--labels", table, "--quiet")
    labels = pd.read_parquet(tmp_path / "out" / "features").set_index("path")["label"]
    assert all(labels[name] == f"class {i % 3}" for i, name in enumerate(names[:150]))
    assert labels[names[150:]].isna().all()
    assert "cannot be opened" in failure("run", photos, tmp_path / "o2", "--labels", "folders")


def test_what_is_not_ours_is_left_alone(photos, tmp_path):
    """A folder that has files by names of a dataset's: whose they are, nobody knows."""
    inside = link_photos(sorted(photos.rglob("*.jpg"))[:20], photos, tmp_path / "mine" / "reduced")
    before = sorted(inside.rglob("*"))
    assert "name another folder" in failure("run", inside, tmp_path / "mine", status=2)
    assert sorted(inside.rglob("*")) == before
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "report.html").write_text("precious")
    assert "report.html" in failure("run", photos, tmp_path / "page", status=2)
    assert (tmp_path / "page" / "report.html").read_text() == "precious"

    out = tmp_path / "out"
    flags = ["--size", 64, "--limit", 40, "--quiet", "--no-report"]
    pomona("run", photos, out, *flags)
    for folder in ("reduced", "predictions", "features", "bundle"):
        (out / folder / "mine.txt").write_text("precious")
    pomona("run", photos, out, *flags, "--overwrite", "--components", 10)
    pomona("fit", out, "--components", 5, "--quiet")
    for folder in ("reduced", "predictions", "features", "bundle"):
        assert (out / folder / "mine.txt").read_text() == "precious"
    assert not list((out / "reduced").glob("*.parquet"))


def test_photos_that_nobody_could_read_are_tried_again(photos, tmp_path):
    """All of them rejected, for a reason that passes: `retry` ends the run as if it had not happened."""
    chosen = sorted(photos.rglob("*.jpg"))[:40]
    source = link_photos(chosen, photos, tmp_path / "photos")
    for photo in source.rglob("*.jpg"):
        content = photo.read_bytes()
        photo.unlink()  # a link to the original, whose rights must stay
        photo.write_bytes(content)
        photo.chmod(0)
    flags = ["--size", "64", "--quiet", "--no-report"]
    out = tmp_path / "out"
    tmp_path.chmod(0o777)
    for parent in tmp_path.parents:
        parent.chmod(parent.stat().st_mode | 0o055)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", f"HOME={tmp_path}"]
    run = subprocess.run(
        [*nobody, NATIVE, "run", source, out, *flags], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "permission-denied 40" in run.stderr
    assert "pomona retry" in run.stderr
    for photo in source.rglob("*.jpg"):
        photo.chmod(0o644)
    retried = subprocess.run(
        [*nobody, NATIVE, "retry", out, "--quiet", "--no-report"], capture_output=True, text=True, check=False
    )
    assert retried.returncode == 0, retried.stderr
    pomona("run", source, tmp_path / "fresh", *flags)
    assert_same_results(tmp_path / "fresh", out)


def test_a_broken_temporary_folder_is_named(photos, tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path / "gone")}
    flags = ["--size", 64, "--limit", 20, "--quiet", "--no-report"]
    pomona("run", photos, tmp_path / "out", *flags, env=environment)  # it needs none
    message = failure("run", photos, tmp_path / "new", "--dry-run", env=environment)
    assert "TMPDIR" in message and "gone" in message


def test_what_is_missing_is_told_and_done_again(photos, tmp_path):
    out = tmp_path / "out"
    flags = ["--size", 64, "--limit", 80, "--shard-size", 32, "--quiet", "--no-report"]
    pomona("run", photos, out, *flags)
    pomona("run", photos, tmp_path / "whole", *flags)
    assert pomona("info", out, "--json").json["complete"]
    (out / "shards" / "00001.parquet").unlink()
    (out / "reduced" / "part-00002.parquet").unlink()
    (out / "bundle" / "parameters.safetensors").write_bytes(b"damaged")
    info = pomona("info", out, "--json").json
    assert not info["complete"]
    assert info["missing"][:2] == ["shards/00001.parquet", "reduced/part-00002.parquet"]
    assert info["missing"][2].startswith("bundle/")
    os.truncate(out / "features" / "part-00003.parquet", 100)
    assert "features/part-00003.parquet" in pomona("info", out, "--json").json["missing"]
    pomona("run", photos, out, *flags, "--no-train")
    pomona("run", photos, out, *flags)
    assert_same_results(tmp_path / "whole", out)
    assert pomona("info", out, "--json").json["missing"] == []


def test_wrong_usage_is_told_in_json_too(photos, tmp_path):
    for arguments in (
        ["run", photos, tmp_path / "o", "--sise", 5],
        ["run", photos],
        ["nosuch"],
        ["run", photos, tmp_path / "o", "--config", tmp_path],
        ["run", photos, tmp_path / "o", "--config", ""],
        ["run", photos, tmp_path / "o", "--unknown", b"\xff"],
    ):
        run = subprocess.run(
            [NATIVE, *(a if isinstance(a, bytes) else str(a) for a in arguments), "--json"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 2, (arguments, run.stderr)
        assert json.loads(run.stdout)["error"]["code"] == "usage"
    assert not (tmp_path / "o").exists()


def test_labels_that_match_nothing_are_warned_of(photos, tmp_path):
    (tmp_path / "labels.csv").write_text("path,label\n/elsewhere/1.jpg,A\n/elsewhere/2.jpg,B\n")
    run = pomona(
        "run",
        photos,
        tmp_path / "out",
        "--labels",
        "labels.csv",
        "--limit",
        20,
        "--size",
        64,
        "--quiet",
        cwd=tmp_path,
    )
    assert "none of the 20 photos has a label" in run.stderr
    # The same table from another folder, by another name for it.
    pomona("run", photos, tmp_path / "out", "--labels", tmp_path / "labels.csv", "--limit", 20, "--size", 64)


@pytest.mark.parametrize("command", ["classify", "train", "calibrate", "samples"])
def test_a_command_that_is_stopped_says_so(photos, tmp_path, command, studio):
    out, _ = studio
    copy = tmp_path / "copy"
    arguments = {
        "classify": ["classify", out / "bundle", *[photos] * 60],
        "train": ["train", copy, "--quiet"],
        "calibrate": ["calibrate", photos, "--photos", 2000, "-o", tmp_path / "ranges.json"],
        "samples": ["samples", tmp_path / "samples", "--views", 5000],
    }[command]
    if command == "train":
        shutil.copytree(out, copy, copy_function=os.link)
    process = subprocess.Popen(
        [NATIVE, *map(str, arguments), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5 if command != "train" else 1.0)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert json.loads(stdout)["error"]["code"] == "interrupted"
