"""Workers whose own Python lacks Pomona do the job with the environment that Spark ships to them."""

import subprocess
import tarfile

from conftest import assert_same_results, link_photos, pomona, sample

from .clusters import environment
from .conftest import PACKED_PYTHON, emr_version, on_spark


@emr_version
def test_shipped_to_a_standalone_cluster(cluster, packed_environment, fruits, tmp_path):
    source = link_photos(sample(fruits / "Training", 100), fruits, tmp_path / "photos")
    flags = ["--size", "96", "--shard-size", "16", "--no-report"]
    pomona("run", source, tmp_path / "expected", *flags, "--quiet")
    command = on_spark(cluster, source, tmp_path / "out", *flags)
    command += ["--conf", f"spark.archives={packed_environment}#environment"]
    process = subprocess.run(
        command,
        env=environment(cluster.version, PYSPARK_PYTHON=PACKED_PYTHON),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert_same_results(tmp_path / "expected", tmp_path / "out")
    # It was that environment: there was none beside the executors before.
    work = cluster.folder / "work"
    assert list(work.glob("*/*/environment/lib/python3*/site-packages/pomona/__init__.py"))


def test_what_is_shipped_is_trimmed(packed_environment):
    with tarfile.open(packed_environment) as archive:
        names = archive.getnames()
        unpacked = sum(member.size for member in archive)
    assert any(name.endswith("site-packages/pomona/bin/pomona") for name in names)
    assert not [name for name in names if "/tests/" in name or "intel_gpu_plugin" in name]
    assert unpacked < 600e6
