"""Run by test_ml.py in a Python with PySpark: what a data scientist does in a notebook. Prints one JSON object."""

import json
import sys

import numpy as np
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.feature import PCA as SparkPCA  # noqa: N811
from pyspark.ml.feature import StandardScaler
from pyspark.ml.functions import vector_to_array
from pyspark.sql import SparkSession

import pomona
from pomona.spark.ml import PCA, FeatureExtractor

photos, folder = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "4")
    .config("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
frame = (
    spark.read.format("binaryFile")
    .option("recursiveFileLookup", "true")
    .load(photos)
    .select("path", "content")
)
result = {"rows_in": frame.count()}

extractor = FeatureExtractor(precision="f32", size=64)
assert extractor.copy().getOrDefault("size") == 64
assert "maxPixels" in extractor.explainParams()
features = extractor.transform(frame).cache()
rows = features.collect()
result["rows_out"] = len(rows)
result["rejects"] = sum(row.reject is not None for row in rows)
result["reasons"] = sorted({row.reject.reason for row in rows if row.reject})

# The same features as the core gives for the same files, to the last bit; null exactly where there is a reject.
paths = [row.path.removeprefix("file:") for row in rows]
table = pomona.FeatureExtractor(precision="f32", size=64, threads=1).extract(paths).to_pylist()
result["same"] = all(
    row.features is None
    if row.reject
    else np.array_equal(row.features.toArray(), np.float64(ours["features"]))
    for row, ours in zip(rows, table, strict=True)
)
assert all((row.features is None) == (row.reject is not None) for row in rows)

# By path instead of bytes: the same.
by_path = (
    FeatureExtractor(inputCol="path", precision="f32", size=64).transform(frame.select("path")).collect()
)
one, other = ({r.path: r.features for r in some} for some in (rows, by_path))
result["same_by_path"] = one == other

usable = features.where("reject is null")
matrix = np.array([row.features.toArray() for row in rows if not row.reject])
model = PCA(inputCol="features", outputCol="pca", k=5).fit(usable)
result["partitions"] = usable.rdd.getNumPartitions()
centred = matrix - matrix.mean(axis=0)
_, singular, components = np.linalg.svd(centred, full_matrices=False)
result["variance_error"] = float(
    np.abs(model.explainedVariance - (singular[:5] ** 2 / (singular**2).sum())).max()
)
ours = np.abs(np.array(model.pc).T @ components[:5].T)
result["component_error"] = float(np.abs(ours - np.eye(5)).max())
reduced = {r.path: r.pca for r in model.transform(features).collect()}
assert all((reduced[row.path] is None) == (row.reject is not None) for row in rows)
got = np.array([reduced[row.path].toArray() for row in rows if not row.reject])
result["projection_error"] = float(np.abs(np.abs(got) - np.abs(centred @ components[:5].T)).max())

# Saved and loaded, alone and within a pipeline of Spark's own stages and ours.
model.write().overwrite().save(folder + "/pca")
loaded = type(model).load(folder + "/pca")
result["saved_pca"] = {r.path: r.pca for r in loaded.transform(features).collect()} == reduced
stages = [
    StandardScaler(inputCol="features", outputCol="scaled", withMean=True),
    SparkPCA(inputCol="scaled", outputCol="theirs", k=4),
    PCA(inputCol="scaled", outputCol="ours", k=4),
]
pipeline = Pipeline(stages=stages).fit(usable)
PipelineModel(stages=[extractor, *pipeline.stages]).write().overwrite().save(folder + "/pipeline")
again = PipelineModel.load(folder + "/pipeline")
good = frame.join(usable.select("path"), "path")
last = again.transform(good).select(vector_to_array("theirs"), vector_to_array("ours")).toPandas()
theirs, mine = (np.stack(last[column].to_numpy()) for column in last.columns)
# Spark's PCA does not centre; its input was: so both are the same but for signs.
result["pipeline_error"] = float(np.abs(np.abs(theirs) - np.abs(mine)).max())
print(json.dumps(result))
