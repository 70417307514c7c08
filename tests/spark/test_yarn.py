"""YARN and HDFS as on EMR: spark-submit in both modes, an executor killed in the middle."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, assert_same_results, pomona

from .conftest import children, command_of, committed, environment, wait_for

VERSION = "3.5.6"
SETTINGS = ["--precision", "int8", "--size", "96", "--shard-size", "32", "--no-report"]


@pytest.fixture(scope="module")
def yarn(tmp_path_factory):
    """Variables of a client of the cluster, and the process of the cluster."""
    folder = tmp_path_factory.mktemp("yarn")
    log = folder / "log"
    process = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("minicluster.py"), folder],
        env=environment(VERSION),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(lambda: "READY" in log.read_text() or process.poll() is not None, "YARN and HDFS run", 300)
        assert process.poll() is None, log.read_text()
        yield (
            environment(
                VERSION,
                HADOOP_CONF_DIR=str(folder / "conf"),
                YARN_CONF_DIR=str(folder / "conf"),
                PYTHONUNBUFFERED="1",
            ),
            process,
        )
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def submit(mode: str, variables: dict, source: Path, out: Path, log: Path) -> subprocess.Popen:
    home = variables["SPARK_HOME"]
    settings = {
        "spark.yarn.jars": f"local:{home}/jars/*",
        "spark.executor.instances": "2",
        "spark.executor.memory": "512m",
        "spark.executor.memoryOverhead": "512m",
        "spark.driver.memory": "512m",
        "spark.ui.enabled": "false",
        "spark.executorEnv.SPARK_LOCAL_IP": "127.0.0.1",
        "spark.yarn.appMasterEnv.SPARK_LOCAL_IP": "127.0.0.1",
        "spark.yarn.appMasterEnv.PYSPARK_PYTHON": sys.executable,
        "spark.pyspark.python": sys.executable,
    }
    flags = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    command = [f"{home}/bin/spark-submit", "--master", "yarn", "--deploy-mode", mode, *flags]
    return subprocess.Popen(
        [*command, ROOT / "examples" / "spark_job.py", source, out, *SETTINGS],
        env=variables,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def expected(photos, tmp_path_factory):
    out = tmp_path_factory.mktemp("expected") / "out"
    pomona("run", photos, out, *SETTINGS, "--quiet")
    return out


def test_client_mode_and_an_executor_killed(yarn, photos, expected, tmp_path):
    variables, cluster = yarn
    out, log = tmp_path / "out", tmp_path / "log"
    process = submit("client", variables, photos, out, log)
    wait_for(
        lambda: len(committed(out)) >= 2 or process.poll() is not None, "the first shards are committed", 400
    )
    executors = [p for p in children(cluster.pid) if "YarnCoarseGrainedExecutorBackend" in command_of(p)]
    before = committed(out)
    if not executors:
        raise AssertionError(log.read_text())
    os.kill(max(executors), signal.SIGKILL)  # the JVM, not the shell that started it
    assert not (out / "run.json").exists()
    assert process.wait(600) == 0, log.read_text()
    assert_same_results(expected, out)
    assert {name: committed(out)[name] for name in before} == before


def test_cluster_mode(yarn, photos, expected, tmp_path):
    variables, _ = yarn
    out, log = tmp_path / "out", tmp_path / "log"
    assert submit("cluster", variables, photos, out, log).wait(600) == 0, log.read_text()
    assert_same_results(expected, out)
