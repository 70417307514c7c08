"""For spark-submit: spark-submit --master yarn examples/spark_job.py SOURCE OUT [flags of pomona run]."""

from pomona.spark import main

main()
