"""What is wrong with a cluster is said in a few lines, with what to do about it."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import pomona as package
from conftest import link_photos, sample

from .clusters import environment
from .conftest import emr_version, on_spark


@pytest.fixture(scope="module")
def few(fruits, tmp_path_factory):
    return link_photos(sample(fruits / "Training", 40), fruits, tmp_path_factory.mktemp("few"))


def refused(command: list, variables: dict) -> str:
    process = subprocess.run(
        list(map(str, command)), env=variables, capture_output=True, text=True, timeout=600, check=False
    )
    assert process.returncode != 0
    lines = process.stderr.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("["))
    message = "\n".join(lines[first:])
    assert "Traceback" not in message and "\tat " not in message
    assert len(lines[first:]) <= 4, message
    return message


FAST = ["--size", "64", "--no-report", "--conf", "spark.task.maxFailures=1"]


@emr_version
def test_no_pomona_on_a_worker(cluster, few, tmp_path):
    venv.create(tmp_path / "bare", with_pip=False)
    site = next((tmp_path / "bare" / "lib").glob("python3*")) / "site-packages"
    for name in ("pyarrow", "numpy", "numpy.libs", "pandas", "dateutil", "six.py"):
        found = Path(package.__file__).parents[1] / name
        if found.exists():
            (site / name).symlink_to(found)
    variables = environment(
        cluster.version,
        PYSPARK_PYTHON=str(tmp_path / "bare" / "bin" / "python"),
        PYSPARK_DRIVER_PYTHON=sys.executable,
    )
    message = refused(on_spark(cluster, few, tmp_path / "out", *FAST), variables)
    assert "has no Pomona" in message
    assert f"install pomona {package.__version__} there" in message


@emr_version
def test_another_version_on_a_worker(cluster, few, tmp_path):
    other = tmp_path / "pomona"
    shutil.copytree(Path(package.__file__).parent, other, symlinks=True)
    for name in ("pyarrow", "openvino", "scipy_openblas64"):  # where its libraries look for others
        (tmp_path / name).symlink_to(Path(package.__file__).parents[1] / name)
    init = other / "__init__.py"
    init.write_text(init.read_text() + '\n__version__ = "0.0.1"\n')
    command = on_spark(cluster, few, tmp_path / "out", *FAST)
    command += ["--conf", f"spark.executorEnv.PYTHONPATH={tmp_path}"]
    message = refused(command, environment(cluster.version))
    assert "it has Pomona 0.0.1" in message
    assert f"the driver has Pomona {package.__version__}" in message


@emr_version
def test_no_python_on_a_worker(cluster, few, tmp_path):
    variables = environment(
        cluster.version, PYSPARK_PYTHON="/nowhere/python", PYSPARK_DRIVER_PYTHON=sys.executable
    )
    message = refused(on_spark(cluster, few, tmp_path / "out", *FAST), variables)
    assert "a worker has no Python at /nowhere/python" in message
    assert "PYSPARK_PYTHON" in message


def test_tasks_say_what_they_do_not_see(few, tmp_path):
    """The worker's side alone: its machine has neither the dataset nor the photos that the driver has."""
    order = order_of(few, tmp_path / "out")
    assert "position" in answer(order)
    hidden = tmp_path / "hidden"
    os.rename(few, hidden)
    try:
        (tmp_path / "out" / "shards" / "00000.json").unlink()
        few.mkdir()
        assert "sees none of the photos that the driver listed" in answer(order)
    finally:
        few.rmdir()
        os.rename(hidden, few)
    (tmp_path / "out" / "plan" / "settings.json").unlink()
    assert "does not see the dataset that the driver writes" in answer(order)


def order_of(source, out) -> str:
    """The order of the extract stage, as an engine gets it."""
    program = f"""
import sys
from pomona import _core
class Engine:
    description = lambda self: "none"
    tasks_at_a_time = threads_per_task = lambda self: 1
    check_memory = lambda self, need: ""
    def map(self, title, order, tasks, advance):
        print(order)
        raise KeyboardInterrupt
_core.run_program(["run", {str(source)!r}, {str(out)!r}, "--engine", "spark", "--size", "64", "--quiet"],
                  _core.StopSource(), lambda master, conf: Engine())
"""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.strip()


def answer(order: str) -> str:
    program = "import sys\nfrom pomona import _core\nprint(_core.TaskRunner(sys.argv[1]).run(0))"
    process = subprocess.run([sys.executable, "-c", program, order], capture_output=True, text=True)
    return process.stdout + process.stderr


def test_a_setting_that_is_none_and_an_engine_that_is_none(few, tmp_path):
    variables = environment("3.5.6")
    command = [Path(sys.executable).parent / "pomona", "run", few, tmp_path / "out"]
    assert "give embedded or spark" in refused([*command, "--engine", "ray"], variables)
    assert "--engine spark" in refused([*command, "--master", "local"], variables)
    message = refused([*command, "--engine", "spark", "--conf", "spark.x"], variables)
    assert "KEY=VALUE" in message
    del variables["PYTHONPATH"]
    message = refused([*command, "--engine", "spark"], variables)
    assert 'pip install ".[spark]"' in message


def test_what_spark_says_is_explained():
    from pomona.spark.failures import explain

    killed = RuntimeError(
        "Container killed by YARN for exceeding physical memory limits. 1.5 GB of 1.4 GB used"
    )
    told = explain(killed, "812m")
    assert "spark.executor.memoryOverhead=812m" in str(told)
    assert told.code == "storage"
