"""The console script: hands over to the native program in the package."""

import os
import sys
from pathlib import Path


def main() -> None:
    program = Path(__file__).parent / "bin" / "pomona"
    # OpenBLAS starts its threads when it is loaded and lets them spin, whatever it is told later; Pomona uses none.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["POMONA_PYTHON"] = sys.executable  # for the engines that live in Python
    os.execv(program, ["pomona", *sys.argv[1:]])
