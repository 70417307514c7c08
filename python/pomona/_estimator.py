"""What the estimators share: parameters, checks of the input, and scikit-learn's protocol without scikit-learn."""

import inspect

import numpy as np


class NotFittedError(ValueError, AttributeError):
    """An estimator was asked for something that only fitting gives."""


class Estimator:
    """Parameters are the arguments of `__init__`, kept under their own names, as scikit-learn has it."""

    @classmethod
    def _parameter_names(cls):
        return sorted(name for name in inspect.signature(cls.__init__).parameters if name != "self")

    def get_params(self, deep=True):
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **parameters):
        names = self._parameter_names()
        for name, value in parameters.items():
            if name not in names:
                raise ValueError(
                    f"{type(self).__name__} has no parameter {name!r}; it has: {', '.join(names)}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self):
        defaults = inspect.signature(type(self).__init__).parameters
        changed = [
            f"{name}={value!r}"
            for name, value in self.get_params().items()
            if value is not defaults[name].default and value != defaults[name].default
        ]
        return f"{type(self).__name__}({', '.join(changed)})"

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def __sklearn_is_fitted__(self):
        return self._sums is not None

    def __sklearn_tags__(self):
        from sklearn.utils import Tags, TargetTags, TransformerTags  # only scikit-learn asks

        return Tags(
            estimator_type="transformer",
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(preserves_dtype=["float64", "float32"]),
        )

    _sums = None  # moments of what was fitted, in C++

    def _fitted_sums(self):
        if self._sums is None:
            name = type(self).__name__
            raise NotFittedError(f"this {name} is not fitted yet: call fit() or partial_fit() first")
        return self._sums

    @property
    def n_features_in_(self):
        return self._fitted_sums().dimension

    def _checked(self, X, columns=None):
        """X as a C-contiguous matrix of float32 (if it was that or smaller) or float64."""
        name = type(self).__name__
        try:
            X = np.asarray(X)
            if X.dtype.kind not in "fiub":
                X = X.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{name} takes a dense matrix of numbers: {error}") from None
        if X.ndim != 2:
            raise ValueError(
                f"{name} takes a 2D array, photos by features, not {X.ndim}D: reshape(1, -1) makes one photo"
            )
        if X.shape[1] == 0:
            raise ValueError(f"{name} takes at least 1 feature; the array's shape is {X.shape}")
        X = np.ascontiguousarray(
            X, dtype=np.float32 if X.dtype.kind == "f" and X.itemsize <= 4 else np.float64
        )
        if columns is not None and X.shape[1] != columns:
            raise ValueError(
                f"X has {X.shape[1]} features, but {name} is expecting {columns} features as input"
            )
        if not np.isfinite(X).all():
            raise ValueError(f"X holds NaN or infinity: {name} takes finite numbers only")
        return X

    def _add(self, X, sums_type):
        """Takes the rows of X into the sums."""
        X = self._checked(X, None if self._sums is None else self._sums.dimension)
        if self._sums is None:
            self._sums = sums_type(X.shape[1])
        self._sums.update(X)
