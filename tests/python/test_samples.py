"""`pomona samples`: photos that other programs read, and that the default chain tells apart."""

import json
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

CLASSES, VIEWS, SIZE = 28, 18, 100


def pomona(*arguments):
    command = [sys.executable, "-m", "pomona", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    summary = pomona("samples", folder, "--classes", CLASSES, "--views", VIEWS, "--size", SIZE)
    assert summary["photos"] == CLASSES * VIEWS
    return folder


def test_pillow_opens_every_photo(photos):
    paths = sorted(photos.rglob("*.jpg"))
    assert len(paths) == CLASSES * VIEWS
    for path in paths:
        with Image.open(path) as image:
            assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (SIZE, SIZE))
            levels = np.asarray(image)
        # White around, and a fruit that is not.
        assert np.median(levels[:2].min(axis=2)) > 250, path
        assert (levels.min(axis=2) < 200).mean() > 0.05, path


def test_a_class_is_a_folder_of_three_series(photos):
    names = {path.name for path in (photos / "Banana").iterdir()}
    steps = [f"{3600 * step // (VIEWS // 3):04d}" for step in range(VIEWS // 3)]
    assert names == {f"{axis}_{step}.jpg" for axis in "xyz" for step in steps}


def test_the_default_chain_tells_the_classes_apart(photos, tmp_path):
    pomona("run", photos, tmp_path / "out", "--quiet")
    table = pq.read_table(tmp_path / "out" / "reduced")
    reduced, labels = np.array(table["reduced"].to_pylist()), np.array(table["label"].to_pylist())
    held_back = np.array([path.endswith(("0600.jpg", "2400.jpg")) for path in table["path"].to_pylist()])
    assert held_back.sum() == CLASSES * 6
    model = LogisticRegression(C=0.03, max_iter=1000).fit(reduced[~held_back], labels[~held_back])
    assert model.score(reduced[held_back], labels[held_back]) > 0.9
