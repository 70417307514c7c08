"""PCA, with scikit-learn's conventions and the moments and eigenvectors of the C++ core."""

import numbers

import numpy as np

from pomona import _core
from pomona._estimator import Estimator


class PCA(Estimator):
    """Principal components: exact, centred, with scikit-learn's signs.

    n_components: a number; a fraction of the variance that they must explain (0 < fraction < 1); or None for all.
    whiten: divide each component by its standard deviation.

    `partial_fit` takes a collection batch by batch and gives what `fit` gives on all of it, but for rounding:
    only the moments are kept. Moments of float32 rows are summed in float64 between blocks of 128 rows and in float32 within one; those of float64
    rows in float64 throughout. float32 stays float32.
    """

    def __init__(self, n_components=None, *, whiten=False):
        self.n_components = n_components
        self.whiten = whiten

    def fit(self, X, y=None):
        self._sums = None
        self._fit = None
        self._add(X, _core.Moments)
        self._fitted()
        return self

    def partial_fit(self, X, y=None):
        """Components are computed when they are first asked for, not batch by batch."""
        self._add(X, _core.Moments)
        self._fit = None
        return self

    def transform(self, X):
        X = self._checked(X, self.n_features_in_)
        return self._projection().apply(X) if X.dtype == np.float32 else self._fitted().transform(X)

    def inverse_transform(self, X):
        X = self._checked(X, self._fitted().k)
        return self._fitted().inverse_transform(X.astype(np.float64, copy=False)).astype(X.dtype, copy=False)

    def get_feature_names_out(self, input_features=None):
        return np.asarray([f"pca{i}" for i in range(self.n_components_)], dtype=object)

    _fit = None
    _folded = None

    def _fitted(self):
        sums = self._fitted_sums()
        if self._fit is None:
            self._fit = _core.fit_pca(sums, None, self._wanted(sums), bool(self.whiten))
            self._folded = None
        return self._fit

    def _projection(self):
        pca = self._fitted()
        if self._folded is None:
            self._folded = _core.Projection(None, pca)
        return self._folded

    def _wanted(self, sums):
        wanted = self.n_components
        if wanted is None:
            return min(sums.count, sums.dimension)
        if isinstance(wanted, numbers.Integral) and not isinstance(wanted, bool) and wanted >= 0:
            return int(wanted)
        if isinstance(wanted, numbers.Real) and not isinstance(wanted, numbers.Integral):
            return float(wanted)
        raise ValueError(f"n_components={wanted!r}: give a number, a fraction between 0 and 1, or None")

    @property
    def components_(self):
        return self._fitted().components

    @property
    def explained_variance_(self):
        return self._fitted().explained_variance

    @property
    def explained_variance_ratio_(self):
        return self._fitted().explained_variance_ratio

    @property
    def singular_values_(self):
        return self._fitted().singular_values

    @property
    def mean_(self):
        return self._fitted().mean

    @property
    def noise_variance_(self):
        return self._fitted().noise_variance

    @property
    def n_components_(self):
        return self._fitted().k

    @property
    def n_samples_(self):
        return self._fitted_sums().count

    n_samples_seen_ = n_samples_

    def __getstate__(self):
        sums = None if self._sums is None else self._sums.serialize()
        return {"n_components": self.n_components, "whiten": self.whiten, "sums": sums}

    def __setstate__(self, state):
        self.n_components = state["n_components"]
        self.whiten = state["whiten"]
        if state["sums"] is not None:
            self._sums = _core.Moments.deserialize(state["sums"])
