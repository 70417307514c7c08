"""Clusters of two workers with one core each, for every version of Spark that is supported, and photos for them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import PROGRAM, ROOT, link_photos, sample

from .clusters import VERSIONS, Cluster, cluster_of, environment


@pytest.fixture(scope="session", params=list(VERSIONS))
def cluster(request, tmp_path_factory):
    """Two workers with one core each, shared by all tests of a version."""
    with cluster_of(request.param, tmp_path_factory.mktemp(f"spark-{request.param}")) as running:
        yield running


@pytest.fixture(scope="session")
def portable_wheel(tmp_path_factory) -> Path:
    """The wheel for other Linux machines."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        ["bash", ROOT / "tools" / "portable_wheel.sh", sys.executable, folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=900,
    )
    return next(folder.glob("pomona-*.whl"))


@pytest.fixture(scope="session")
def packed_environment(portable_wheel, tmp_path_factory) -> Path:
    """What an administrator packs for workers that have no Pomona."""
    archive = tmp_path_factory.mktemp("packed") / "environment.tar.gz"
    command = ["bash", ROOT / "tools" / "pack_environment.sh", sys.executable, portable_wheel, archive]
    subprocess.run(command, check=True, timeout=900)
    return archive


# The interpreter within an archive that Spark unpacks as `environment` beside the task.
PACKED_PYTHON = "./environment/bin/python"


# For tests whose subject is not the version: EMR 7's.
emr_version = pytest.mark.parametrize("cluster", ["3.5.6"], indirect=True)


SPARK_FLAGS = (
    "--engine",
    "spark",
    "--conf",
    "spark.executor.memory=512m",
    "--conf",
    "spark.ui.enabled=false",
)


def on_spark(cluster: Cluster, source: Path, out: Path, *flags: object) -> list[str]:
    """The command that does a run on the cluster."""
    words = [PROGRAM, "run", source, out, *SPARK_FLAGS, "--master", cluster.master, *flags]
    return [str(word) for word in words]


def start(cluster: Cluster, command: list[str], log: Path) -> subprocess.Popen:
    """The command as a process group of its own, so that all of it can be killed."""
    return subprocess.Popen(
        command,
        env=environment(cluster.version),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def committed(out: Path) -> dict[str, int]:
    """Commit records and when they were written."""
    found = {}
    for record in (out / "shards").glob("*.json"):
        with suppress(FileNotFoundError):
            found[record.name] = record.stat().st_mtime_ns
    return found


def damage(photos: list[Path], target: Path) -> None:
    """Damaged copies: cut short, empty, no picture at all."""
    target.mkdir(parents=True)
    for number, photo in enumerate(photos):
        content = photo.read_bytes()
        broken = [content[: len(content) // 2], b"", b"no picture %d" % number, content[20:]][number % 4]
        (target / f"damaged-{number}.jpg").write_bytes(broken)


DAMAGED = 60


@pytest.fixture(scope="session")
def photos(fruits, tmp_path_factory) -> Path:
    """Photos of all classes, and 60 damaged files among them; POMONA_SPARK_PHOTOS sets their number."""
    count = int(os.environ.get("POMONA_SPARK_PHOTOS", "700"))
    chosen = sample(fruits / "Training", count)
    source = link_photos(chosen[DAMAGED:], fruits, tmp_path_factory.mktemp("photos"))
    damage(chosen[:DAMAGED], source / "Training" / "Apple Braeburn 1" / "damaged")
    return source
