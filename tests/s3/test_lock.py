"""Two jobs do not write into one place; a job that died does not keep others out."""

import json
import signal
import time

from conftest import pomona
from s3.conftest import SHARDS
from s3.servers import keys
from s3.test_faults import SLOWLY, start


def wait_for(client, key: str) -> None:
    deadline = time.monotonic() + 30
    while key not in keys(client, "results", key):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_second_job_is_refused_and_a_killed_one_makes_room(minio, bucket, proxy):
    slow = proxy(latency=0.1)
    client = minio.client()
    shell = minio.environment(endpoint=slow.endpoint)
    first = start(["extract", bucket, "s3://results/locked", *SHARDS, *SLOWLY], shell)
    wait_for(client, "locked/plan/settings.json")
    second = pomona("extract", bucket, "s3://results/locked", *SHARDS, check=False, env=minio.environment())
    assert second.status == 1
    assert f"another job is writing there: process {first.pid}" in second.stderr
    assert first.poll() is None, "it ended before the second was refused"
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert keys(client, "results", "locked/.pomona-lock")
    began = time.monotonic()
    pomona("info", "s3://results/locked", env=minio.environment())  # reading needs no lock
    pomona("extract", bucket, "s3://results/locked", *SHARDS, env=minio.environment())
    assert time.monotonic() - began < 25  # it did not wait for the lease
    assert not keys(client, "results", "locked/.pomona-lock")


def test_a_silent_holder_elsewhere_is_waited_for_and_replaced(minio, bucket):
    client = minio.client()
    holder = {"lock": "x", "host": "far", "machine": "another", "process": "1", "started": "1"}
    client.put_object(Bucket="results", Key="silent/.pomona-lock", Body=json.dumps(holder))
    began = time.monotonic()
    pomona("extract", bucket, "s3://results/silent", *SHARDS, "--limit", 5, env=minio.environment())
    assert 25 < time.monotonic() - began < 60


def test_a_job_whose_lock_was_taken_stops(minio, bucket, proxy):
    slow = proxy(latency=0.1)
    client = minio.client()
    job = start(["extract", bucket, "s3://results/taken", *SHARDS, *SLOWLY, "--s3-concurrency", 1], minio.environment(endpoint=slow.endpoint))  # fmt: skip
    wait_for(client, "taken/.pomona-lock")
    client.put_object(Bucket="results", Key="taken/.pomona-lock", Body=b'{"lock": "another"}')
    _, said = job.communicate(timeout=120)
    assert job.returncode == 1
    assert "another job has taken this place" in said
    assert (
        client.get_object(Bucket="results", Key="taken/.pomona-lock")["Body"].read() == b'{"lock": "another"}'
    )


def test_a_job_whose_answers_are_lost_and_damaged_keeps_its_lock(minio, bucket, proxy):
    slow = proxy(latency=0.1)
    faults = {"PUT": ["none", "lost-answer"], "GET": ["wrong-length"]}  # the second PUT renews the lock

    def plan(method: str, target: str) -> str:
        if ".pomona-lock" not in target or not faults.get(method):
            return "none"
        return faults[method].pop(0)

    slow.plan = plan
    pomona("extract", bucket, "s3://results/kept", *SHARDS, "--threads", 1, "--s3-concurrency", 1, env=minio.environment(endpoint=slow.endpoint))  # fmt: skip
    assert (slow.counts["lost-answer"], slow.counts["wrong-length"]) == (1, 1)
