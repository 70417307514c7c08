"""Pomona: photographs in; CNN features, scaling, PCA and a frozen model out."""

from pomona._core import Error, __version__, decode, decode_resized, resize, resize_targets
from pomona._estimator import NotFittedError
from pomona.decomposition import PCA
from pomona.photos import Bundle, FeatureExtractor, load_bundle
from pomona.preprocessing import StandardScaler

__all__ = [
    "PCA",
    "Bundle",
    "Error",
    "FeatureExtractor",
    "NotFittedError",
    "StandardScaler",
    "__version__",
    "decode",
    "decode_resized",
    "load_bundle",
    "resize",
    "resize_targets",
]
