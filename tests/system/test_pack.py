"""Packed photos are the loose ones: the same bytes out of every command; Python's own tar reader is the oracle."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import tarfile
import time

import pandas as pd
import pytest

from conftest import PROGRAM, assert_same_results, link_photos, pomona, sample

SETTINGS = ["--size", 64, "--shard-size", 64, "--components", 8, "--no-report", "--quiet"]
KILLS = 8


def pack(source, dest, *flags, **options) -> dict:
    return pomona("pack", source, dest, "--quiet", "--json", *flags, **options).json


def tars(dest) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(dest.glob("*.tar"))}


def everything(dest) -> dict[str, bytes]:
    return {str(path.relative_to(dest)): path.read_bytes() for path in sorted(dest.rglob("*.*"))}


def index(dest) -> pd.DataFrame:
    return pd.concat([pd.read_parquet(part) for part in sorted((dest / "index").glob("part-*.parquet"))])


@pytest.fixture(scope="module")
def source(fruits, tmp_path_factory):
    """400 photos, damaged ones, and names that a plain tar header does not hold."""
    source = link_photos(sample(fruits / "Training", 400), fruits, tmp_path_factory.mktemp("photos"))
    good = sample(fruits / "Training", 3)[0].read_bytes()
    odd = source / "odd"
    for name in ["ünï.jpg", "x" * 120 + ".jpg", "/".join(["deep" * 20] * 4) + "/" + "y" * 101 + ".jpg"]:
        (odd / name).parent.mkdir(parents=True, exist_ok=True)
        (odd / name).write_bytes(good)
    with open(os.fsencode(odd) + b"/\xff\xfe.jpg", "wb") as file:
        file.write(good)
    (odd / "empty.jpg").write_bytes(b"")
    (odd / "cut.jpg").write_bytes(good[: len(good) // 2])
    (odd / "text.jpg").write_text("no picture")
    (odd / "large.jpg").write_bytes(good + bytes(300_000))
    (odd / "nowhere.jpg").symlink_to("nothing")
    os.mkfifo(odd / "pipe.jpg")
    return source


@pytest.fixture(scope="module")
def packed(source, tmp_path_factory):
    dest = tmp_path_factory.mktemp("packed") / "tars"
    account = pack(source, dest, "--shard-bytes", "200KB", "--max-bytes", "250KB")
    assert account["photos"] == 410
    assert account["reasons"] == {"not-a-file": 2, "too-many-bytes": 1}
    assert account["packed"] + account["rejects"] == account["photos"]
    assert account["tars"] == len(tars(dest)) > 8
    return dest


def test_python_reads_every_tar_in_order_and_finds_the_photos(source, packed):
    rows = index(packed)
    found = {}
    for name in tars(packed):
        with tarfile.open(packed / name) as tar:
            members = tar.getmembers()
            ours = rows[rows["tar"] == name]
            assert [member.offset_data for member in members] == list(ours["offset"])
            assert [member.size for member in members] == list(ours["size"])
            for member, sha256 in zip(members, ours["sha256"], strict=True):
                assert member.isreg()
                assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o644)
                found[os.fsencode(member.name)] = tar.extractfile(member).read()
                assert hashlib.sha256(found[os.fsencode(member.name)]).hexdigest() == sha256
        assert (packed / name).stat().st_size <= 200_000
    loose = {
        os.fsencode(path.relative_to(source)): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file() and path.name != "large.jpg"
    }
    assert found == loose
    rejected = rows[rows["reason"].notna()]
    assert sorted(rejected["path"]) == ["odd/large.jpg", "odd/nowhere.jpg", "odd/pipe.jpg"]


def test_another_tar_reads_them_too(packed, tmp_path):
    for name in tars(packed):
        subprocess.run(["tar", "--extract", "--file", packed / name, "--directory", tmp_path], check=True)
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 407


def test_a_run_over_the_packed_photos_gives_the_same_bytes(source, packed, tmp_path):
    flags = [*SETTINGS, "--max-bytes", "250KB"]
    loose = pomona("run", source, tmp_path / "loose", *flags, "--json").json
    tight = pomona("run", packed, tmp_path / "packed", *flags, "--json").json
    assert loose["rejects"] == 6
    for name in ("photos", "rows", "rejects", "reasons"):
        assert tight[name] == loose[name]
    assert_same_results(tmp_path / "loose", tmp_path / "packed")
    # The same versions: a dataset of loose photos goes on with the packed ones.
    assert pomona("run", packed, tmp_path / "loose", *flags, "--json").json["extracted"] == 0
    assert pomona("run", packed, tmp_path / "new", *flags, "--json", "--dry-run").json["new"] == 410


def test_evaluate_and_calibrate_take_packed_photos(fruits, tmp_path):
    photos = [
        p for name in ("Apple*", "Pear*") for p in sorted((fruits / "Training").glob(f"{name}/*.jpg"))[:80]
    ]
    source = link_photos(photos, fruits, tmp_path / "photos")
    pack(source, tmp_path / "tars")
    pomona("run", tmp_path / "tars", tmp_path / "out", *SETTINGS, "--augment", 1)
    figures = [
        pomona("evaluate", tmp_path / "out" / "bundle", photos, "--json", "--quiet").json
        for photos in (source, tmp_path / "tars")
    ]
    for answer in figures:
        answer.pop("seconds", None)
        answer.pop("source", None)
    assert figures[0] == figures[1]


def test_packing_again_packs_what_changed(source, tmp_path):
    photos = tmp_path / "photos"
    shutil.copytree(source / "Training", photos)
    flags = ["--shard-bytes", "200KB"]
    assert pack(photos, tmp_path / "tars", *flags)["written"] == 400
    before = everything(tmp_path / "tars")
    assert pack(photos, tmp_path / "tars", *flags)["written"] == 0
    assert everything(tmp_path / "tars") == before
    (photos / "new.jpg").write_bytes(next(photos.rglob("*/*.jpg")).read_bytes())
    assert 0 < pack(photos, tmp_path / "tars", *flags)["written"] < 200
    pack(photos, tmp_path / "fresh", *flags)
    assert everything(tmp_path / "tars") == everything(tmp_path / "fresh")
    for photo in sorted(photos.rglob("*/*.jpg"))[40:]:
        photo.unlink()
    pack(photos, tmp_path / "tars", *flags)
    shutil.rmtree(tmp_path / "fresh")
    pack(photos, tmp_path / "fresh", *flags)
    assert everything(tmp_path / "tars") == everything(tmp_path / "fresh")


def test_killed_at_any_moment_the_tars_are_the_same(source, packed, tmp_path):
    dest = tmp_path / "tars"
    flags = ["--shard-bytes", "200KB", "--max-bytes", "250KB", "--threads", "1"]
    chance = random.Random(3)
    for _ in range(KILLS):
        process = subprocess.Popen([PROGRAM, "pack", source, dest, *flags], stderr=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL)  # fmt: skip
        time.sleep(chance.uniform(0.02, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        manifest = dest / "pack.json"
        if manifest.exists() and not json.loads(manifest.read_text())["complete"]:
            refused = pomona("run", dest, tmp_path / "out", *SETTINGS, check=False)
            assert "the packing has not ended" in refused.stderr
    pack(source, dest, *flags)
    assert everything(dest) == everything(packed)
    assert not list(dest.glob("**/.pomona-tmp-*"))


def test_a_damaged_packed_dataset_is_an_error_or_a_reject(packed, tmp_path):
    def damaged(name: str, change) -> object:
        dest = tmp_path / name
        shutil.copytree(packed, dest)
        change(dest)
        return pomona(
            "extract", dest, tmp_path / f"{name}-out", *SETTINGS[:4], "--quiet", "--json", check=False
        )

    def flip(path, at):
        content = bytearray(path.read_bytes())
        content[at] ^= 1
        path.write_bytes(content)

    first = sorted(tars(packed))[0]
    rows = index(packed)
    row = rows[rows["tar"] == first].iloc[0]
    flipped = damaged("flipped", lambda dest: flip(dest / first, int(row["offset"]) + 40)).json
    assert flipped["reasons"]["changed"] == 1
    part = damaged("part", lambda dest: flip(dest / "index" / "part-00000.parquet", 100))
    assert (part.status, "its bytes are not those that pack.json says" in part.stderr) == (1, True)
    short = damaged("short", lambda dest: os.truncate(dest / first, 2048))
    assert (short.status, "its size is not that which pack.json says" in short.stderr) == (1, True)
    gone = damaged("gone", lambda dest: (dest / first).unlink())
    assert (gone.status, first in gone.stderr) == (1, True)
    manifest = damaged("manifest", lambda dest: (dest / "pack.json").write_text('{"format": 7}'))
    assert (manifest.status, "pack.json" in manifest.stderr) == (1, True)


def test_a_dataset_or_the_source_itself_is_no_place_for_tars(source, tmp_path):
    pomona("extract", source, tmp_path / "out", "--size", 32, "--limit", 4, "--quiet")
    for dest in (tmp_path / "out", source):
        refused = pomona("pack", source, dest, check=False)
        assert refused.status == 2, refused.stderr
