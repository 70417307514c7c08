"""PySpark as in the published student notebooks "deploy a model in the cloud": binaryFile, a SCALAR_ITER
pandas UDF that rebuilds Keras's MobileNetV2 in every task, Pillow's resize, model.predict, Parquet; then
Spark ML's StandardScaler and PCA.

Two kindnesses: all cores of the machine are used (most notebooks say `local`), and the features are read back
from Parquet before the scaler, so that Spark does not compute them three times over. Random weights: the
trained ones are a download from outside the package registries; the cost is the same.
"""

import io

import spark_session
from common import arguments, report


def build_model():
    from tensorflow.keras import Model
    from tensorflow.keras.applications.mobilenet_v2 import MobileNetV2

    model = MobileNetV2(weights=None, include_top=True, input_shape=(224, 224, 3))
    return Model(inputs=model.input, outputs=model.layers[-2].output)


def make_udf(broadcast_weights):
    import numpy as np
    import pandas as pd
    from pyspark.sql.functions import PandasUDFType, pandas_udf

    def model_fn():
        model = build_model()
        model.set_weights(broadcast_weights.value)
        return model

    def preprocess(content):
        from PIL import Image
        from tensorflow.keras.applications.mobilenet_v2 import preprocess_input
        from tensorflow.keras.preprocessing.image import img_to_array

        image = Image.open(io.BytesIO(content)).convert("RGB").resize([224, 224])
        return preprocess_input(img_to_array(image))

    def featurize_series(model, content_series):
        predictions = model.predict(np.stack(content_series.map(preprocess)), verbose=0)
        return pd.Series([row.flatten() for row in predictions])

    @pandas_udf("array<float>", PandasUDFType.SCALAR_ITER)
    def featurize_udf(content_series_iter):
        model = model_fn()
        for content_series in content_series_iter:
            yield featurize_series(model, content_series)

    return featurize_udf


def main():
    args = arguments(__doc__)
    spark = spark_session.start(args.cores, {"spark.sql.parquet.writeLegacyFormat": "true"})
    images = spark_session.image_frame(spark, args)
    featurize = make_udf(spark.sparkContext.broadcast(build_model().get_weights()))
    features = images.repartition(20).select("path", "label", featurize("content").alias("features"))
    features.write.mode("overwrite").parquet(str(args.out / "features"))

    features = spark.read.parquet(str(args.out / "features"))
    photos = features.count()
    if args.stage == "all":
        spark_session.scale_and_project(features, args.out / "reduced", args.components)
    versions = spark.version
    spark.stop()
    import tensorflow

    report(photos, pyspark=versions, tensorflow=tensorflow.__version__, weights="random")


if __name__ == "__main__":
    main()
