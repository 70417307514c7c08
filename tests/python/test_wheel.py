"""The portable wheel runs on Amazon Linux 2023: nothing in it is newer than manylinux_2_34."""

import re
import subprocess
import sys

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        ["bash", ROOT / "tools" / "portable_wheel.sh", sys.executable, folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=900,
    )
    return next(folder.glob("pomona-*.whl"))


def test_within_manylinux_2_34(wheel):
    assert wheel.name.endswith("-manylinux_2_34_x86_64.whl")
    shown = subprocess.run(
        [sys.executable, "-m", "auditwheel", "show", wheel], capture_output=True, text=True, check=True
    ).stdout
    glibc = [int(minor) for minor in re.findall(r"\bGLIBC_2\.(\d+)", shown)]
    libstdcxx = [int(patch) for patch in re.findall(r"\bGLIBCXX_3\.4\.(\d+)", shown)]
    assert glibc and max(glibc) <= 34, shown
    assert libstdcxx and max(libstdcxx) <= 29, shown  # GCC 11's, which Amazon Linux 2023 has
