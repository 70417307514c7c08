"""A Spark session on this machine, and the second half of both notebooks: StandardScaler and PCA of Spark
ML."""

import os
import sys


def start(cores, settings=None):
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    # Workers find common.py and the others; their TensorFlow does not announce itself.
    os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    from pyspark.sql import SparkSession

    builder = (
        SparkSession.builder.appName("peer").master(f"local[{cores}]").config("spark.ui.enabled", "false")
    )
    for key, value in (settings or {}).items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def scale_and_project(features, out, components):
    """`features`: a frame of path, label, features array<float>. Writes path, label, reduced."""
    from pyspark.ml.feature import PCA, StandardScaler
    from pyspark.ml.functions import array_to_vector, vector_to_array

    vectors = features.withColumn("vector", array_to_vector("features"))
    scaler = StandardScaler(inputCol="vector", outputCol="scaled", withMean=True, withStd=True).fit(vectors)
    scaled = scaler.transform(vectors)
    pca = PCA(k=components, inputCol="scaled", outputCol="pca").fit(scaled)
    reduced = pca.transform(scaled).withColumn("reduced", vector_to_array("pca", "float32"))
    reduced.select("path", "label", "reduced").write.mode("overwrite").parquet(str(out))


def image_frame(spark, args):
    """The photos by Spark's binaryFile source, with the parent folder as label. `--limit` takes any N, for
    trials: Spark lists folders, and a list of single files would cost it a job of its own."""
    from pyspark.sql.functions import col, element_at, split

    reader = (
        spark.read.format("binaryFile")
        .option("pathGlobFilter", "*.jpg")
        .option("recursiveFileLookup", "true")
    )
    photos = reader.load(str(args.photos))
    photos = photos.limit(args.limit) if args.limit else photos
    return photos.withColumn("label", element_at(split(col("path"), "/"), -2))
