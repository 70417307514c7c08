"""``python -m pomona.spark`` is the program ``pomona``, with Spark beside it."""

from pomona.spark.program import main

main()
