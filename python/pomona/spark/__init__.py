"""The same job on Apache Spark: the same bytes as ``pomona run`` in one process. Needs ``pip install ".[spark]"``."""

from pomona.spark.program import main

__all__ = ["main"]
