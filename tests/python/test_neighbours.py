"""Nearest neighbours as a classifier against scikit-learn on the same numbers."""

import numpy as np
import pytest
import sklearn.neighbors
from test_classify import keys_of, kinds

from pomona import _core


@pytest.mark.parametrize("k", [1, 7, 50])
def test_logits_are_the_weighted_votes_of_scikit_learn(k):
    X, y = kinds(600)
    fresh = kinds(200, seed=1)[0]
    ours = _core.keep_neighbours(X, y, 5, keys_of(600), k).logits(fresh)
    theirs = sklearn.neighbors.KNeighborsClassifier(
        k, metric="cosine", algorithm="brute", weights=lambda d: np.exp(20 * (1 - d))
    ).fit(X.astype(np.float64), y)
    distances = theirs.kneighbors(fresh.astype(np.float64))[0]
    total = np.exp(20 * (1 - distances)).sum(axis=1, keepdims=True)
    votes = theirs.predict_proba(fresh.astype(np.float64)) * total
    expected = np.log(votes + 0.1 * np.exp(20 * (1 - distances[:, -1:])))
    np.testing.assert_allclose(ours, expected, atol=1e-4)


def test_a_photo_has_the_same_logits_alone_and_among_others():
    X, y = kinds(500)
    model = _core.keep_neighbours(X, y, 5, keys_of(500), 10)
    together = model.logits(X)
    np.testing.assert_array_equal(np.vstack([model.logits(X[i : i + 1]) for i in range(100)]), together[:100])


def test_the_order_of_the_photos_leaves_no_trace():
    X, y = kinds(400)
    keys = keys_of(400)
    order = np.random.default_rng(1).permutation(400)
    one = _core.keep_neighbours(X, y, 5, keys, 10)
    other = _core.keep_neighbours(X[order], y[order], 5, keys[order], 10)
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.logits(X), other.logits(X))


def test_too_many_photos_are_thinned_by_key():
    X, y = kinds(400)
    keys = keys_of(400)
    kept = _core.keep_neighbours(X, y, 5, keys, 10, max_rows=50)
    np.testing.assert_array_equal(kept.rows, X[np.argsort(keys)[:50]])


def test_selection_judges_rows_that_are_not_among_the_neighbours():
    """Labels that say nothing: whoever found a row itself would be right every time."""
    random = np.random.default_rng(4)
    X = random.normal(size=(300, 20)).astype(np.float32)
    y = random.integers(0, 3, size=300).astype(np.uint32)
    keys = keys_of(300)
    selection = _core.select_strength(X, y, 3, keys, keys, knn=True)
    assert [candidate["neighbours"] for candidate in selection["tried"]] == [5, 10, 20, 50, 100]
    assert all(candidate["accuracy"] < 0.45 for candidate in selection["tried"])


def test_selection_gives_the_logits_of_the_chosen_number_of_neighbours():
    X, y = kinds(600)
    keys = keys_of(600)
    selection = _core.select_strength(X, y, 5, keys, keys, knn=True, threads=2)
    k = selection["best"]["neighbours"]
    rows, fold = selection["rows"], selection["fold"]
    for index in range(5):
        judged = rows[fold == index]
        learnt = np.setdiff1d(np.arange(600), judged)
        model = _core.keep_neighbours(X[learnt], y[learnt], 5, keys[learnt], k)
        np.testing.assert_allclose(selection["logits"][fold == index], model.logits(X[judged]), atol=1e-6)
