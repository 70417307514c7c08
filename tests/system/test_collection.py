"""The main job on all Training photos of Fruits-360-33, against scikit-learn and the tools that people read it with."""

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from safetensors.numpy import load_file
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

import pomona as package


@pytest.fixture(scope="module")
def features(studio):
    out, _ = studio
    table = pd.read_parquet(out / "features")
    return table, np.stack(table["features"])


def test_every_photo_is_accounted_for(studio):
    _, summary = studio
    assert summary["photos"] == 15506
    assert summary["rows"] + summary["rejects"] == 15506
    assert summary["rejects"] == sum(summary["reasons"].values())
    assert summary["images_per_second"] > 0


def test_scaler_and_pca_agree_with_scikit_learn(studio, features):
    out, summary = studio
    _, x = features
    x = x.astype(np.float64)
    ours = load_file(out / "bundle" / "parameters.safetensors")
    scaler = StandardScaler().fit(x)
    np.testing.assert_allclose(ours["scaler.mean"], scaler.mean_, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(ours["scaler.scale"], scaler.scale_, rtol=1e-6)
    pca = PCA(0.95, svd_solver="covariance_eigh").fit(scaler.transform(x))
    assert summary["components"] == pca.n_components_
    np.testing.assert_allclose(
        ours["pca.explained_variance_ratio"], pca.explained_variance_ratio_, rtol=0, atol=1e-6
    )
    assert summary["explained_variance_ratio"] == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-6)
    signs = np.sign((ours["pca.components"] * pca.components_).sum(axis=1, keepdims=True))
    distinct = well_separated(pca.explained_variance_)
    np.testing.assert_allclose(
        (ours["pca.components"] * signs)[distinct], pca.components_[distinct], atol=1e-4
    )
    # The sign rule: the largest number of each component is positive.
    largest = np.abs(ours["pca.components"]).argmax(axis=1)
    assert (np.take_along_axis(ours["pca.components"], largest[:, None], axis=1) > 0).all()

    reduced = np.stack(pd.read_parquet(out / "reduced")["reduced"])
    expected = pca.transform(scaler.transform(x)) * signs.ravel()
    scale = np.sqrt(pca.explained_variance_)
    assert np.abs((reduced - expected) / scale)[:, distinct].max() < 1e-3


def well_separated(eigenvalues: np.ndarray) -> np.ndarray:
    """Directions of nearly equal eigenvalues are not determined: both sides may turn them."""
    gaps = np.abs(np.diff(eigenvalues)) / eigenvalues[:-1]
    return (np.append(gaps, np.inf) > 1e-4) & (np.insert(gaps, 0, np.inf) > 1e-4)


def test_the_reduced_vectors_tell_the_classes_apart(studio, fruits):
    out, _ = studio
    train = pd.read_parquet(out / "reduced")
    photos = sorted((fruits / "Test").rglob("*.jpg"))
    test = package.load_bundle(out / "bundle").reduce(photos)
    assert test["reject"].null_count == len(photos)
    model = LogisticRegression(C=0.03, max_iter=300).fit(np.stack(train["reduced"]), train["label"])
    answers = model.predict(np.stack(test["reduced"].to_pandas()))
    accuracy = np.mean(answers == [photo.parent.name for photo in photos])
    print(f"accuracy on {len(photos)} Test photos: {accuracy:.4f}")
    assert accuracy >= 0.975


def test_other_tools_open_the_files(studio):
    out, _ = studio
    pattern = str(out / "features" / "*.parquet")
    count, shortest, longest, labels = duckdb.sql(
        f"select count(*), min(len(features)), max(len(features)), count(distinct label) from '{pattern}'"
    ).fetchall()[0]
    assert (count, shortest, longest, labels) == (15506, 1280, 1280, 33)
    frame = polars.read_parquet(pattern)
    assert frame["features"].list.len().unique().to_list() == [1280]
    assert frame["path"].n_unique() == 15506
    table = pd.read_parquet(out / "features")
    assert list(table.columns) == ["path", "label", "width", "height", "bytes", "sha256", "features"]
    assert all(path.split("/")[0] == label for path, label in zip(table["path"], table["label"], strict=True))


def test_rows_stand_in_order_of_their_paths(studio):
    out, _ = studio
    for part in sorted((out / "features").glob("*.parquet")):
        paths = pd.read_parquet(part, columns=["path"])["path"].tolist()
        assert paths == sorted(paths)
        assert paths == pd.read_parquet(out / "reduced" / part.name, columns=["path"])["path"].tolist()
