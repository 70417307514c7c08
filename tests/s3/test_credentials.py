"""Who asks: keys, profiles, roles, public buckets; and that no key is ever shown."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conftest import pomona, sample
from s3.conftest import SHARDS
from s3.servers import Minio, keys


@pytest.fixture(scope="module")
def little(minio, bucket):
    """A few photos below s3://photos/little, for runs that are about something else."""
    client = minio.client()
    for key in keys(client, "photos", "fruits/Training/A")[:12]:
        client.copy_object(
            Bucket="photos",
            Key=key.replace("fruits/Training", "little"),
            CopySource={"Bucket": "photos", "Key": key},
        )
    return "s3://photos/little"


def no_keys(server) -> dict[str, str]:
    environment = server.environment()
    return {name: value for name, value in environment.items() if name not in {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}}  # fmt: skip


def test_a_profile_says_all(minio, little, tmp_path):
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text(f"[profile lab]\nregion = us-east-1\nendpoint_url = {minio.endpoint}\n")
    credentials.write_text(
        f"[lab]\naws_access_key_id = {minio.access_key}\naws_secret_access_key = {minio.secret_key}\n"
    )
    shell = no_keys(minio) | {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    del shell["AWS_ENDPOINT_URL"], shell["AWS_REGION"]
    pomona("extract", little, tmp_path / "flag", *SHARDS, "--s3-profile", "lab", env=shell)
    pomona("extract", little, tmp_path / "env", *SHARDS, env=shell | {"AWS_PROFILE": "lab"})
    # A profile that is named wins over keys in the environment.
    wrong = {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
    pomona("extract", little, tmp_path / "wins", *SHARDS, "--s3-profile", "lab", env=shell | wrong)
    assert (
        pomona("extract", little, tmp_path / "x", "--s3-profile", "lob", check=False, env=shell).status == 2
    )


def test_a_bucket_as_a_host_name(minio, little, tmp_path):
    shell = minio.environment(endpoint=f"http://localhost:{minio.port}")
    virtual = ["--s3-path-style", "off"]
    pomona("extract", little, tmp_path / "out", *SHARDS, *virtual, env=shell)
    # An address is no domain: photos.127.0.0.1 is nowhere, so the bucket really stands in the host's name.
    said = pomona("extract", little, tmp_path / "no", *virtual, "--s3-give-up", "2", check=False, env=minio.environment())  # fmt: skip
    assert said.status == 1 and "photos.127.0.0.1" in said.stderr


def test_the_store_is_asked_for_its_region(fruits, tmp_path):
    server = Minio(tmp_path / "data", region="eu-west-3").start()
    try:
        client = server.client()
        client.create_bucket(Bucket="paris", CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        for photo in sample(fruits / "Training", 5):
            client.upload_file(str(photo), "paris", f"photos/{photo.name}")
        shell = server.environment()
        del shell["AWS_REGION"]
        found = pomona("extract", "s3://paris/photos", tmp_path / "out", "--json", env=shell).json
        assert found["rows"] == 5
    finally:
        server.stop()


def test_a_toml_file_says_the_same_by_the_same_names(minio, little, tmp_path):
    config = tmp_path / "pomona.toml"
    config.write_text(
        f's3-endpoint = "{minio.endpoint}"\ns3-region = "us-east-1"\ns3-concurrency = 8\nquiet = true\n'
    )
    shell = minio.environment()
    del shell["AWS_ENDPOINT_URL"]
    pomona("extract", little, tmp_path / "out", "--config", config, env=shell)


def test_without_keys_the_error_says_how_to_give_some(minio, little, tmp_path):
    said = pomona("extract", little, tmp_path / "out", check=False, env=no_keys(minio))
    assert said.status == 1
    assert "AWS_ACCESS_KEY_ID" in said.stderr and "AWS_PROFILE" in said.stderr


def test_a_public_bucket_needs_none(minio, little, tmp_path):
    def allow(action: str, resource: str) -> dict:
        return {"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": [action], "Resource": [resource]}

    policy = [allow("s3:ListBucket", "arn:aws:s3:::public"), allow("s3:GetObject", "arn:aws:s3:::public/*")]
    client = minio.client()
    client.create_bucket(Bucket="public")
    for key in keys(client, "photos", "little"):
        client.copy_object(Bucket="public", Key=key, CopySource={"Bucket": "photos", "Key": key})
    client.put_bucket_policy(
        Bucket="public", Policy=json.dumps({"Version": "2012-10-17", "Statement": policy})
    )
    shell = no_keys(minio)
    pomona("extract", "s3://public/little", tmp_path / "out", *SHARDS, "--s3-anonymous", env=shell)
    said = pomona("extract", little, tmp_path / "no", "--s3-anonymous", check=False, env=shell)
    assert said.status == 1 and "the bucket is not public" in said.stderr


def test_a_role_is_assumed_by_sts(minio, little, tmp_path):
    """MinIO's STS gives session keys, and MinIO knows them: the caller may do nothing itself but assume."""
    caller = minio.add_user("assumer", {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/little/*"]}]})  # fmt: skip
    shell = minio.environment(*caller)
    role = "arn:aws:iam::123456789012:role/photos"
    pomona(
        "extract", little, tmp_path / "out", *SHARDS, "--s3-role", role, "--s3-external-id", "x-1", env=shell
    )
    said = pomona(
        "extract",
        little,
        tmp_path / "no",
        "--s3-role",
        role,
        check=False,
        env=minio.environment("assumer", "wrong-key"),
    )
    assert said.status == 1
    assert f"[assume role] {role}" in said.stderr and "wrong-key" not in said.stderr


class Metadata:
    """What a container or an instance asks for its role's keys, on this machine: the paths and answers of AWS's
    documentation. The keys are real ones, of a session of MinIO's STS."""

    def __init__(self, server) -> None:
        role = "arn:aws:iam::123456789012:role/photos"
        user = server.add_user("on-a-machine", {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/little/*"]}]})  # fmt: skip
        sts = server.client("sts", *user)
        keys = sts.assume_role(RoleArn=role, RoleSessionName="photos")["Credentials"]
        self.asked: list[tuple[str, str]] = []
        answer = {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "LastUpdated": "2026-01-01T00:00:00Z",
            "AccessKeyId": keys["AccessKeyId"],
            "SecretAccessKey": keys["SecretAccessKey"],
            "Token": keys["SessionToken"],
            "Expiration": keys["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        roles = "/latest/meta-data/iam/security-credentials"
        texts = {
            "/latest/api/token": "a-token",
            roles: "photo-reader",
            f"{roles}/photo-reader": json.dumps(answer),
            "/role": json.dumps(answer),
        }
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.rstrip("/")
                asked.append((path, self.headers.get("Authorization", "")))
                content = texts.get(path, "").encode()
                self.send_response(200 if content else 404)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_PUT = do_GET  # noqa: N815

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def metadata(minio):
    running = Metadata(minio)
    yield running
    running.server.shutdown()


def test_a_container_has_the_keys_of_its_role(minio, little, metadata, tmp_path):
    shell = no_keys(minio) | {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{metadata.endpoint}/role",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "of-the-task",
    }
    pomona("extract", little, tmp_path / "out", *SHARDS, env=shell)
    assert ("/role", "of-the-task") in metadata.asked


def test_an_instance_has_the_keys_of_its_role(minio, little, metadata, tmp_path):
    shell = no_keys(minio) | {"AWS_EC2_METADATA_SERVICE_ENDPOINT": metadata.endpoint}
    del shell["AWS_EC2_METADATA_DISABLED"]
    pomona("extract", little, tmp_path / "out", *SHARDS, env=shell)
    assert any(path.endswith("/photo-reader") for path, _ in metadata.asked)


def test_a_pod_has_the_keys_of_its_web_identity(moto, fruits, tmp_path):
    """moto's STS gives session keys for a token."""
    client = moto.client()
    client.create_bucket(Bucket="pods")
    for photo in sample(fruits / "Training", 5):
        client.upload_file(str(photo), "pods", f"photos/{photo.name}")
    token = tmp_path / "token"
    token.write_text("header.payload.signature\n")
    shell = no_keys(moto) | {
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(token),
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/photos",
    }
    found = pomona("extract", "s3://pods/photos", tmp_path / "out", "--json", env=shell).json
    assert found["rows"] == 5
    token.unlink()
    said = pomona("extract", "s3://pods/photos", tmp_path / "no", check=False, env=shell)
    assert said.status == 1 and "the web identity token cannot be read" in said.stderr


def test_the_principal_is_named_where_sts_knows_it(moto, tmp_path):
    """moto answers GetCallerIdentity with an ARN."""
    places = {
        check["name"]: check["text"]
        for check in pomona("doctor", "s3://nowhere/x", "--json", check=False, env=moto.environment()).json[
            "checks"
        ]
    }
    assert "source caller" not in places  # there is no such bucket
    moto.client().create_bucket(Bucket="somewhere")
    checks = pomona("doctor", "s3://somewhere/x", "--json", check=False, env=moto.environment()).json[
        "checks"
    ]
    assert {c["name"]: c["text"] for c in checks}["source caller"].startswith("arn:aws:")
