"""Resize: the same bytes as Pillow's bicubic, on every instruction set."""

import numpy as np
import pytest
from image_samples import picture
from PIL import Image

import pomona

TARGETS = pomona.resize_targets()


def random_cases(count, seed):
    """Pictures and sizes, up and down, thin and flat; noise and hard edges overshoot the most."""
    rng = np.random.default_rng(seed)

    def side():
        return int(rng.choice([1, 2, 3, rng.integers(1, 60), rng.integers(1, 400)]))

    for number in range(count):
        width, height = side(), side()
        out = [int(rng.choice([side(), s, max(1, s // 2), max(1, s // 4), 2 * s])) for s in (width, height)]
        shape = (height, width, 3)
        pixels = rng.integers(0, 256, shape) if number % 2 else 255 * rng.integers(0, 2, shape)
        yield pixels.astype(np.uint8), *out, rng


@pytest.mark.parametrize("target", TARGETS)
def test_equals_pillow(target):
    for pixels, width, height, _ in random_cases(700, seed=7):
        expected = np.asarray(Image.fromarray(pixels).resize((width, height), Image.BICUBIC))
        found = pomona.resize(pixels, width, height, target=target)
        assert np.array_equal(found, expected), (pixels.shape, width, height)


@pytest.mark.parametrize("target", TARGETS)
def test_box_equals_pillow(target):
    for pixels, width, height, rng in random_cases(300, seed=8):
        high, wide = pixels.shape[:2]
        left, top = rng.uniform(0, 0.6 * wide), rng.uniform(0, 0.6 * high)
        right, bottom = rng.uniform(left + 0.3 * wide, wide), rng.uniform(top + 0.3 * high, high)
        for box in [
            (left, top, right, bottom),
            (0, 0, wide - 0.5, high - 0.25),
            (int(left), 0, wide, bottom),
        ]:
            expected = np.asarray(Image.fromarray(pixels).resize((width, height), Image.BICUBIC, box=box))
            found = pomona.resize(pixels, width, height, target=target, box=box)
            assert np.array_equal(found, expected), (pixels.shape, width, height, box)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", [(100, 100), (348, 348), (256, 341), (640, 480), (3, 5000), (5000, 3)])
@pytest.mark.parametrize("out", [224, 240, 260, 128])
def test_the_sizes_of_the_job(target, size, out):
    pixels = picture(*size)
    expected = np.asarray(Image.fromarray(pixels).resize((out, out), Image.BICUBIC))
    assert np.array_equal(pomona.resize(pixels, out, out, target=target), expected)


@pytest.mark.parametrize("height", [*range(90, 112), 40, 60, 150])
def test_which_pass_goes_first(height):
    """The order changes the rounding; Pillow's rule is about pixels lost, not about ratios."""
    for width in (1, 99, 100, 101, 150):
        for size in [(100, 200), (100, 100), (150, 199)]:
            pixels = picture(*size)
            expected = np.asarray(Image.fromarray(pixels).resize((width, height), Image.BICUBIC))
            assert np.array_equal(pomona.resize(pixels, width, height), expected), (size, width, height)


def test_the_same_size_is_a_copy():
    pixels = picture(50, 40)
    assert np.array_equal(pomona.resize(pixels, 50, 40), pixels)


def test_wrong_arguments_are_named():
    pixels = picture(5, 5)
    with pytest.raises(pomona.Error, match="0 x 5"):
        pomona.resize(pixels, 0, 5)
    with pytest.raises(pomona.Error, match="mmx"):
        pomona.resize(pixels, 5, 5, target="mmx")
    with pytest.raises(ValueError, match="box"):
        pomona.resize(pixels, 5, 5, box=(0, 0, 6, 5))
    with pytest.raises(ValueError, match="no pixels"):
        pomona.resize(np.zeros((0, 5, 3), np.uint8), 5, 5)
