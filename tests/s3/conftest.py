"""The servers and the photos of the S3 tests."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from conftest import link_photos, pomona, sample
from s3.fault_proxy import FaultProxy
from s3.servers import Minio, Moto, upload

PHOTOS = int(os.environ.get("POMONA_S3_PHOTOS", "300"))
DAMAGED = 60


@pytest.fixture(scope="session")
def moto():
    server = Moto()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def minio(tmp_path_factory):
    server = Minio(tmp_path_factory.mktemp("minio"))
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def proxy(minio):
    proxies = []

    def make(**settings) -> FaultProxy:
        proxies.append(FaultProxy(minio.port, **settings))
        return proxies[-1]

    yield make
    for made in proxies:
        made.close()


def damage(folder: Path, count: int) -> None:
    """Every kind of file that is no photo, among the photos."""
    chance = random.Random(11)
    for number, photo in enumerate(chance.sample(sorted(folder.rglob("*.jpg")), count)):
        bytes_ = photo.read_bytes()
        photo.unlink()  # it may be a link to the original
        if number % 4 == 0:
            photo.write_bytes(bytes_[: len(bytes_) // 2])
        elif number % 4 == 1:
            photo.write_bytes(b"")
        elif number % 4 == 2:
            photo.write_text("no picture")
        else:
            photo.write_bytes(bytes_[:2] + bytes_[30:300])


@pytest.fixture(scope="session")
def photos(fruits, tmp_path_factory) -> Path:
    """Photos of Fruits-360, 60 of them damaged, and names that need care in a URL and in XML."""
    folder = link_photos(sample(fruits / "Training", PHOTOS), fruits, tmp_path_factory.mktemp("photos"))
    damage(folder, DAMAGED)
    some = sample(fruits / "Test", 3)
    strange = folder / "Training" / "a b+c%20d&e=é?#;"
    strange.mkdir()
    for photo, name in zip(some, ["1 (1).jpg", "+.jpg", "it's ~ <ok>.jpg"], strict=True):
        (strange / name).write_bytes(photo.read_bytes())
    (folder / "Training" / ".hidden.jpg").write_bytes(some[0].read_bytes())
    return folder


SHARDS = ["--shard-size", 64, "--quiet"]


@pytest.fixture(scope="session")
def expected(photos, tmp_path_factory) -> Path:
    """The run on the local disk that every other must equal byte by byte."""
    out = tmp_path_factory.mktemp("local") / "out"
    summary = pomona("run", photos, out, *SHARDS, "--no-report", "--json").json
    assert summary["rejects"] == DAMAGED
    return out


@pytest.fixture(scope="session")
def bucket(minio, photos) -> str:
    """The photos on MinIO, in bucket `photos` below `fruits/`; results go to the bucket `results`."""
    client = minio.client()
    client.create_bucket(Bucket="photos")
    client.create_bucket(Bucket="results")
    upload(client, photos, "photos", "fruits")
    return "s3://photos/fruits"
