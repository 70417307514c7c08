"""Pomona: photographs in; CNN features, scaling, PCA and a frozen model out."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pomona._core import Error, __version__, decode, decode_resized, resize, resize_targets
    from pomona._estimator import NotFittedError
    from pomona.decomposition import PCA
    from pomona.photos import Bundle, FeatureExtractor, load_bundle
    from pomona.preprocessing import StandardScaler

# Which module each name comes from. It is imported when the name is first used: the console script lives in this
# package and must start without NumPy, Arrow and the native library.
_MODULES = {
    "Bundle": "pomona.photos",
    "Error": "pomona._core",
    "FeatureExtractor": "pomona.photos",
    "NotFittedError": "pomona._estimator",
    "PCA": "pomona.decomposition",
    "StandardScaler": "pomona.preprocessing",
    "__version__": "pomona._core",
    "decode": "pomona._core",
    "decode_resized": "pomona._core",
    "load_bundle": "pomona.photos",
    "resize": "pomona._core",
    "resize_targets": "pomona._core",
}

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


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(_MODULES))
