"""The portable wheel runs on Amazon Linux 2023: nothing in it is newer than manylinux_2_34."""

import re
import subprocess
import sys


def test_within_manylinux_2_34(portable_wheel):
    assert portable_wheel.name.endswith("-manylinux_2_34_x86_64.whl")
    shown = subprocess.run(
        [sys.executable, "-m", "auditwheel", "show", portable_wheel],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    glibc = [int(minor) for minor in re.findall(r"\bGLIBC_2\.(\d+)", shown)]
    libstdcxx = [int(patch) for patch in re.findall(r"\bGLIBCXX_3\.4\.(\d+)", shown)]
    assert glibc and max(glibc) <= 34, shown
    assert libstdcxx and max(libstdcxx) <= 29, shown  # GCC 11's, which Amazon Linux 2023 has
