"""What all Python tests share: the program, the photographs, and an account of a dataset."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

import pomona as pomona_package

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
PROGRAM = Path(sys.executable).parent / "pomona"
# The program itself, for users who may not read the interpreter that the console script starts with.
NATIVE = Path(pomona_package.__file__).parent / "bin" / "pomona"


class Run:
    """A finished call of the program."""

    def __init__(self, process: subprocess.CompletedProcess) -> None:
        self.status = process.returncode
        self.stdout = process.stdout
        self.stderr = process.stderr

    @property
    def json(self) -> dict:
        """The last line of stdout, which --json makes one object."""
        return json.loads(self.stdout.strip().splitlines()[-1])


def pomona(
    *arguments: object, check: bool = True, timeout: float = 600, program: Path = PROGRAM, **options
) -> Run:
    """Call the program as a user does; with `check`, anything but success fails the test with its words."""
    process = subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        **options,
    )
    if check:
        assert process.returncode == 0, f"{arguments}\n{process.stdout}\n{process.stderr}"
    return Run(process)


def run_measured(command: list, timeout: float = 600) -> tuple[int, int]:
    """Exit status and peak memory, in bytes, of a command.

    The kernel's own figure for an ended process starts at what its parent had when it forked, so the peak is read while
    the command runs.
    """
    process = subprocess.Popen([str(word) for word in command])
    deadline = time.monotonic() + timeout
    peak = 0
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peak = max(peak, int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024)
        if time.monotonic() > deadline:
            process.kill()
        time.sleep(0.02)
    return process.returncode, peak


def unpack(archive: str) -> Path:
    """The folder that an archive of ../shared/data holds, unpacked once for all test runs."""
    target = ROOT / "build" / "test-data" / archive.removesuffix(".tar.gz")
    if not target.exists():
        source = SHARED / "data" / archive
        assert source.exists(), f"{source} is missing: the tests need the photographs of ../shared"
        scratch = target.with_name(target.name + f".{os.getpid()}")
        with tarfile.open(source) as tar:
            tar.extractall(scratch, filter="data")
        try:
            scratch.rename(target)
        except OSError:  # another test run was faster
            assert target.exists()
            shutil.rmtree(scratch)
    return target


@pytest.fixture(scope="session")
def fruits() -> Path:
    """Fruits-360, 33 classes: Training/<class>/*.jpg and Test/<class>/*.jpg."""
    return unpack("fruits-360-33.tar.gz") / "fruits-360-33"


@pytest.fixture(scope="session")
def grocery() -> Path:
    """Photos taken in shops: train/<class>/*.jpg and val/<class>/*.jpg."""
    return unpack("grocery-train-val.tar.gz") / "grocery"


@pytest.fixture(scope="session")
def studio(fruits, tmp_path_factory) -> tuple[Path, dict]:
    """The job at its defaults over all 15,506 Training photos of Fruits-360-33, and what it said; for reading only."""
    out = tmp_path_factory.mktemp("studio") / "out"
    return out, pomona("run", fruits / "Training", out, "--quiet", "--json").json


def sample(folder: Path, count: int, seed: int = 1) -> list[Path]:
    """So many photos below a folder, the same every time."""
    photos = sorted(folder.rglob("*.jpg"))
    return sorted(random.Random(seed).sample(photos, count))


def link_photos(photos: list[Path], root: Path, target: Path) -> Path:
    """The photos as hard links (copies across file systems) below `target`, with their paths below `root`."""
    for photo in photos:
        link = target / photo.relative_to(root)
        link.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(photo, link)
        except OSError:
            shutil.copyfile(photo, link)
    return target


def result_bytes(out: Path) -> dict[str, bytes]:
    """The files of a dataset that must not depend on how it was computed."""
    names = [
        f"{folder}/*.parquet"
        for folder in ("features", "reduced", "rejects", "augmented", "predictions", "held-back")
    ]
    names.append("bundle/parameters.safetensors")
    return {str(p.relative_to(out)): p.read_bytes() for name in names for p in sorted(out.glob(name))}


def assert_same_results(one: Path, other: Path) -> None:
    """The files that must not depend on how they were computed are the same, byte by byte."""
    ours, theirs = result_bytes(one), result_bytes(other)
    assert ours.keys() == theirs.keys()
    assert len(ours) > 3
    different = [name for name, content in ours.items() if theirs[name] != content]
    assert not different
