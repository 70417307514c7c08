"""StandardScaler, with scikit-learn's conventions and the sums of the C++ core."""

import numpy as np

from pomona import _core
from pomona._estimator import Estimator


class StandardScaler(Estimator):
    """Each feature minus its mean, divided by its standard deviation (population; 1 where the feature is constant).

    Means and variances are summed in float64. float32 stays float32. `partial_fit` takes a collection batch by batch.
    """

    def __init__(self):
        pass

    def fit(self, X, y=None):
        self._sums = None
        return self.partial_fit(X)

    def partial_fit(self, X, y=None):
        self._add(X, _core.Variances)
        self._fit = _core.fit_scaler(self._sums)
        return self

    def transform(self, X):
        return self._fitted().transform(self._checked(X, self.n_features_in_))

    def inverse_transform(self, X):
        return self._fitted().inverse_transform(self._checked(X, self.n_features_in_))

    def get_feature_names_out(self, input_features=None):
        names = (
            input_features if input_features is not None else [f"x{i}" for i in range(self.n_features_in_)]
        )
        return np.asarray(names, dtype=object)

    def _fitted(self):
        self._fitted_sums()
        return self._fit

    @property
    def mean_(self):
        return self._fitted().mean

    @property
    def var_(self):
        return self._fitted().var

    @property
    def scale_(self):
        return self._fitted().scale

    @property
    def n_samples_seen_(self):
        return self._fitted_sums().count

    def __getstate__(self):
        sums = self._sums
        return {"sums": None if sums is None else (sums.count, sums.mean, sums.squares)}

    def __setstate__(self, state):
        if state["sums"] is not None:
            self._sums = _core.Variances.from_sums(*state["sums"])
            self._fit = _core.fit_scaler(self._sums)
