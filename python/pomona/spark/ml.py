"""For people who live in DataFrames: a Transformer and an Estimator of pyspark.ml over the C++ core."""

from __future__ import annotations

import base64

import numpy as np
from pyspark import keyword_only
from pyspark.ml import Estimator, Model, Transformer
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasInputCol, HasOutputCol
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import functions as F  # noqa: N812

from pomona import _core

# Partial moments (6.6 MB each at 1,280 features) are merged in so many groups, then in fewer: up to 65,536
# partitions, a task merges 16 of them, and the driver does.
_GROUPS = (4096, 256, 16)
_MOMENTS = "part long, moments binary"


class _Parameters(HasInputCol, HasOutputCol, DefaultParamsReadable, DefaultParamsWritable):
    def _given(self, values: dict) -> None:
        self._set(**{name: value for name, value in values.items() if value is not None})


class FeatureExtractor(Transformer, _Parameters):
    """Photos to CNN features: the chain of ``pomona run``, for a frame of photos. Rows in = rows out.

    inputCol : bytes of files (``content`` of Spark's ``binaryFile``), or paths that every worker sees
    outputCol : the features, a vector (``array_to_vector``); null where the photo could not be used
    rejectCol : null, or a struct of stage, reason and detail where the photo could not be used
    network, precision, size, outputLayer, maxBytes, maxPixels, scaledDecode : as the flags of ``pomona run``
    """

    rejectCol = Param(  # noqa: N815
        Params._dummy(), "rejectCol", "column of what is wrong with a photo", TypeConverters.toString
    )
    network = Param(
        Params._dummy(), "network", "a built-in name, or a file on every worker", TypeConverters.toString
    )
    precision = Param(Params._dummy(), "precision", "int8, bf16 or f32", TypeConverters.toString)
    size = Param(
        Params._dummy(), "size", "pixels on a side of the input; 0: the network's own", TypeConverters.toInt
    )
    outputLayer = Param(Params._dummy(), "outputLayer", "layer of the features", TypeConverters.toString)  # noqa: N815
    maxBytes = Param(Params._dummy(), "maxBytes", "larger files are rejects", TypeConverters.toInt)  # noqa: N815
    maxPixels = Param(Params._dummy(), "maxPixels", "larger pictures are rejects", TypeConverters.toInt)  # noqa: N815
    scaledDecode = Param(  # noqa: N815
        Params._dummy(), "scaledDecode", "decode huge JPEGs at 1/2, 1/4 or 1/8", TypeConverters.toBoolean
    )

    @keyword_only
    def __init__(
        self,
        *,
        inputCol=None,
        outputCol=None,
        rejectCol=None,
        network=None,
        precision=None,
        size=None,
        outputLayer=None,
        maxBytes=None,
        maxPixels=None,
        scaledDecode=None,
    ):
        super().__init__()
        self._setDefault(
            inputCol="content",
            outputCol="features",
            rejectCol="reject",
            network="efficientnet-lite0",
            precision="int8",
            size=0,
            outputLayer="",
            maxBytes=50_000_000,
            maxPixels=100_000_000,
            scaledDecode=True,
        )
        self._given(self._input_kwargs)

    def _transform(self, dataset):
        threads = int(dataset.sparkSession.conf.get("spark.task.cpus", "1"))
        names = ("network", "precision", "size", "outputLayer", "maxBytes", "maxPixels", "scaledDecode")
        settings = (*(self.getOrDefault(name) for name in names), threads)
        answer, reject = F.col("_pomona"), self.getOrDefault("rejectCol")
        # Not deterministic, as far as Spark is concerned: or it would infer a photo again for a filter.
        photos = F.pandas_udf(
            _featurizer(settings), "features array<float>, stage string, reason string, detail string"
        ).asNondeterministic()
        return (
            dataset.withColumn("_pomona", photos(F.col(self.getInputCol())))
            .withColumn(
                self.getOutputCol(), F.when(answer.features.isNotNull(), array_to_vector("_pomona.features"))
            )
            .withColumn(
                reject,
                F.when(answer.reason.isNotNull(), F.struct(answer.stage, answer.reason, answer.detail)),
            )
            .drop("_pomona")
        )


_extractor = None  # (settings, extractor): one network a Python worker


def _featurizer(settings: tuple):
    def featurize(columns):
        import pandas as pd

        from pomona.spark import ml

        for photos in columns:
            features, rejects = ml._extract(settings, photos)
            told = [reject or (None, None, None) for reject in rejects]
            yield pd.DataFrame(
                {
                    "features": [None if r else row for row, r in zip(features, rejects, strict=True)],
                    **{name: [t[i] for t in told] for i, name in enumerate(("stage", "reason", "detail"))},
                }
            )

    from collections.abc import Iterator

    import pandas as pd

    featurize.__annotations__ = {"columns": Iterator[pd.Series], "return": Iterator[pd.DataFrame]}
    return featurize


def _extract(settings: tuple, photos):
    global _extractor
    if _extractor is None or _extractor[0] != settings:
        network, precision, size, layer, max_bytes, max_pixels, scaled, threads = settings
        _extractor = None
        made = _core.make_extractor(
            network, precision, size, layer, [], [], None, max_bytes, max_pixels, scaled, threads
        )
        _extractor = (settings, made)
    inputs = [
        p.removeprefix("file:") if isinstance(p, str) else b"" if p is None else bytes(p) for p in photos
    ]
    return _extractor[1].extract(inputs)


class PCA(Estimator, _Parameters):
    """Exact, centred principal components of a vector column, by moments that are merged on the workers.

    k : a number of components, or a fraction of the variance that they must explain (0 < k < 1)
    whiten : divide each component by its standard deviation

    The driver holds 16 partial sums of d * d / 2 numbers, however many rows and partitions there are, and no limit on d
    but its memory. Rows whose vector is null are left out.
    """

    k = Param(Params._dummy(), "k", "components, or the fraction of the variance", TypeConverters.toFloat)
    whiten = Param(Params._dummy(), "whiten", "to unit variance", TypeConverters.toBoolean)

    @keyword_only
    def __init__(self, *, inputCol=None, outputCol=None, k=None, whiten=None):
        super().__init__()
        self._setDefault(inputCol="features", outputCol="pca", k=0.95, whiten=False)
        self._given(self._input_kwargs)

    def _fit(self, dataset):
        column = self.getInputCol()
        rows = dataset.where(F.col(column).isNotNull()).select(vector_to_array(column).alias("x"))
        partial = rows.mapInArrow(_moments_of, _MOMENTS)
        for groups in _GROUPS:
            partial = partial.groupBy((F.col("part") % groups).alias("next")).applyInPandas(_merge, _MOMENTS)
        moments = _merged(sorted((row.part, bytes(row.moments)) for row in partial.collect()))
        k = self.getOrDefault("k")
        pca = _core.fit_pca(moments, None, k if k < 1 else int(k), self.getOrDefault("whiten"))
        model = PCAModel(state=base64.b64encode(pca.serialize()).decode())
        return self._copyValues(model)


class PCAModel(Model, _Parameters):
    """What :class:`PCA` found; ``transform`` writes ``outputCol``."""

    state = Param(Params._dummy(), "state", "safetensors in base64", TypeConverters.toString)
    k = PCA.k
    whiten = PCA.whiten

    @keyword_only
    def __init__(self, *, state=None):
        super().__init__()
        self._setDefault(inputCol="features", outputCol="pca")
        self._given(self._input_kwargs)

    def _pca(self):
        return _core.Pca.deserialize(base64.b64decode(self.getOrDefault("state")))

    pc = property(lambda self: self._pca().components.T, doc="d x k: a column a component, as Spark's own.")
    explainedVariance = property(  # noqa: N815
        lambda self: self._pca().explained_variance_ratio, doc="Share of the variance, a component."
    )

    def _transform(self, dataset):
        project = F.pandas_udf(_projector(self.getOrDefault("state")), "array<double>")
        known = F.col(self.getInputCol()).isNotNull()
        vectors = F.when(known, vector_to_array(self.getInputCol()))  # which takes no null
        reduced = F.when(known, array_to_vector(project(vectors)))
        return dataset.withColumn(self.getOutputCol(), reduced)


def _projector(state: str):
    def project(columns):
        import base64

        import numpy as np
        import pandas as pd

        from pomona import _core

        pca = _core.Pca.deserialize(base64.b64decode(state))
        for vectors in columns:
            known = vectors.dropna()
            reduced = pca.transform(np.stack(known)) if len(known) else np.empty((0, pca.k))
            rows = dict(zip(known.index, reduced, strict=True))
            yield pd.Series([rows.get(index) for index in vectors.index], index=vectors.index, dtype=object)

    from collections.abc import Iterator

    import pandas as pd

    project.__annotations__ = {"columns": Iterator[pd.Series], "return": Iterator[pd.Series]}
    return project


def _moments_of(batches):
    """Rows of one partition to one row: its number, and the moments of its vectors."""
    import pyarrow as pa
    from pyspark import TaskContext

    moments = None
    for batch in batches:
        column = batch.column(0)
        if len(column) == 0:
            continue
        rows = np.asarray(column.flatten()).reshape(len(column), -1)
        moments = moments or _core.Moments(rows.shape[1])
        moments.update(np.ascontiguousarray(rows))
    if moments is not None:
        part = pa.array([TaskContext.get().partitionId()], pa.int64())
        yield pa.RecordBatch.from_pydict(
            {"part": part, "moments": pa.array([moments.serialize()], pa.binary())}
        )


def _merged(parts):
    """Moments of (number, bytes) pairs, in this order: so the sum has the same bits every time."""
    moments = None
    for _, content in parts:
        other = _core.Moments.deserialize(content)
        if moments is None:
            moments = other
        else:
            moments.merge(other)
    if moments is None:
        raise ValueError("there is no vector to fit on: every row of the column is null")
    return moments


def _merge(key, frame):
    import pandas as pd

    parts = sorted(zip(frame["part"], map(bytes, frame["moments"]), strict=True))
    return pd.DataFrame({"part": [int(key[0])], "moments": [_merged(parts).serialize()]})
