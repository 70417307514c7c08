"""YARN and HDFS as on EMR: spark-submit in both modes, an executor killed in the middle, a shipped environment, photos
on HDFS."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, assert_same_results, link_photos, pomona, sample

from .clusters import children, command_of, environment, wait_for
from .conftest import PACKED_PYTHON, committed, damage

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


def blas_settings() -> dict[str, str]:
    """Where this shell chooses OpenBLAS's kernels, and so the last bits of sums, containers do as well."""
    chosen = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    places = ("spark.executorEnv", "spark.yarn.appMasterEnv")
    return {f"{place}.{name}": value for place in places for name, value in chosen.items()}


def submit(
    variables: dict,
    log: Path,
    program: Path,
    *arguments,
    mode: str = "client",
    python: str = sys.executable,
    **more: str,
) -> subprocess.Popen:
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
        "spark.yarn.appMasterEnv.PYSPARK_PYTHON": python,
        "spark.pyspark.python": python,
        **blas_settings(),
        **more,
    }
    flags = [word for key, value in settings.items() for word in ("--conf", f"{key}={value}")]
    command = [f"{home}/bin/spark-submit", "--master", "yarn", "--deploy-mode", mode, *flags]
    return subprocess.Popen(
        [*command, program, *arguments],
        env=variables,
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


JOB = ROOT / "examples" / "spark_job.py"


@pytest.fixture(scope="module")
def expected(photos, tmp_path_factory):
    out = tmp_path_factory.mktemp("expected") / "out"
    pomona("run", photos, out, *SETTINGS, "--quiet")
    return out


def test_client_mode_and_an_executor_killed(yarn, photos, expected, tmp_path):
    variables, cluster = yarn
    out, log = tmp_path / "out", tmp_path / "log"
    process = submit(variables, log, JOB, photos, out, *SETTINGS)
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


def test_cluster_mode_with_a_shipped_environment(yarn, photos, expected, packed_environment, tmp_path):
    """Driver and workers run in containers, with what is in the archive and no other Pomona."""
    variables, _ = yarn
    variables = {name: value for name, value in variables.items() if name != "PYSPARK_PYTHON"}
    out, log = tmp_path / "out", tmp_path / "log"
    shipped = {"spark.archives": f"{packed_environment}#environment"}
    process = submit(
        variables, log, JOB, photos, out, *SETTINGS, mode="cluster", python=PACKED_PYTHON, **shipped
    )
    assert process.wait(600) == 0, log.read_text()
    assert_same_results(expected, out)


def test_photos_on_hdfs_by_the_dataframe_api(yarn, fruits, tmp_path):
    variables, _ = yarn
    chosen = sample(fruits / "Training", 60)
    source = link_photos(chosen[4:], fruits, tmp_path / "photos")
    damage(chosen[:4], source / "damaged")
    log = tmp_path / "log"
    program = Path(__file__).with_name("hdfs_program.py")
    assert submit(variables, log, program, source).wait(600) == 0, log.read_text()
    result = json.loads(next(line for line in log.read_text().splitlines() if line.startswith("{")))
    assert result["scheme"] == "hdfs"
    assert result["rows"] == 59  # Spark's binaryFile leaves the empty file out
    assert result["rejects"] == 3
    assert result["same"]
