"""The notebook, tuned by someone who knows Spark and TensorFlow: one model a worker process, tf.function, one
TensorFlow thread a worker, batches of 64, partitions of a sensible number and size, the features cached for
scaler and PCA.

The network comes as .npz (networks.py); its random MobileNetV2 costs what Keras's own does.
"""

import io

import spark_session
from common import arguments, report

BATCH = 64
SETTINGS = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH),
    # binaryFile counts 4 MB for opening a file and would make a task of every 30 photos.
    "spark.sql.files.openCostInBytes": "65536",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.shuffle.partitions": "8",
    "spark.driver.memory": "3g",
}


def make_udf(network, size):
    import numpy as np
    import pandas as pd
    from pyspark.sql.functions import PandasUDFType, pandas_udf

    def preprocess(content):
        from PIL import Image

        return np.asarray(
            Image.open(io.BytesIO(content)).convert("RGB").resize((size, size), Image.Resampling.BICUBIC)
        )

    @pandas_udf("array<float>", PandasUDFType.SCALAR_ITER)
    def featurize(contents):
        import keras_network

        infer = keras_network.extractor(network, size)
        for batch in contents:
            yield pd.Series(list(infer(np.stack([preprocess(content) for content in batch]))))

    return featurize


def main():
    args = arguments(__doc__)
    spark = spark_session.start(args.cores, SETTINGS)
    images = spark_session.image_frame(spark, args)
    featurize = make_udf(args.network, args.size)
    features = (
        images.repartition(4 * args.cores)
        .select("path", "label", featurize("content").alias("features"))
        .cache()
    )
    features.write.mode("overwrite").parquet(str(args.out / "features"))
    photos = features.count()
    if args.stage == "all":
        spark_session.scale_and_project(features, args.out / "reduced", args.components)
    version = spark.version
    spark.stop()
    report(photos, pyspark=version, weights="random" if "mobilenet" in args.network else "trained")


if __name__ == "__main__":
    main()
