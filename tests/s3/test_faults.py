"""What networks and stores do to a run: it ends with the same bytes, or stops with a message and goes on later."""

import os
import random
import signal
import subprocess
import threading
import time

import pandas as pd
import pytest

from conftest import PROGRAM, assert_same_results, pomona
from s3.conftest import SHARDS
from s3.servers import Minio, download, keys, upload, whole_photos

FULL = os.environ.get("POMONA_FULL_TESTS") == "1"  # the counts of the record, not those of every day
KILLS = 20 if FULL else 4
OUTAGE = 20 if FULL else 5  # seconds
GIVE_UP = 40 if FULL else 8  # seconds; 40 is the default


def test_a_third_of_the_requests_failing_leaves_no_trace(minio, bucket, expected, proxy, tmp_path):
    faulty = proxy(share=0.3, latency=0.002)
    shell = minio.environment(endpoint=faulty.endpoint)
    pomona("run", bucket, "s3://results/faulty", *SHARDS, "--no-report", "--s3-timeout", 2, env=shell)
    assert sum(faulty.counts[fault] for fault in faulty.faults) > 100
    assert all(faulty.counts[fault] > 5 for fault in faulty.faults)
    assert_same_results(expected, download(minio.client(), "results", "faulty", tmp_path / "copy"))


@pytest.fixture
def own_store(photos, tmp_path):
    """A store that the test may take away."""
    store = Minio(tmp_path / "store").start()
    client = store.client()
    client.create_bucket(Bucket="photos")
    client.create_bucket(Bucket="results")
    upload(client, photos, "photos", "fruits")
    yield store
    store.stop()


SLOWLY = ["--s3-concurrency", 4, "--threads", 1]


def start(arguments: list, environment: dict) -> subprocess.Popen:
    return subprocess.Popen(
        [PROGRAM, *map(str, arguments)],
        env=environment,
        text=True,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def wait_for_shard(store, out: str, process: subprocess.Popen) -> None:
    while not keys(store.client(), "results", f"{out}/shards/"):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def test_a_store_that_comes_back_and_one_that_does_not(own_store, expected, tmp_path):
    from s3.fault_proxy import FaultProxy

    slow = FaultProxy(own_store.port, latency=0.05)
    shell = own_store.environment(endpoint=slow.endpoint)
    command = ["run", "s3://photos/fruits", "s3://results/out", *SHARDS, *SLOWLY, "--no-report"]

    process = start(command, shell)  # down for good
    wait_for_shard(own_store, "out", process)
    own_store.stop()
    stopped = time.monotonic()
    _, said = process.communicate(timeout=120)
    assert time.monotonic() - stopped < 60
    assert process.returncode == 1
    assert "the store has not answered for" in said
    assert "give the same command again" in said

    own_store.start()  # back in the middle
    process = start([*command[:-1], "--no-report", "--s3-give-up", 40], shell)
    time.sleep(1.5)
    own_store.stop()
    time.sleep(OUTAGE)
    own_store.start()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert_same_results(expected, download(own_store.client(), "results", "out", tmp_path / "copy"))
    slow.close()


def test_a_hanging_store_stops_the_job(minio, bucket, proxy, tmp_path):
    dead = proxy(share=1.0)
    dead.faults = ("stall",)
    began = time.monotonic()
    said = pomona(
        "run", bucket, tmp_path / "out", *SHARDS, "--s3-timeout", 2, "--s3-give-up", GIVE_UP,
        check=False, env=minio.environment(endpoint=dead.endpoint),
    )  # fmt: skip
    assert said.status == 1
    assert "has not answered" in said.stderr
    assert time.monotonic() - began < GIVE_UP + 15


def test_killed_at_random_moments(minio, bucket, expected, proxy, tmp_path):
    slow = proxy(latency=0.01)
    shell = minio.environment(endpoint=slow.endpoint)
    command = ["run", bucket, "s3://results/killed", *SHARDS, "--no-report"]
    chance = random.Random(3)
    kills = 0
    for _ in range(3 * KILLS):
        process = start(command, shell)
        time.sleep(chance.uniform(0.1, 3.0))
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        process.communicate()
        if kills == KILLS:
            break
        if kills and process.returncode == 0:
            minio.client().delete_object(Bucket="results", Key="killed/shards/00001.json")
    assert kills == KILLS
    pomona(*command, env=shell)
    client = minio.client()
    assert_same_results(expected, download(client, "results", "killed", tmp_path / "copy"))
    assert not client.list_multipart_uploads(Bucket="results").get("Uploads")
    assert not [key for key in keys(client, "results", "killed/") if "tmp" in key or "lock" in key]


def test_a_photo_that_changes_under_us_is_never_mixed(minio, bucket, proxy, tmp_path):
    client = minio.client()
    listed = whole_photos(client, "photos", "fruits/")
    for key in listed[:30]:
        client.copy_object(
            Bucket="photos", Key=key.replace("fruits", "moving"), CopySource={"Bucket": "photos", "Key": key}
        )
    changed, gone = (key.replace("fruits", "moving") for key in listed[3:5])
    done = threading.Event()

    def change(method: str, target: str) -> None:
        if method == "GET" and "moving/" in target and "list-type" not in target and not done.is_set():
            done.set()
            client.put_object(Bucket="photos", Key=changed, Body=b"another photo")
            client.delete_object(Bucket="photos", Key=gone)

    watching = proxy()
    watching.before = change
    shell = minio.environment(endpoint=watching.endpoint)
    # One request at a time, so that the change comes before the read.
    pomona("extract", "s3://photos/moving", tmp_path / "out", *SHARDS, "--s3-concurrency", 1, env=shell)
    rejects = pd.read_parquet(tmp_path / "out" / "rejects").set_index("path")["reason"]
    assert rejects[changed.removeprefix("moving/")] == "changed"
    assert rejects[gone.removeprefix("moving/")] == "vanished"


def test_an_expired_token_is_an_error_at_once(minio, bucket, proxy, tmp_path):
    expired = proxy(share=1.0)
    expired.faults = ("expired",)
    began = time.monotonic()
    said = pomona(
        "run", bucket, tmp_path / "out", check=False, env=minio.environment(endpoint=expired.endpoint)
    )
    assert said.status == 1
    assert "[list] s3://photos/fruits" in said.stderr and "the session token has expired" in said.stderr
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("access, secret, cause", [("nobody", "x" * 20, "does not know the access key"), ("", "wrong-secret", "the secret key is not the right one")])  # fmt: skip
def test_wrong_keys_are_named_and_never_shown(minio, bucket, tmp_path, access, secret, cause):
    said = pomona("run", bucket, tmp_path / "out", check=False, env=minio.environment(access, secret))
    assert said.status == 1
    assert cause in said.stderr
    assert secret not in said.stderr + said.stdout


def test_missing_buckets_are_named(minio, bucket, tmp_path):
    said = pomona("run", "s3://no-such-bucket/x", tmp_path / "out", check=False, env=minio.environment())
    assert said.status == 1
    assert "[list] s3://no-such-bucket/x" in said.stderr and "there is no such bucket" in said.stderr
