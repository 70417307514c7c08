"""The Spark engine gives the bytes of the embedded one."""

import json
import subprocess

import pandas as pd
import pytest

from conftest import assert_same_results, pomona

from .clusters import environment
from .conftest import DAMAGED, on_spark


@pytest.fixture(scope="module", params=["f32", "int8"])
def embedded(request, photos, tmp_path_factory):
    """Flags, and the dataset that the embedded engine makes with them."""
    out = tmp_path_factory.mktemp("embedded") / request.param
    flags = ["--precision", request.param, "--size", "96", "--shard-size", "64", "--augment", "1"]
    pomona("run", photos, out, *flags, "--quiet")
    return flags, out


def test_spark_gives_the_same_bytes(cluster, photos, embedded, tmp_path):
    flags, expected = embedded
    out = tmp_path / "out"
    process = subprocess.run(
        on_spark(cluster, photos, out, *flags, "--json"),
        env=environment(cluster.version),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert_same_results(expected, out)
    summary = json.loads(process.stdout.splitlines()[-1])
    assert summary["rejects"] == DAMAGED == len(pd.read_parquet(out / "rejects"))
    assert summary["rows"] + summary["rejects"] == summary["photos"] == len(list(photos.rglob("*.jpg")))
    assert not (out / "moments").exists()
    # Partitions are explained, and the stages are counted on the driver's terminal.
    assert "2 tasks at a time" in process.stderr
    assert "extract  " in process.stderr
