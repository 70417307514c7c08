"""Given to spark-submit by test_yarn.py: photos on HDFS to features on HDFS, by the DataFrame API. Prints one JSON object."""

import json
import sys

import numpy as np
from pyspark.sql import SparkSession

import pomona
from pomona.spark.ml import FeatureExtractor

source = sys.argv[1]
spark = SparkSession.builder.getOrCreate()
hadoop = spark._jvm.org.apache.hadoop.fs
storage = hadoop.FileSystem.get(spark._jsc.hadoopConfiguration())
storage.copyFromLocalFile(hadoop.Path(source), hadoop.Path("/photos"))

root = f"{storage.getUri()}/photos"
photos = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(root)
extractor = FeatureExtractor(precision="int8", size=96)
features = f"{storage.getUri()}/features"
extractor.transform(photos.select("path", "content")).drop("content").write.parquet(features)
rows = spark.read.parquet(features).collect()

local = [source + row.path.removeprefix(root) for row in rows]
table = pomona.FeatureExtractor(precision="int8", size=96, threads=1).extract(local).to_pylist()
same = all(
    row.features is None
    if row.reject
    else np.array_equal(row.features.toArray(), np.float64(ours["features"]))
    for row, ours in zip(rows, table, strict=True)
)
result = {
    "scheme": storage.getUri().getScheme(),
    "rows": len(rows),
    "rejects": sum(row.reject is not None for row in rows),
    "same": same,
}
print("\n" + json.dumps(result))
