"""`pomona doctor`: every line is looked at, a red one names the remedy, the exit status says it."""

import pytest

from conftest import pomona
from s3.servers import keys


def checks_of(*arguments, status: int, env: dict) -> dict[str, dict]:
    said = pomona("doctor", *arguments, "--json", check=False, env=env)
    assert said.status == status, said.stdout + said.stderr
    found = {check["name"]: check for check in said.json["checks"]}
    assert said.json["good"] == (status == 0)
    assert all(check["remedy"] for check in found.values() if check["state"] != "good")
    return found


def test_all_is_well(minio, bucket, tmp_path):
    found = checks_of(bucket, "s3://results/doctor", status=0, env=minio.environment())
    assert {"pomona", "openvino", "cpu", "precision", "threads", "temporary"} <= found.keys()
    for place in ("source", "out"):
        assert {f"{place} caller", f"{place} region", f"{place} clock"} <= found.keys()
    assert {"source list", "source read", "out write", "out remove"} <= found.keys()
    assert not keys(minio.client(), "results", "doctor")
    local = checks_of(tmp_path / "none", tmp_path / "new", status=1, env=minio.environment())
    assert local["source list"]["state"] == "failed"
    assert local["out write"]["state"] == "good" and "free" in local["out room"]["text"]
    assert not (tmp_path / "new").exists()


def test_what_is_wrong_is_red(minio, bucket):
    nobody = minio.environment("nobody", "nothing-at-all")
    assert "does not know the access key" in checks_of(bucket, status=1, env=nobody)["source store"]["text"]
    missing = checks_of("s3://no-such-bucket", "s3://results/x", status=1, env=minio.environment())
    assert "there is no such bucket" in missing["source store"]["text"]
    reader = minio.add_user("doctor-reader", {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::photos"]}]})  # fmt: skip
    denied = checks_of(bucket, "s3://results/doctor", status=1, env=minio.environment(*reader))
    assert denied["source list"]["state"] == "good"
    assert "needs s3:GetObject on arn:aws:s3:::photos/fruits/*" in denied["source read"]["text"]
    assert "needs s3:PutObject on arn:aws:s3:::results/doctor/*" in denied["out write"]["text"]
    human = pomona("doctor", bucket, check=False, env=nobody)
    assert human.status == 1 and "FAILED" in human.stdout and human.stderr == ""


@pytest.mark.parametrize("seconds, state", [(5, "good"), (300, "warning"), (1200, "failed")])
def test_a_clock_that_is_off_shows(minio, bucket, proxy, seconds, state):
    skewed = proxy()
    skewed.clock_ahead = seconds
    env = minio.environment(endpoint=skewed.endpoint)
    found = checks_of(bucket, status=1 if state == "failed" else 0, env=env)
    assert found["source clock"]["state"] == state
