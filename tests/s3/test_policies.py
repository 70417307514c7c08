"""The policies of deploy/aws/policies on a real server: every role, every action, both buckets, every command."""

from pathlib import Path

import pandas as pd
import pytest
from botocore.exceptions import ClientError

from conftest import pomona
from s3.conftest import SHARDS
from s3.servers import download, policy_text, whole_photos

POLICIES = Path(__file__).resolve().parents[2] / "deploy" / "aws" / "policies"
NAMES = {
    "PhotosBucket": "photos",
    "PhotosPrefix": "fruits",
    "ResultsBucket": "results",
    "ResultsPrefix": "team",
}
READ = {"list", "get"}
WRITE = READ | {"put", "delete"}
ALLOWED = {
    "ingester": {"photos": READ, "results": set()},
    "results-writer": {"photos": set(), "results": WRITE},
    "operator": {"photos": READ, "results": WRITE},
    "examiner": {"photos": set(), "results": READ},
}


@pytest.fixture(scope="module")
def roles(minio, bucket) -> dict[str, tuple[str, str]]:
    return {role: minio.add_user(role, policy_text(POLICIES / f"{role}.json", **NAMES)) for role in ALLOWED}


@pytest.fixture(scope="module")
def finished(minio, bucket) -> str:
    """A run that the owner made, below the prefix of the roles."""
    pomona("run", bucket, "s3://results/team/finished", *SHARDS, "--train", env=minio.environment())
    return "s3://results/team/finished"


def attempt(client, action: str, bucket: str, prefix: str) -> bool:
    key = f"{prefix}/probe"
    calls = {
        "list": lambda: client.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/"),
        "get": lambda: client.get_object(Bucket=bucket, Key=key),
        "put": lambda: client.put_object(Bucket=bucket, Key=key, Body=b"x"),
        "delete": lambda: client.delete_object(Bucket=bucket, Key=key),
    }
    try:
        calls[action]()
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied", error
        return False
    return True


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_just_what_its_table_says(minio, roles, role):
    owner = minio.client()
    theirs = minio.client("s3", *roles[role])
    for bucket, prefix in [("photos", "fruits"), ("results", "team")]:
        for action in sorted(WRITE):
            for place, allowed in [(prefix, action in ALLOWED[role][bucket]), (prefix + "-of-others", False)]:
                owner.put_object(Bucket=bucket, Key=f"{place}/probe", Body=b"x")
                assert attempt(theirs, action, bucket, place) == allowed, (bucket, place, action)
                owner.delete_object(Bucket=bucket, Key=f"{place}/probe")


def test_policies_hold_no_wildcard_beyond_the_prefix():
    for role in ALLOWED:
        for statement in policy_text(POLICIES / f"{role}.json", **NAMES)["Statement"]:
            assert not any("*" in action for action in statement["Action"])
            for resource in statement["Resource"]:
                assert "*" not in resource.removesuffix("/*")
                assert not resource.endswith(":::/*")


def everything(minio) -> dict[str, str]:
    client = minio.client()
    return {
        f"{bucket}/{item['Key']}": item["ETag"]
        for bucket in ("photos", "results")
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        for item in page.get("Contents", [])
    }


# role, command, what must be said where it must fail; nothing: it must pass
COMMANDS = [
    ("ingester", "run s3://photos/fruits LOCAL", None),
    ("ingester", "run s3://photos/fruits s3://results/team/ingester", "needs s3:PutObject on arn:aws:s3:::results/team/ingester/*"),
    ("ingester", "info s3://results/team/finished", "needs s3:ListBucket on arn:aws:s3:::results"),
    ("results-writer", "run PHOTOS s3://results/team/writer", None),
    ("results-writer", "reduce s3://results/team/finished", None),
    ("results-writer", "report s3://results/team/finished", None),
    ("results-writer", "run s3://photos/fruits s3://results/team/denied", "needs s3:ListBucket on arn:aws:s3:::photos for the prefix fruits/*"),
    ("operator", "run s3://photos/fruits s3://results/team/operator", None),
    ("operator", "run s3://photos/fruits s3://results/elsewhere", "needs s3:PutObject on arn:aws:s3:::results/elsewhere/*"),
    ("operator", "run s3://photos/fruits s3://photos/fruits/results", "needs s3:PutObject on arn:aws:s3:::photos/fruits/results/*"),
    ("examiner", "info s3://results/team/finished", None),
    ("examiner", "classify s3://results/team/finished/bundle PHOTO", None),
    ("examiner", "report s3://results/team/finished", "needs s3:PutObject on arn:aws:s3:::results/team/finished/*"),
    ("examiner", "train s3://results/team/finished", "needs s3:PutObject on arn:aws:s3:::results/team/finished/*"),
    ("examiner", "evaluate s3://results/team/finished/bundle s3://photos/fruits", "needs s3:ListBucket on arn:aws:s3:::photos"),
]  # fmt: skip


@pytest.mark.parametrize("role, command, refusal", COMMANDS)
def test_commands_under_each_role(minio, roles, finished, fruits, tmp_path, role, command, refusal):
    photos = fruits / "Test" / "Apple Golden 1" if (fruits / "Test" / "Apple Golden 1").exists() else None
    photos = photos or next(path for path in sorted((fruits / "Test").iterdir()) if path.is_dir())
    words = [
        {"LOCAL": tmp_path / "out", "PHOTOS": photos, "PHOTO": sorted(photos.glob("*.jpg"))[0]}.get(
            word, word
        )
        for word in command.split()
    ]
    more = ["--limit", 40, "--quiet"] if words[0] == "run" else []
    before = everything(minio)
    result = pomona(*words, *more, check=False, env=minio.environment(*roles[role]))
    if refusal is None:
        assert result.status == 0, result.stderr
        return
    assert result.status == 1
    assert f"access denied for access key {roles[role][0]}" in result.stderr
    assert refusal in result.stderr
    assert (
        len(result.stderr.strip().splitlines()) <= 3 or words[0] == "report"
    )  # which first misses the photos
    assert everything(minio) == before, "it left something behind"


def allow(action: str, resource: str) -> dict:
    return {"Effect": "Allow", "Action": [action], "Resource": [resource]}


def test_a_forbidden_object_is_a_reject_and_a_forbidden_bucket_an_error(minio, bucket, tmp_path):
    photos = "arn:aws:s3:::photos"
    listing = allow("s3:ListBucket", photos)
    secret = whole_photos(minio.client(), "photos", "fruits/")[7]
    one = minio.add_user(
        "all-but-one",
        {
            "Version": "2012-10-17",
            "Statement": [
                listing,
                allow("s3:GetObject", f"{photos}/*"),
                {"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": [f"{photos}/{secret}"]},
            ],
        },
    )
    pomona("extract", bucket, tmp_path / "one", *SHARDS, env=minio.environment(*one))
    rejects = pd.read_parquet(tmp_path / "one" / "rejects").set_index("path")
    assert rejects.loc[secret.removeprefix("fruits/"), "reason"] == "permission-denied"
    assert (rejects["reason"] == "permission-denied").sum() == 1

    only_list = minio.add_user("only-list", {"Version": "2012-10-17", "Statement": [listing]})
    refused = pomona(
        "extract", bucket, tmp_path / "none", *SHARDS, check=False, env=minio.environment(*only_list)
    )
    assert refused.status == 1
    assert "[read] s3://photos/fruits/" in refused.stderr
    assert "needs s3:GetObject on arn:aws:s3:::photos/fruits/*" in refused.stderr
    assert not list((tmp_path / "none").rglob("shards/*"))


def test_versioned_encrypted_and_lifecycle_buckets_work(minio, bucket, expected, tmp_path):
    from conftest import assert_same_results

    client = minio.client()
    for name, rule in [
        ("sse-s3", {"SSEAlgorithm": "AES256"}),
        ("sse-kms", {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "pomona-key"}),
    ]:
        client.create_bucket(Bucket=name)
        client.put_bucket_encryption(
            Bucket=name,
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]},
        )
    client.create_bucket(Bucket="versioned")
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_lifecycle_configuration(
        Bucket="versioned",
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                }
            ]
        },
    )
    for name in ("sse-s3", "sse-kms", "versioned"):
        pomona("run", bucket, f"s3://{name}/out", *SHARDS, "--no-report", env=minio.environment())
        assert_same_results(expected, download(client, name, "out", tmp_path / name))
        head = client.head_object(Bucket=name, Key="out/run.json")
        assert head.get("ServerSideEncryption") == {"sse-s3": "AES256", "sse-kms": "aws:kms"}.get(name)
    pomona("reduce", "s3://versioned/out", "--quiet", env=minio.environment())
    versions = client.list_object_versions(Bucket="versioned", Prefix="out/run.json")["Versions"]
    assert len(versions) >= 2
