"""The Python classes give what the batch run gives."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import pomona as package
from conftest import pomona, sample


@pytest.fixture(scope="module")
def run(fruits, tmp_path_factory):
    out = tmp_path_factory.mktemp("api") / "out"
    pomona("run", fruits / "Test", out, "--limit", 300, "--quiet")
    return out


def test_features_are_those_of_the_batch_run(run, fruits):
    table = pd.read_parquet(run / "features")
    photos = [fruits / "Test" / path for path in table["path"]]
    extracted = package.FeatureExtractor(precision="int8").extract(photos)
    assert extracted.schema.names == ["path", "features", "reject"]
    assert extracted["path"].to_pylist() == [str(photo) for photo in photos]
    assert np.array_equal(np.stack(extracted["features"].to_pandas()), np.stack(table["features"]))


def test_a_bundle_answers_as_the_batch_run_did(run, fruits):
    table = pd.read_parquet(run / "reduced")
    photos = [(fruits / "Test" / path).read_bytes() for path in table["path"]]
    bundle = package.load_bundle(run / "bundle", threads=2)
    answers = bundle.reduce(photos)
    assert answers.num_rows == len(photos)
    assert answers["path"].null_count == len(photos)
    assert np.array_equal(np.stack(answers["reduced"].to_pandas()), np.stack(table["reduced"]))
    kept = bundle.explained_variance_ratio
    assert kept.shape == (bundle.n_components,)
    assert 0.95 <= kept.sum() < 1
    one = bundle.reduce(photos[:1])["reduced"][0].as_py()
    assert np.array_equal(np.float32(one), table["reduced"][0])


def test_a_bad_photo_is_a_row_with_a_reason(fruits, tmp_path):
    good = sample(fruits / "Test", 1)[0]
    answers = package.FeatureExtractor(threads=1).extract([b"text", good, tmp_path / "missing.jpg"])
    assert answers.schema.field("reject").type == pa.struct(
        [("stage", pa.string()), ("reason", pa.string()), ("detail", pa.string())]
    )
    rejects = answers["reject"].to_pylist()
    assert rejects[0]["reason"] == "not-an-image"
    assert rejects[1] is None
    assert (rejects[2]["stage"], rejects[2]["reason"]) == ("read", "vanished")
    features = answers["features"]
    assert [value.is_valid for value in features] == [False, True, False]
    assert len(features[1]) == 1280


def test_mistakes_are_answered_in_words(tmp_path):
    with pytest.raises(package.Error, match=r"(?s)efficientnet-lite7.*efficientnet-lite"):
        package.FeatureExtractor("efficientnet-lite7")
    with pytest.raises(package.Error, match="no bundle here") as caught:
        package.load_bundle(tmp_path)
    assert caught.value.code == "not-found"
    with pytest.raises(TypeError, match="put it into a list"):
        package.FeatureExtractor(threads=1).extract("photo.jpg")
