"""Spark Connect, where there are DataFrames only: the same bytes."""

import os
import signal
import subprocess
import sys

import pytest

from conftest import PROGRAM, ROOT, assert_same_results, link_photos, pomona, sample

from .clusters import environment, free_port, wait_for
from .conftest import damage

VERSION = "4.3.0"  # its package on PyPI has the server; that of 3.5.6 has not
# What the client needs besides.
CLIENT = ["grpcio==1.85.3", "grpcio-status==1.85.3", "googleapis-common-protos==1.76.0", "zstandard==0.25.0"]


@pytest.fixture(scope="module")
def client() -> str:
    """A folder for PYTHONPATH with what a client of Connect needs, installed once."""
    folder = ROOT / "build" / "spark" / "connect"
    if not (folder / "grpc").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", str(folder), *CLIENT], check=True, timeout=900)
    return str(folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Address of a Connect server with two cores of its own."""
    port = free_port()
    variables = environment(VERSION)
    log = tmp_path_factory.mktemp("connect") / "log"
    home = variables["SPARK_HOME"]
    command = [f"{home}/bin/spark-submit", "--master", "local[2]", "--conf", "spark.ui.enabled=false"]
    command += ["--conf", f"spark.connect.grpc.binding.port={port}"]
    process = subprocess.Popen(
        [*command, "--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal"],
        env=variables,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(
            lambda: "server started at" in log.read_text() or process.poll() is not None,
            "the Connect server runs",
        )
        assert process.poll() is None, log.read_text()
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_the_same_bytes_by_spark_connect(server, client, fruits, tmp_path):
    chosen = sample(fruits / "Training", 150)
    source = link_photos(chosen[8:], fruits, tmp_path / "photos")
    damage(chosen[:8], source / "damaged")
    flags = ["--size", "96", "--shard-size", "32", "--no-report"]
    pomona("run", source, tmp_path / "expected", *flags, "--quiet")
    variables = environment(VERSION)
    variables["PYTHONPATH"] += os.pathsep + client
    process = subprocess.run(
        [PROGRAM, "run", source, tmp_path / "out", *flags, "--engine", "spark", "--master", server],
        env=variables,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert "a Spark Connect server" in process.stderr
    assert_same_results(tmp_path / "expected", tmp_path / "out")
