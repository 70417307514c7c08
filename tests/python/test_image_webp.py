"""WebP: lossy, lossless, alpha, animation and orientation, against Pillow and NumPy."""

import io

import numpy as np
import pytest
from image_samples import encode, exif, over_white, picture, pillow
from PIL import Image

import pomona

SIZES = [(1, 1), (2, 3), (17, 9), (64, 48), (101, 77)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("options", [{"quality": 5}, {"quality": 80}, {"quality": 100}, {"lossless": True}])
@pytest.mark.parametrize("method", [0, 4])
def test_rgb(size, options, method):
    pixels = picture(*size)
    file = encode(pixels, "WEBP", method=method, **options)
    assert np.array_equal(pomona.decode(file), pillow(file))
    if "lossless" in options:
        assert np.array_equal(pomona.decode(file), pixels)


def pillow_over_white(file):
    with Image.open(io.BytesIO(file)) as image:
        return over_white(np.asarray(image.convert("RGBA")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "options",
    [
        {"quality": 80},
        {"quality": 80, "alpha_quality": 20},
        {"lossless": True},
        {"lossless": True, "exact": True},
    ],
)
def test_alpha_over_white(size, options):
    file = encode(picture(*size, channels=4), "WEBP", **options)
    assert np.array_equal(pomona.decode(file), pillow_over_white(file))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("lossless", [False, True])
def test_exif_orientation(orientation, lossless):
    for prefix in (b"", b"Exif\0\0"):
        file = encode(picture(37, 21), "WEBP", lossless=lossless, exif=prefix + exif(orientation, ">"))
        assert np.array_equal(pomona.decode(file), pillow(file))
    alpha = encode(picture(37, 21, channels=4), "WEBP", lossless=lossless, exif=exif(orientation))
    transpose = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(orientation)
    upright = Image.fromarray(pillow_over_white(alpha))
    upright = upright if transpose is None else upright.transpose(transpose)
    assert np.array_equal(pomona.decode(alpha), np.asarray(upright))


def test_xmp_orientation():
    file = encode(picture(30, 20), "WEBP", xmp=b'<x tiff:Orientation="8"/>')
    assert np.array_equal(pomona.decode(file), pillow(file))
    assert pomona.decode(file).shape == (30, 20, 3)


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("channels", [3, 4])
def test_first_frame_of_an_animation(lossless, channels):
    frames = [Image.fromarray(picture(40, 30, channels, seed)) for seed in range(3)]
    file = encode(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=lossless, duration=50)
    with Image.open(io.BytesIO(file)) as image:
        assert image.n_frames == 3
        expected = over_white(np.asarray(image)) if image.mode == "RGBA" else np.asarray(image.convert("RGB"))
    assert np.array_equal(pomona.decode(file), expected)


def chunk(kind, data):
    return kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def animation_with_offset(frame, alpha, canvas, at):
    """One frame of a canvas that is larger, put together by hand."""
    bitstream = frame[12:]  # its chunks
    if bitstream[:4] == b"VP8X":
        bitstream = bitstream[18:]
    with Image.open(io.BytesIO(frame)) as image:
        width, height = image.size

    def u24(number):
        return number.to_bytes(3, "little")

    head = bytes([0x02 | (0x10 if alpha else 0), 0, 0, 0]) + u24(canvas[0] - 1) + u24(canvas[1] - 1)
    frame_head = u24(at[0] // 2) + u24(at[1] // 2) + u24(width - 1) + u24(height - 1) + u24(100) + b"\0"
    body = (
        chunk(b"VP8X", head)
        + chunk(b"ANIM", b"\x10\x20\x30\x40\0\0")
        + chunk(b"ANMF", frame_head + bitstream)
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


@pytest.mark.parametrize("alpha", [False, True])
@pytest.mark.parametrize("lossless", [False, True])
def test_a_frame_smaller_than_its_canvas(alpha, lossless):
    frame = encode(picture(20, 10, 4 if alpha else 3), "WEBP", lossless=lossless)
    file = animation_with_offset(frame, alpha, (50, 40), (6, 12))
    with Image.open(io.BytesIO(file)) as image:
        assert image.size == (50, 40)
        expected = over_white(np.asarray(image)) if image.mode == "RGBA" else np.asarray(image.convert("RGB"))
    assert np.array_equal(pomona.decode(file), expected)
