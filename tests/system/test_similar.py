"""similar: the nearest photos of a dataset, with NumPy as the oracle."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from conftest import link_photos, pomona, sample


@pytest.fixture(scope="module")
def dataset(fruits, tmp_path_factory):
    """A run over photos of Fruits-360, in many shards."""
    folder = tmp_path_factory.mktemp("similar")
    source = link_photos(sample(fruits / "Training", 300), fruits / "Training", folder / "source")
    pomona("run", source, folder / "out", "--shard-size", 32, "--no-report", "--quiet")
    return folder


def found(folder, *photos, bundle=None, top=10, **options) -> list[dict]:
    bundle = bundle or folder / "out" / "bundle"
    return pomona("similar", bundle, folder / "out", *photos, "--top", top, "--json", **options).json[
        "photos"
    ]


def cosines(folder, path) -> pd.Series:
    """Of one photo's reduced vector with all, in float64, the nearest first."""
    table = pd.read_parquet(folder / "out" / "reduced").set_index("path")["reduced"]
    rows = np.stack(table.to_numpy()).astype(np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    result = pd.Series(rows @ rows[table.index.get_loc(path)], table.index)
    return result.iloc[np.lexsort((result.index, -result))]


def test_they_are_the_nearest_by_numpy(dataset):
    photos = sample(dataset / "source", 5)
    for photo, answer in zip(photos, found(dataset, *photos, top=20), strict=True):
        assert answer["path"] == str(photo)
        expected = cosines(dataset, str(photo.relative_to(dataset / "source")))[:20]
        assert [hit["path"] for hit in answer["similar"]] == list(expected.index)
        np.testing.assert_allclose([hit["cosine"] for hit in answer["similar"]], expected, atol=1e-12)
        assert [hit["label"] for hit in answer["similar"]] == [path.split("/")[0] for path in expected.index]


def test_a_photo_is_most_like_itself_exactly(dataset):
    for photo, answer in zip(
        photos := sample(dataset / "source", 8, seed=3), found(dataset, *photos, top=1), strict=True
    ):
        (nearest,) = answer["similar"]
        assert nearest["cosine"] == 1
        assert nearest["path"] == str(photo.relative_to(dataset / "source"))


def test_threads_and_company_change_no_bit(dataset):
    photos = sample(dataset / "source", 3, seed=4)
    together = found(dataset, *photos)
    one_thread = pomona(
        "similar", dataset / "out" / "bundle", dataset / "out", *photos, "--threads", 1, "--json"
    ).json["photos"]
    assert together == one_thread == [found(dataset, photo)[0] for photo in photos]


def test_a_copy_of_the_bundle_serves_and_stdin_too(dataset, tmp_path):
    shutil.copytree(dataset / "out" / "bundle", tmp_path / "bundle")
    photo = sample(dataset / "source", 1)[0]
    with photo.open("rb") as stream:
        piped = found(dataset, "-", bundle=tmp_path / "bundle", stdin=stream)
    assert piped[0]["similar"] == found(dataset, photo)[0]["similar"]


def test_more_than_there_are_gives_all(dataset):
    answer = found(dataset, sample(dataset / "source", 1)[0], top=1000)[0]
    assert len({hit["path"] for hit in answer["similar"]}) == 300


def test_an_unreadable_photo_is_a_reject_beside_answers(dataset, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff no picture")
    photo = sample(dataset / "source", 1)[0]
    broken, good = found(dataset, tmp_path / "broken.jpg", photo)
    assert broken["reject"]["reason"] in ("corrupt", "truncated")
    assert good["similar"]
    alone = pomona(
        "similar", dataset / "out" / "bundle", dataset / "out", tmp_path / "broken.jpg", check=False
    )
    assert alone.status == 1


def test_another_datasets_bundle_is_refused(dataset, tmp_path):
    pomona("run", dataset / "source", tmp_path / "other", "--shard-size", 32, "--components", 20, "--quiet")
    photo = sample(dataset / "source", 1)[0]
    refused = pomona("similar", tmp_path / "other" / "bundle", dataset / "out", photo, check=False)
    assert refused.status == 1
    assert "not this bundle's" in refused.stderr


def test_a_changed_part_is_refused(dataset, tmp_path):
    shutil.copytree(dataset / "out", tmp_path / "out")
    part = sorted((tmp_path / "out" / "reduced").iterdir())[3]
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(bytes(content))
    photo = sample(dataset / "source", 1)[0]
    refused = pomona("similar", tmp_path / "out" / "bundle", tmp_path / "out", photo, "--json", check=False)
    assert refused.status == 1
    assert part.name in json.loads(refused.stdout)["error"]["message"]
