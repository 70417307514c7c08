"""StandardScaler and PCA against scikit-learn on the same numbers."""

import pickle

import numpy as np
import pytest
import sklearn.base
import sklearn.decomposition
import sklearn.linear_model
import sklearn.pipeline
import sklearn.preprocessing

import pomona
from pomona import _core

SHAPES = [(2, 3), (5, 40), (40, 5), (300, 64), (64, 300), (1500, 96), (1, 4)]


def collection(n, d, seed=0, dtype=np.float32, offset=0.0, scale=1.0):
    """n photos of d features with a falling spectrum, as CNN features have."""
    random = np.random.default_rng(seed)
    causes = min(d, 30)
    strengths = random.normal(size=(n, causes)) * 0.8 ** np.arange(causes)
    rows = strengths @ random.normal(size=(causes, d)) + 0.05 * random.normal(size=(n, d))
    return (offset + scale * rows).astype(dtype)


def relative(actual, expected):
    return np.max(np.abs(actual - expected) / np.maximum(np.abs(expected), 1e-300))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "d"), SHAPES)
def test_scaler_agrees_with_scikit_learn(n, d, dtype):
    X = collection(n, d, dtype=dtype, offset=3)
    ours = pomona.StandardScaler().fit(X)
    theirs = sklearn.preprocessing.StandardScaler().fit(X.astype(np.float64))
    assert relative(ours.mean_, theirs.mean_) < 1e-12
    assert relative(ours.scale_, theirs.scale_) < 1e-9
    np.testing.assert_allclose(ours.var_, theirs.var_, rtol=1e-9, atol=1e-25)
    assert ours.n_samples_seen_ == n
    assert ours.n_features_in_ == d
    scaled = ours.transform(X)
    assert scaled.dtype == dtype
    np.testing.assert_allclose(scaled, theirs.transform(X.astype(np.float64)), rtol=2e-7, atol=2e-7)
    np.testing.assert_allclose(ours.inverse_transform(scaled), X, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scaler_by_batches_with_offsets_and_constants(dtype):
    X = collection(700, 20, dtype=dtype, offset=1e4, scale=1e-2)
    X[:, 3] = 0
    X[:, 4] = 0.1
    X[:, 5] = 1e7
    ours = pomona.StandardScaler()
    for batch in np.array_split(X, 5):
        ours.partial_fit(batch)
    theirs = sklearn.preprocessing.StandardScaler().fit(X.astype(np.float64))
    assert relative(ours.mean_, theirs.mean_) < 1e-6
    assert relative(ours.scale_, theirs.scale_) < 1e-6
    np.testing.assert_array_equal(ours.scale_[3:6], 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("whiten", [False, True])
@pytest.mark.parametrize(("n", "d"), [shape for shape in SHAPES if shape[0] > 1])
def test_pca_agrees_with_scikit_learn(n, d, whiten, dtype):
    X = collection(n, d, dtype=dtype, offset=2)
    k = max(1, min(n - 1, d, 10))
    ours = pomona.PCA(k, whiten=whiten).fit(X)
    theirs = sklearn.decomposition.PCA(k, whiten=whiten, svd_solver="full").fit(X.astype(np.float64))
    np.testing.assert_allclose(
        ours.explained_variance_ratio_, theirs.explained_variance_ratio_, rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(ours.explained_variance_, theirs.explained_variance_, rtol=2e-6)
    np.testing.assert_allclose(ours.singular_values_, theirs.singular_values_, rtol=2e-6)
    np.testing.assert_allclose(ours.noise_variance_, theirs.noise_variance_, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.mean_, theirs.mean_, rtol=1e-9)
    np.testing.assert_allclose(ours.components_, theirs.components_, atol=1e-4)
    assert (ours.n_components_, ours.n_samples_, ours.n_features_in_) == (k, n, d)
    expected = theirs.transform(X.astype(np.float64))
    reduced = ours.transform(X)
    assert reduced.dtype == dtype
    np.testing.assert_allclose(reduced, expected, atol=1e-4 * np.abs(expected).max())
    np.testing.assert_allclose(
        ours.inverse_transform(reduced), theirs.inverse_transform(expected), atol=1e-4 * np.abs(X).max()
    )


def test_pca_of_float64_is_exact_to_float64():
    X = collection(700, 50, dtype=np.float64, offset=1e4, scale=1e-2)
    ours = pomona.PCA(8).fit(X)
    theirs = sklearn.decomposition.PCA(8, svd_solver="full").fit(X)
    assert relative(ours.explained_variance_ratio_, theirs.explained_variance_ratio_) < 1e-8
    np.testing.assert_allclose(ours.components_, theirs.components_, atol=1e-8)
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), atol=1e-9)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9, 0.95, 0.99])
@pytest.mark.parametrize(("n", "d"), [(300, 64), (40, 64)])
def test_pca_by_fraction_takes_as_many_as_scikit_learn(n, d, fraction):
    X = collection(n, d)
    theirs = sklearn.decomposition.PCA(fraction, svd_solver="full").fit(X.astype(np.float64))
    assert pomona.PCA(fraction).fit(X).n_components_ == theirs.n_components_


def test_pca_by_batches_is_pca_of_everything():
    X = collection(1500, 64, offset=5)
    whole = pomona.PCA(10).fit(X)
    batches = pomona.PCA(10)
    for batch in np.array_split(X, 7):
        batches.partial_fit(batch)
    np.testing.assert_allclose(batches.components_, whole.components_, atol=1e-5)
    np.testing.assert_allclose(batches.explained_variance_, whole.explained_variance_, rtol=1e-6)


def test_scaler_then_pca_folded_into_one_projection():
    X = collection(900, 70, offset=1e3, scale=0.1)
    X[:, 7] = 2
    moments = _core.Moments(70)
    moments.update(X)
    scaler = _core.fit_scaler(moments)
    pca = _core.fit_pca(moments, scaler, 12, False)
    theirs = sklearn.pipeline.make_pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.decomposition.PCA(12, svd_solver="full")
    ).fit(X.astype(np.float64))
    np.testing.assert_allclose(pca.explained_variance_ratio, theirs[-1].explained_variance_ratio_, rtol=1e-6)
    np.testing.assert_allclose(pca.components, theirs[-1].components_, atol=1e-4)
    expected = theirs.transform(X.astype(np.float64))
    np.testing.assert_allclose(
        _core.Projection(scaler, pca).apply(X), expected, atol=1e-4 * np.abs(expected).max()
    )


@pytest.mark.parametrize(
    "layout",
    [
        lambda X: np.asfortranarray(X),
        lambda X: np.repeat(X, 2, axis=0)[::2],
        lambda X: np.pad(X, 3)[3:-3, 3:-3],
        lambda X: X.tolist(),
    ],
)
def test_any_layout_of_the_same_numbers_is_the_same(layout):
    X = collection(120, 9, dtype=np.float64)
    np.testing.assert_array_equal(
        pomona.PCA(3).fit_transform(layout(X)), pomona.PCA(3).fit_transform(np.ascontiguousarray(X))
    )
    np.testing.assert_array_equal(
        pomona.StandardScaler().fit(layout(X)).mean_, pomona.StandardScaler().fit(X).mean_
    )


def test_whole_numbers_are_taken_as_float64():
    X = np.arange(24).reshape(8, 3) ** 2
    theirs = sklearn.preprocessing.StandardScaler().fit_transform(X)
    np.testing.assert_allclose(pomona.StandardScaler().fit_transform(X), theirs, rtol=1e-12)


def test_works_in_a_pipeline_and_with_clone():
    X = collection(400, 30)
    y = (X[:, 0] > 0).astype(int)

    def pipeline(scaler, pca):
        return sklearn.pipeline.make_pipeline(scaler, pca, sklearn.linear_model.LogisticRegression())

    ours = sklearn.base.clone(pipeline(pomona.StandardScaler(), pomona.PCA(0.9))).fit(X, y)
    theirs = pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.decomposition.PCA(0.9, svd_solver="full")
    ).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    copy = sklearn.base.clone(pomona.PCA(0.9, whiten=True))
    assert copy.get_params() == {"n_components": 0.9, "whiten": True}
    assert repr(copy) == "PCA(n_components=0.9, whiten=True)"
    assert copy.set_params(n_components=3).n_components == 3


@pytest.mark.parametrize("estimator", [pomona.PCA(4), pomona.StandardScaler()])
def test_survives_pickling(estimator):
    X = collection(100, 12)
    estimator.fit(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(estimator)).transform(X), estimator.transform(X))


@pytest.mark.parametrize("make", [pomona.PCA, pomona.StandardScaler])
def test_refuses_what_is_no_matrix_of_numbers(make):
    good = collection(20, 6)
    for bad, words in [
        (good[0], "2D"),
        (good[None], "2D"),
        (np.full((3, 2), np.nan), "NaN"),
        (np.array([[1, np.inf], [2, 3]]), "infinity"),
        ([["a", "b"], ["c", "d"]], "numbers"),
        (np.empty((4, 0)), "1 feature"),
    ]:
        with pytest.raises(ValueError, match=words):
            make().fit(bad)
    with pytest.raises(ValueError, match=r"X has 5 features, but .* is expecting 6"):
        make().fit(good).transform(good[:, :5])


@pytest.mark.parametrize("make", [pomona.PCA, pomona.StandardScaler])
def test_says_that_it_is_not_fitted(make):
    with pytest.raises(pomona.NotFittedError, match="fit"):
        make().transform(collection(3, 3))
    assert not hasattr(make(), "mean_")


def test_pca_says_what_to_do():
    X = collection(10, 20)
    for components, words in [
        (0, "at least 1"),
        (11, "10 photos are fewer"),
        (21, "20 features"),
        (1.5, "0.95"),
    ]:
        with pytest.raises(pomona.Error, match=words):
            pomona.PCA(components).fit(X)
    with pytest.raises(ValueError, match="n_components"):
        pomona.PCA("all").fit(X)
    with pytest.raises(ValueError, match="no parameter"):
        pomona.PCA().set_params(components=3)
