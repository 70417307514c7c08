"""FeatureExtractor and PCA as stages of pyspark.ml, against NumPy, Spark's own PCA, and the core."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import link_photos, sample

from .clusters import VERSIONS, environment
from .conftest import damage


@pytest.fixture(scope="module")
def few(fruits, tmp_path_factory):
    chosen = sample(fruits / "Training", 120)
    source = link_photos(chosen[8:], fruits, tmp_path_factory.mktemp("few"))
    damage(chosen[:8], source / "damaged")
    return source


@pytest.mark.parametrize("version", list(VERSIONS))
def test_stages_of_a_pipeline(version, few, tmp_path):
    process = subprocess.run(
        [sys.executable, Path(__file__).with_name("ml_program.py"), few, tmp_path],
        env=environment(version),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    result = json.loads(process.stdout.splitlines()[-1])
    assert result["rows_in"] == result["rows_out"] == 118  # Spark's binaryFile leaves the two empty files out
    assert result["rejects"] == 6
    assert "not-an-image" in result["reasons"]
    assert result["same"] and result["same_by_path"] and result["saved_pca"]
    assert result["partitions"] > 1
    assert result["variance_error"] < 1e-9
    assert result["component_error"] < 1e-6
    assert result["projection_error"] < 1e-6
    assert result["pipeline_error"] < 1e-6
