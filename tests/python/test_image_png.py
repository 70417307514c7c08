"""PNG: every colour type and depth against NumPy, and against Pillow where it does the same."""

import numpy as np
import pytest
from image_samples import CHANNELS, encode, exif, over_white, picture, pillow, write_png
from PIL import Image

import pomona

KINDS = [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8)]
KINDS += [(4, 8), (4, 16), (6, 8), (6, 16)]
SIZES = [(1, 1), (3, 2), (7, 11), (33, 18)]


def samples_of(colour_type, depth, size):
    rng = np.random.default_rng(depth + 16 * colour_type)
    return rng.integers(0, 2**depth, (size[1], size[0], CHANNELS[colour_type]))


def to_8_bits(samples, depth):
    """round(v * 255 / (2^depth - 1)), exactly; a half cannot occur."""
    return np.rint(samples * 255 / (2**depth - 1)).astype(np.uint8)


def palette_of(depth):
    return np.random.default_rng(depth).integers(0, 256, (2**depth, 3)).astype(np.uint8)


def expected_rgb(samples, colour_type, depth):
    if colour_type == 3:
        return palette_of(depth)[samples[..., 0]]
    scaled = to_8_bits(samples, depth)
    if colour_type in (0, 4):
        scaled = np.concatenate([np.repeat(scaled[..., :1], 3, axis=2), scaled[..., 1:]], axis=2)
    return over_white(scaled) if scaled.shape[2] == 4 else scaled


def palette_chunks(colour_type, depth):
    return [(b"PLTE", palette_of(depth).tobytes())] if colour_type == 3 else []


@pytest.mark.parametrize("colour_type, depth", KINDS)
@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_every_kind(colour_type, depth, interlaced, size):
    samples = samples_of(colour_type, depth, size)
    file = write_png(samples, colour_type, depth, interlaced, before=palette_chunks(colour_type, depth))
    assert np.array_equal(pomona.decode(file), expected_rgb(samples, colour_type, depth))
    if colour_type in (0, 2, 3) and depth <= 8:
        assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("colour_type, depth", [(2, 8), (6, 8), (4, 16), (3, 4)])
@pytest.mark.parametrize("after", [False, True])
def test_exif_orientation(interlaced, orientation, colour_type, depth, after):
    samples = samples_of(colour_type, depth, (37, 21))
    chunk = [(b"eXIf", exif(orientation, ">"))]
    palette = palette_chunks(colour_type, depth)
    file = write_png(
        samples,
        colour_type,
        depth,
        interlaced,
        before=palette + ([] if after else chunk),
        after=chunk if after else [],
    )
    transpose = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(orientation)
    upright = Image.fromarray(expected_rgb(samples, colour_type, depth))
    upright = upright if transpose is None else upright.transpose(transpose)
    assert np.array_equal(pomona.decode(file), np.asarray(upright))
    if colour_type in (2, 3):
        assert np.array_equal(pomona.decode(file), pillow(file))


def test_xmp_orientation():
    packet = b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>'
    file = write_png(samples_of(2, 8, (9, 5)), 2, 8, before=[(b"iTXt", packet)])
    assert np.array_equal(pomona.decode(file), pillow(file))
    assert pomona.decode(file).shape == (9, 5, 3)


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
@pytest.mark.parametrize("interlaced", [False, True])
def test_transparent_palette(depth, interlaced):
    samples = samples_of(3, depth, (33, 18))
    alpha = np.random.default_rng(1).integers(0, 256, 2**depth).astype(np.uint8)
    given = alpha[: max(1, len(alpha) // 2)]  # the rest is opaque
    alpha[len(given) :] = 255
    before = [*palette_chunks(3, depth), (b"tRNS", given.tobytes())]
    rgba = np.concatenate([palette_of(depth), alpha[:, None]], axis=1)[samples[..., 0]]
    assert np.array_equal(pomona.decode(write_png(samples, 3, depth, interlaced, before)), over_white(rgba))


@pytest.mark.parametrize("colour_type, depth", [(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16)])
def test_transparent_colour(colour_type, depth):
    samples = samples_of(colour_type, depth, (33, 18))
    colour = samples[5, 7]
    samples[::3, ::4] = colour
    if depth == 16:  # a neighbour of the colour that only the low byte tells apart
        samples[1::3, ::4] = colour ^ 1
    file = write_png(samples, colour_type, depth, before=[(b"tRNS", colour.astype(">u2").tobytes())])
    expected = expected_rgb(samples, colour_type, depth).copy()
    expected[np.all(samples == colour, axis=2)] = 255
    assert np.array_equal(pomona.decode(file), expected)


def test_alpha_over_white_for_every_pair():
    grey, alpha = np.meshgrid(np.arange(256), np.arange(256))
    rgba = np.stack([grey, 255 - grey, (7 * grey) % 256, alpha], axis=-1).astype(np.uint8)
    assert np.array_equal(pomona.decode(encode(rgba, "PNG")), over_white(rgba))


def test_every_16_bit_value():
    samples = np.arange(65536).reshape(256, 256, 1)
    assert np.array_equal(pomona.decode(write_png(samples, 0, 16))[..., 0], to_8_bits(samples, 16)[..., 0])


def test_gamma_and_profiles_change_nothing():
    samples = samples_of(2, 8, (20, 10))
    chunks = [
        (b"gAMA", b"\0\0\x27\x10"),
        (b"cHRM", b"\0\0\0\x01" * 8),
        (b"sBIT", b"\x05\x05\x05"),
        (b"bKGD", b"\0\1\0\1\0\1"),
    ]
    assert np.array_equal(pomona.decode(write_png(samples, 2, 8, before=chunks)), samples)


def test_filters_of_a_real_encoder():
    pixels = picture(64, 48)
    for level in (0, 1, 6, 9):
        assert np.array_equal(pomona.decode(encode(pixels, "PNG", compress_level=level)), pixels)


def test_apng_gives_its_default_picture():
    first, second = Image.fromarray(picture(20, 10)), Image.fromarray(picture(20, 10, seed=5))
    file = encode(first, "PNG", save_all=True, append_images=[second])
    assert np.array_equal(pomona.decode(file), np.asarray(first))
