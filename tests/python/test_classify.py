"""Classifier, cross-validation, novelty and figures of merit against scikit-learn and SciPy on the same numbers."""

import numpy as np
import pytest
import scipy.cluster.hierarchy
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn.decomposition
import sklearn.linear_model
import sklearn.metrics
import sklearn.neighbors
import sklearn.preprocessing

from pomona import _core


def kinds(n, d=24, classes=5, seed=0, spread=1.2):
    """n rows of a few overlapping classes of unequal size, and their labels."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(classes, d))
    labels = np.minimum(random.geometric(0.35, size=n) - 1, classes - 1)
    rows = centres[labels] + spread * random.normal(size=(n, d)) * np.linspace(2, 0.3, d)
    return rows.astype(np.float32), labels.astype(np.uint32)


def keys_of(n, seed=5):
    return np.random.default_rng(seed).integers(0, 2**63, size=n, dtype=np.uint64)


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize("strength", [0.001, 0.1, 10.0])
def test_regression_agrees_with_scikit_learn(strength, balanced):
    X, y = kinds(900)
    ours = _core.train_softmax(X, y, 5, strength=strength, balanced=balanced, tolerance=1e-8)
    theirs = sklearn.linear_model.LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, tol=1e-9, max_iter=10000
    ).fit(X.astype(np.float64), y)
    fresh = kinds(300, seed=1)[0]
    np.testing.assert_allclose(ours.probabilities(fresh), theirs.predict_proba(fresh), atol=1e-4)
    np.testing.assert_allclose(ours.weights, theirs.coef_, atol=2e-3 * np.abs(theirs.coef_).max())


@pytest.mark.parametrize("strength", [0.001, 0.1, 10.0])
def test_the_default_tolerance_moves_no_photo_to_another_class(strength):
    X, y = kinds(900)
    default = _core.train_softmax(X, y, 5, strength=strength).probabilities(X)
    exact = _core.train_softmax(X, y, 5, strength=strength, tolerance=1e-8).probabilities(X)
    np.testing.assert_allclose(default, exact, atol=5e-3)
    np.testing.assert_array_equal(default.argmax(axis=1), exact.argmax(axis=1))


def test_regression_of_two_classes_is_the_multinomial_one():
    X, y = kinds(400, classes=2)
    ours = _core.train_softmax(X, y, 2, strength=0.1, tolerance=1e-6)
    # Rows of weights w / 2 and -w / 2 cost half of what scikit-learn's single row w does: that is twice the C.
    theirs = sklearn.linear_model.LogisticRegression(C=0.2, tol=1e-9, max_iter=10000).fit(
        X.astype(np.float64), y
    )
    np.testing.assert_allclose(ours.probabilities(X), theirs.predict_proba(X), atol=1e-4)


def test_regression_has_the_same_bits_for_any_number_of_threads():
    X, y = kinds(5000)
    models = [_core.train_softmax(X, y, 5, strength=0.1, threads=threads) for threads in (1, 2, 3)]
    for model in models[1:]:
        np.testing.assert_array_equal(model.weights, models[0].weights)
        np.testing.assert_array_equal(model.intercepts, models[0].intercepts)


def test_a_warm_start_ends_where_a_cold_one_does():
    X, y = kinds(900)
    start = _core.train_softmax(X, y, 5, strength=0.01)
    warm = _core.train_softmax(X, y, 5, strength=0.1, start=start, tolerance=1e-6)
    cold = _core.train_softmax(X, y, 5, strength=0.1, tolerance=1e-6)
    np.testing.assert_allclose(warm.probabilities(X), cold.probabilities(X), atol=1e-4)


def test_a_row_has_the_same_probabilities_alone_and_among_others():
    X, y = kinds(500)
    model = _core.train_softmax(X, y, 5)
    together = model.probabilities(X)
    alone = np.vstack([model.probabilities(X[i : i + 1]) for i in range(100)])
    np.testing.assert_array_equal(alone, together[:100])


def test_folds_part_no_group_and_balance_the_classes():
    y = kinds(2000)[1]
    groups = np.random.default_rng(1).integers(0, 60, size=2000).astype(np.uint64)
    fold = _core.plan_folds(y, groups, 5)
    assert set(fold) == set(range(5))
    for label in range(5):
        for group in range(60):
            assert len(set(fold[(y == label) & (groups == group)])) <= 1
        counts = np.bincount(fold[y == label], minlength=5)
        assert counts.max() - counts.min() <= np.bincount(groups[y == label].astype(int)).max()


def test_folds_without_groups_are_stratified_and_depend_on_keys_alone():
    y = kinds(1003)[1]
    keys = keys_of(1003)
    fold = _core.plan_folds(y, keys, 5)
    for label in range(5):
        counts = np.bincount(fold[y == label], minlength=5)
        assert counts.max() - counts.min() <= 1
    order = np.random.default_rng(2).permutation(1003)
    np.testing.assert_array_equal(_core.plan_folds(y[order], keys[order], 5), fold[order])


def test_a_class_of_one_group_is_always_learnt_from():
    y = np.array([0] * 6 + [1] * 6, np.uint32)
    groups = np.array([7] * 6 + [1, 1, 2, 2, 3, 3], np.uint64)
    fold = _core.plan_folds(y, groups, 3)
    assert (fold[:6] == 2**32 - 1).all()
    assert sorted(fold[6:]) == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("n", "clusters"), [(1, 1), (2, 1), (40, 7), (150, 10), (30, 40)])
def test_average_linkage_agrees_with_scipy(n, clusters):
    X = kinds(n, seed=n)[0].astype(np.float64)
    distances = sklearn.metrics.pairwise_distances(X, metric="cosine")
    ours = _core.average_linkage(distances, clusters)
    if n > 1:
        tree = scipy.cluster.hierarchy.linkage(X, "average", metric="cosine")
        theirs = scipy.cluster.hierarchy.fcluster(tree, clusters, "maxclust")
        assert sklearn.metrics.adjusted_rand_score(ours, theirs) == 1
    assert len(set(ours)) == min(n, clusters)


@pytest.mark.parametrize("max_linked", [1000, 40])
def test_bursts_of_photos_are_groups_wherever_they_stand(max_linked):
    random = np.random.default_rng(3)
    scenes = random.normal(size=(12, 30))
    scene = random.integers(0, 12, size=600)
    X = (scenes[scene] + 0.1 * random.normal(size=(600, 30))).astype(np.float32)
    y = (scene % 2).astype(np.uint32)
    keys = keys_of(600)
    groups = _core.lookalike_groups(X, y, keys, groups_per_class=6, max_linked=max_linked)
    assert sklearn.metrics.adjusted_rand_score(groups, scene) == 1
    order = random.permutation(600)
    again = _core.lookalike_groups(
        X[order], y[order], keys[order], groups_per_class=6, max_linked=max_linked, threads=2
    )
    np.testing.assert_array_equal(again, groups[order])


def test_selection_judges_rows_by_models_that_have_not_seen_them():
    """Labels that say nothing: whoever had seen the rows would be right more often than chance."""
    random = np.random.default_rng(4)
    X = random.normal(size=(300, 200)).astype(np.float32)
    y = random.integers(0, 3, size=300).astype(np.uint32)
    keys = keys_of(300)
    selection = _core.select_strength(X, y, 3, keys, keys)
    assert sorted(selection["rows"]) == list(range(300))
    assert all(candidate["accuracy"] < 0.45 for candidate in selection["tried"])
    assert selection["best"]["strength"] == selection["tried"][0]["strength"]
    np.testing.assert_array_equal(selection["labels"], y[selection["rows"]])


def test_selection_agrees_with_scikit_learn_fold_by_fold():
    X, y = kinds(700)
    keys = keys_of(700)
    selection = _core.select_strength(X, y, 5, keys, keys, threads=2)
    fold = _core.plan_folds(y, keys, 5)
    rows = selection["rows"]
    np.testing.assert_array_equal(selection["fold"], fold[rows])
    expected = np.empty((700, 5))
    for index in range(5):
        model = sklearn.linear_model.LogisticRegression(
            C=selection["best"]["strength"], tol=1e-8, max_iter=10000
        )
        expected[fold == index] = model.fit(X[fold != index], y[fold != index]).predict_proba(
            X[fold == index]
        )
    ours = scipy.special.softmax(selection["logits"].astype(np.float64), axis=1)
    np.testing.assert_allclose(ours, expected[rows], atol=0.1)
    assert np.mean(np.abs(ours - expected[rows])) < 2e-3
    assert selection["best"]["accuracy"] == np.mean(selection["logits"].argmax(1) == y[rows])


def test_selection_of_many_rows_takes_some_of_them():
    X, y = kinds(3000)
    keys = keys_of(3000)
    selection = _core.select_strength(X, y, 5, keys, keys, max_rows=500)
    assert set(selection["rows"]) == set(np.argsort(keys)[:500])


def test_temperature_minimises_the_log_loss():
    random = np.random.default_rng(6)
    true = random.normal(size=(2000, 7)) * 2
    y = (scipy.special.softmax(true, 1).cumsum(1) > random.random((2000, 1))).argmax(1).astype(np.uint32)
    logits = (true * 3.7).astype(np.float32)

    def loss(log_temperature):
        p = scipy.special.softmax(logits.astype(np.float64) / np.exp(log_temperature), axis=1)
        return sklearn.metrics.log_loss(y, p)

    best = scipy.optimize.minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-9}).x
    ours = _core.fit_temperature(logits, y)
    assert ours == pytest.approx(np.exp(best), rel=1e-5)
    assert ours == pytest.approx(3.7, rel=0.1)


def test_figures_agree_with_scikit_learn():
    random = np.random.default_rng(7)
    y = random.integers(0, 6, size=500).astype(np.uint32)
    y[y == 5] = 4  # a class without photos
    p = np.where(random.random(500) < 0.6, y, random.integers(0, 6, size=500)).astype(np.uint32)
    p[p == 2] = 3  # a class that is never answered
    ours = _core.evaluate(y, p, 7)
    assert ours["accuracy"] == pytest.approx(sklearn.metrics.accuracy_score(y, p))
    assert ours["macro_f1"] == pytest.approx(sklearn.metrics.f1_score(y, p, average="macro", zero_division=0))
    labels = list(range(7))
    np.testing.assert_array_equal(ours["confusion"], sklearn.metrics.confusion_matrix(y, p, labels=labels))
    theirs = sklearn.metrics.precision_recall_fscore_support(y, p, labels=labels, zero_division=0)
    np.testing.assert_allclose(ours["per_class"], np.transpose(theirs))


def test_log_loss_and_calibration_agree_with_their_definitions():
    random = np.random.default_rng(8)
    p = random.dirichlet(np.full(6, 0.3), size=800)
    p[0] = [1, 0, 0, 0, 0, 0]  # sure, and wrong
    y = random.integers(0, 6, size=800).astype(np.uint32)
    y[0] = 3
    assert _core.log_loss(p, y) == pytest.approx(sklearn.metrics.log_loss(y, p), rel=1e-12)
    ours = _core.calibration(p, y)
    confidence, right = p.max(1), p.argmax(1) == y
    edges = np.linspace(0, 1, 16)
    ece = 0
    for b, (rows, mean, accuracy) in enumerate(ours["bins"]):
        inside = (confidence > edges[b]) & (confidence <= edges[b + 1])
        assert rows == inside.sum()
        if rows:
            assert mean == pytest.approx(confidence[inside].mean())
            assert accuracy == pytest.approx(right[inside].mean())
            ece += abs(mean - accuracy) * rows / 800
    assert ours["ece"] == pytest.approx(ece)


@pytest.mark.parametrize("levels", [3, 1000])
def test_auroc_agrees_with_scikit_learn(levels):
    random = np.random.default_rng(9)
    positives = random.integers(0, levels, size=300) + levels / 5
    negatives = random.integers(0, levels, size=200).astype(np.float64)
    truth = np.r_[np.ones(300), np.zeros(200)]
    expected = sklearn.metrics.roc_auc_score(truth, np.r_[positives, negatives])
    assert _core.auroc(positives, negatives) == pytest.approx(expected, abs=1e-12)
    assert np.isnan(_core.auroc(positives, np.empty(0)))


def test_wilson_interval_agrees_with_scipy():
    for successes, trials in [(0, 10), (10, 10), (157, 196), (1, 3)]:
        theirs = scipy.stats.binomtest(successes, trials).proportion_ci(method="wilson")
        assert _core.wilson_interval(successes, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert _core.wilson_interval(0, 0) == (0, 1)


def fitted(X, components, whiten=False):
    moments = _core.Moments(X.shape[1])
    moments.update(X)
    scaler = _core.fit_scaler(moments)
    pca = _core.fit_pca(moments, scaler, components, whiten)
    return scaler, pca, _core.Projection(scaler, pca)


@pytest.mark.parametrize("whiten", [False, True])
def test_residual_is_what_the_components_leave(whiten):
    X, _ = kinds(400, d=40)
    scaler, pca, projection = fitted(X, 9, whiten)
    fresh = kinds(100, d=40, seed=2, spread=3)[0]
    scores = _core.ResidualNovelty(scaler, pca).score(fresh, projection.apply(fresh))
    scaled = sklearn.preprocessing.StandardScaler().fit(X).transform(fresh.astype(np.float64))
    left = scaled - scaled @ pca.components.T @ pca.components
    np.testing.assert_allclose(scores, (left**2).sum(1), rtol=1e-4)


def test_held_back_residuals_come_from_fits_without_the_rows():
    X, y = kinds(300, d=40)
    fold = _core.plan_folds(y, keys_of(300), 4)
    fold[:5] = 2**32 - 1
    scores = _core.held_back_residuals(X, fold, 4, 9, True, 2)
    assert np.isnan(scores[:5]).all()
    for index in range(4):
        scaler = sklearn.preprocessing.StandardScaler().fit(X[fold != index].astype(np.float64))
        pca = sklearn.decomposition.PCA(9, svd_solver="full").fit(scaler.transform(X[fold != index]))
        scaled = scaler.transform(X[fold == index])
        left = scaled - pca.inverse_transform(pca.transform(scaled))
        np.testing.assert_allclose(scores[fold == index], (left**2).sum(1), rtol=1e-3)


def test_mahalanobis_distance_agrees_with_numpy():
    X, y = kinds(500)
    y[y == 3] = 2  # a class without photos
    fresh = kinds(60, seed=3)[0].astype(np.float64)
    ours = _core.fit_mahalanobis(X, y, 5, shrinkage=0.2).score(fresh.astype(np.float32))
    means = np.array([X[y == c].mean(0, dtype=np.float64) for c in (0, 1, 2, 4)])
    within = X - means[np.searchsorted([0, 1, 2, 4], y)]
    covariance = within.T @ within / 500
    shrunk = 0.8 * covariance + 0.2 * np.trace(covariance) / 24 * np.eye(24)
    difference = fresh[:, None] - means
    expected = np.einsum("ncd,de,nce->nc", difference, np.linalg.inv(shrunk), difference).min(1)
    np.testing.assert_allclose(ours, expected, rtol=1e-4)


def test_virtual_logit_matching_agrees_with_its_formula():
    random = np.random.default_rng(10)
    residuals = random.gamma(3, 20, size=50)
    logits = random.normal(3, 2, size=(50, 6)).astype(np.float32)
    weight = _core.vim_weight(residuals, logits)
    assert weight == pytest.approx(logits.max(1).sum(dtype=np.float64) / np.sqrt(residuals).sum())
    for residual, row in zip(residuals, logits, strict=True):
        expected = weight * np.sqrt(residual) - scipy.special.logsumexp(row.astype(np.float64))
        assert _core.vim_score(residual, row, weight) == pytest.approx(expected)


def test_thresholds_reject_the_share_that_they_say():
    scores = np.random.default_rng(11).gamma(2, size=1003)
    threshold = _core.rejection_threshold(np.r_[scores, np.nan], 0.05)
    assert threshold == pytest.approx(np.quantile(scores, 0.95))
    for groups in (60, 340, 10000):
        share = _core.certified_rejection(0.05, groups)
        test = scipy.stats.binomtest(0, groups)
        assert 0 <= share < 0.05 and test.n == groups
        bound = scipy.stats.norm.ppf(0.999)
        centre = share + bound**2 / (2 * groups)
        spread = bound * np.sqrt(share * (1 - share) / groups + bound**2 / (4 * groups**2))
        upper = (centre + spread) / (1 + bound**2 / groups)
        assert upper == pytest.approx(0.05, abs=1e-6) or (share < 1e-9 and upper > 0.05)
    assert _core.certified_rejection(0.05, 5) == pytest.approx(0, abs=1e-12)


def test_nearest_neighbours_agree_with_scikit_learn():
    X, y = kinds(600)
    fresh = kinds(90, seed=12)[0]
    theirs = sklearn.neighbors.KNeighborsClassifier(7, metric="cosine", algorithm="brute").fit(X, y)
    distances, rows = theirs.kneighbors(fresh.astype(np.float64))
    nearest = _core.NearestRows(X)
    ours_rows, cosines = nearest.find(fresh, 7)
    np.testing.assert_array_equal(ours_rows, rows)
    np.testing.assert_allclose(1 - cosines, distances, atol=1e-6)
    np.testing.assert_allclose(nearest.vote(fresh, 7, y, 5), theirs.predict_proba(fresh), atol=1e-12)
    alone, _ = nearest.find(fresh[3:4], 7)
    np.testing.assert_array_equal(alone[0], ours_rows[3])


def test_decisions():
    p = np.array([0.1, 0.7, 0.2])
    verdict, ranking, reason = _core.decide(p, 1.0, 2.0, 0.5)
    assert (verdict, ranking) == ("known", [(1, 0.7), (2, 0.2), (0, 0.1)])
    assert "70.0 %" in reason
    verdict, ranking, reason = _core.decide(p, 1.0, 2.0, 0.8, top=1)
    assert (verdict, ranking) == ("uncertain", [(1, 0.7)])
    verdict, _, reason = _core.decide(p, 2.1, 2.0, 0.5)
    assert verdict == "not-a-fruit"
    assert "2.10" in reason


def test_the_whole_classifier_knows_what_it_knows():
    X, y = kinds(1200, d=60, spread=0.8)
    keys = keys_of(1200)
    scaler, pca, projection = fitted(X, 20)
    reduced = projection.apply(X)
    none = np.empty(0, np.uint64)
    fits = [
        _core.fit_classifier(X, reduced, y, 5, keys, none, scaler, pca, threads=threads) for threads in (1, 2)
    ]
    (classifier, report), (other, _) = fits
    np.testing.assert_array_equal(classifier.softmax.weights, other.softmax.weights)
    assert classifier.novelty_threshold == other.novelty_threshold
    assert report["held_back"] == 1200
    fresh, truth = kinds(1000, d=60, seed=13, spread=0.8)
    machine = _core.AnswerMachine(scaler, pca, classifier)
    p, novelty, verdicts, _ = machine.answer(fresh, projection.apply(fresh))
    assert np.mean(p.argmax(1) == truth) > 0.9
    assert abs(report["chosen"]["accuracy"] - np.mean(p.argmax(1) == truth)) < 0.05
    assert _core.calibration(p, truth)["ece"] < 0.05
    assert np.mean(np.array(verdicts) == "not-a-fruit") <= 0.06
    strange = (3 * np.random.default_rng(14).normal(size=(200, 60))).astype(np.float32)
    _, far, strangers, _ = machine.answer(strange, projection.apply(strange))
    assert _core.auroc(far, novelty) > 0.99
    assert strangers.count("not-a-fruit") > 180
    alone = machine.answer(fresh[5:6], projection.apply(fresh[5:6]))
    assert alone[1][0] == novelty[5]
    np.testing.assert_array_equal(alone[0][0], p[5])
