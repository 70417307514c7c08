"""Photographs to features and reduced vectors: the chain of ``pomona run``, for the photos that you hand in."""

from __future__ import annotations

import os
from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from pomona import _core

Photo = str | os.PathLike | bytes

_REJECT = pa.struct([("stage", pa.string()), ("reason", pa.string()), ("detail", pa.string())])


def _photos(photos: Photo | Iterable[Photo]) -> list[str | bytes]:
    if isinstance(photos, str | os.PathLike | bytes):
        raise TypeError("photos must be a list of paths or bytes, not a single one: put it into a list")
    return [bytes(p) if isinstance(p, bytes | bytearray | memoryview) else os.fspath(p) for p in photos]


def _table(photos: list[str | bytes], name: str, values: np.ndarray, rejects: list) -> pa.Table:
    """One row a photo, in the order given; the vector is null where the photo was rejected."""
    rows, width = values.shape
    offsets = pa.array(np.arange(rows + 1, dtype=np.int64) * width, pa.int64())
    missing = pa.array([reject is not None for reject in rejects], pa.bool_())
    vectors = pa.LargeListArray.from_arrays(offsets, pa.array(values.ravel()), mask=missing)
    keys = ("stage", "reason", "detail")
    return pa.table(
        {
            "path": pa.array([p if isinstance(p, str) else None for p in photos], pa.string()),
            name: vectors,
            "reject": pa.array([r and dict(zip(keys, r, strict=True)) for r in rejects], _REJECT),
        }
    )


class FeatureExtractor:
    """A network and everything before it: decoding, EXIF orientation, resizing.

    Parameters
    ----------
    network : a built-in name (``efficientnet-lite0``, ``-lite1``, ``-lite2``), or a ``.onnx``, ``.xml`` or
        ``.tflite`` file
    precision : ``int8`` (default), ``bf16``, or ``f32``, the exact reference
    size : pixels on a side of the network's input; the network's own by default
    output_layer : the layer that gives the features; by default the input of the classifier
    mean, scale : pixels become ``(x - mean) / scale``; one number or one a channel; the network's own by default
    ranges : INT8 ranges of a network of your own, as JSON text (the file that ``pomona calibrate`` writes)
    max_bytes, max_pixels : larger photos are rejected before memory is taken
    scaled_decode : decode JPEGs much larger than ``size`` at 1/2, 1/4 or 1/8
    threads : the cores that this process may use, by default
    """

    def __init__(
        self,
        network: str | os.PathLike = "efficientnet-lite0",
        precision: str = "int8",
        *,
        size: int | None = None,
        output_layer: str | None = None,
        mean: float | Iterable[float] | None = None,
        scale: float | Iterable[float] | None = None,
        ranges: str | None = None,
        max_bytes: int = 50_000_000,
        max_pixels: int = 100_000_000,
        scaled_decode: bool = True,
        threads: int | None = None,
    ) -> None:
        self._extractor = _core.make_extractor(
            os.fspath(network),
            precision,
            size or 0,
            output_layer or "",
            _channels(mean),
            _channels(scale),
            ranges,
            max_bytes,
            max_pixels,
            scaled_decode,
            threads or 0,
        )

    @property
    def dimension(self) -> int:
        """Length of a feature vector."""
        return self._extractor.dimension

    @property
    def size(self) -> int:
        """Pixels on a side of the network's input."""
        return self._extractor.size

    @property
    def output_layer(self) -> str:
        """The layer that gives the features."""
        return self._extractor.output_layer

    def extract(self, photos: Iterable[Photo]) -> pa.Table:
        """Paths or bytes to a table of path, features and reject, one row a photo in the order given.

        ``path`` is null for bytes. ``features`` is null and ``reject`` a struct of stage, reason and detail where a
        photo could not be used; ``reject`` is null where it could.
        """
        inputs = _photos(photos)
        return _table(inputs, "features", *self._extractor.extract(inputs))


class Bundle:
    """The frozen model of a run; see :func:`load_bundle`."""

    def __init__(self, loaded: _core.LoadedBundle) -> None:
        self._loaded = loaded

    network = property(lambda self: self._loaded.network, doc="Name of the network.")
    precision = property(lambda self: self._loaded.precision, doc="``f32``, ``bf16`` or ``int8``.")
    size = property(lambda self: self._loaded.size, doc="Pixels on a side of the network's input.")
    dimension = property(lambda self: self._loaded.dimension, doc="Length of a feature vector.")
    n_components = property(lambda self: self._loaded.n_components, doc="Length of a reduced vector.")
    explained_variance_ratio = property(
        lambda self: self._loaded.explained_variance_ratio,
        doc="Share of the variance that each component keeps.",
    )
    classes = property(
        lambda self: self._loaded.classes, doc="Labels of the photos it was fitted on, sorted."
    )

    def reduce(self, photos: Iterable[Photo]) -> pa.Table:
        """Paths or bytes to a table of path, reduced and reject, one row a photo in the order given.

        The vectors are those of the batch run, to the last bit, on the same kind of machine.
        """
        inputs = _photos(photos)
        return _table(inputs, "reduced", *self._loaded.reduce(inputs))


def load_bundle(
    path: str | os.PathLike,
    threads: int | None = None,
    *,
    s3_endpoint: str = "",
    s3_region: str = "",
    s3_profile: str = "",
    s3_role: str = "",
    s3_external_id: str = "",
    s3_sts_endpoint: str = "",
    s3_ca_file: str = "",
    s3_path_style: bool | None = None,
    s3_anonymous: bool = False,
) -> Bundle:
    """Load and verify the bundle in a folder or below ``s3://bucket/prefix``: ``OUT/bundle`` of a finished run.

    The ``s3_`` arguments say how S3 is reached, as the flags of ``pomona run --help-s3`` do (``s3_ca_file`` is
    ``AWS_CA_BUNDLE``); what is not given comes from the environment.
    """
    s3 = _core.S3Options()
    s3.endpoint = s3_endpoint
    s3.region = s3_region
    s3.profile = s3_profile
    s3.role = s3_role
    s3.external_id = s3_external_id
    s3.sts_endpoint = s3_sts_endpoint
    s3.ca_file = s3_ca_file
    s3.path_style = s3_path_style
    s3.anonymous = s3_anonymous
    return Bundle(_core.load_bundle(os.fspath(path), threads or 0, s3))


def _channels(values: float | Iterable[float] | None) -> list[float]:
    if values is None:
        return []
    return [float(values)] if isinstance(values, int | float) else [float(v) for v in values]
