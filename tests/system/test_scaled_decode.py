"""Decoding huge JPEGs at 1/2, 1/4 or 1/8 leaves the features where they were."""

import numpy as np
import pytest
from PIL import Image

import pomona
from conftest import sample


@pytest.fixture(scope="module")
def phone_photos(grocery, tmp_path_factory):
    """Shop photos drawn to 3,000 px, with the noise that a sensor gives such a picture."""
    folder = tmp_path_factory.mktemp("phone")
    chance = np.random.default_rng(1)
    for number, photo in enumerate(sample(grocery / "val", 30)):
        picture = Image.open(photo).convert("RGB").resize((3000, 3000), Image.Resampling.BICUBIC)
        noisy = np.asarray(picture, dtype=np.float32) + chance.normal(0, 4, (3000, 3000, 1)).astype(
            np.float32
        )
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / f"{number}.jpg", quality=90)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("precision", ["f32", "int8"])
def test_features_stay_close(phone_photos, precision):
    whole, scaled = (
        np.stack(
            pomona.FeatureExtractor(precision=precision, scaled_decode=on)
            .extract(phone_photos)["features"]
            .to_pandas()
        )
        for on in (False, True)
    )
    cosine = (whole * scaled).sum(1) / np.linalg.norm(whole, axis=1) / np.linalg.norm(scaled, axis=1)
    print(
        f"{precision}: cosine of scaled to whole decoding: mean {cosine.mean():.4f}, least {cosine.min():.4f}"
    )
    assert cosine.min() > 0.98
