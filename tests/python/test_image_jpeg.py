"""JPEG: the same pixels as Pillow, for real photos and for every kind that can be made."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from image_samples import encode, exif, insert_after_soi, picture, pillow, segments
from PIL import Image

import pomona

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def real_photos(archive, every):
    """Every so-manieth photo of an archive."""
    count = 0
    with tarfile.open(SHARED / archive, "r|gz") as files:
        for member in files:
            if member.isfile() and member.name.endswith(".jpg"):
                count += 1
                if count % every == 0:
                    yield member.name, files.extractfile(member).read()


@pytest.mark.parametrize(
    "archive, every, least", [("fruits-360-33.tar.gz", 15, 1300), ("grocery-train-val.tar.gz", 4, 700)]
)
def test_real_photos_equal_pillow(archive, every, least):
    if not (SHARED / archive).exists():
        pytest.skip(f"{SHARED / archive} is not here")
    count = 0
    for name, file in real_photos(archive, every):
        assert np.array_equal(pomona.decode(file), pillow(file)), name
        count += 1
    assert count >= least


SIZES = [(1, 1), (2, 1), (1, 3), (7, 9), (8, 8), (15, 17), (16, 16), (33, 31), (100, 75)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", range(3))
def test_colour(size, progressive, subsampling):
    for quality in (5, 75, 100):
        file = encode(
            picture(*size), "JPEG", quality=quality, progressive=progressive, subsampling=subsampling
        )
        assert np.array_equal(pomona.decode(file), pillow(file))


def set_sampling(jpeg, luma):
    """Changes the luma's sampling factors in the header: the same blocks, put elsewhere."""
    data = bytearray(jpeg)
    for start, marker in segments(jpeg):
        if marker in (0xC0, 0xC2):
            data[start + 11] = luma
    return bytes(data)


# Pillow does not write 4:4:0 and 4:1:1. At these sizes 4:2:2 and 4:2:0 have as many blocks, so a file with an altered
# header is whole, and another picture.
@pytest.mark.parametrize("size", [(32, 32), (64, 64), (96, 32), (32, 160)])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("written, luma", [("4:2:2", 0x12), ("4:2:0", 0x41), ("4:2:0", 0x14)])
def test_rare_subsamplings(size, progressive, written, luma):
    original = encode(picture(*size), "JPEG", subsampling=written, progressive=progressive)
    file = set_sampling(original, luma)
    assert np.array_equal(pomona.decode(file), pillow(file))
    assert not np.array_equal(pomona.decode(file), pomona.decode(original))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("progressive", [False, True])
def test_grey(size, progressive):
    file = encode(picture(*size)[..., 0], "JPEG", progressive=progressive)
    pixels = pomona.decode(file)
    assert np.array_equal(pixels, pillow(file))
    assert pixels.shape == (size[1], size[0], 3)


def adobe_marker(jpeg, transform):
    """Sets the colour transform in the Adobe marker: 2 makes YCCK of CMYK, 0 RGB of YCbCr."""
    data = bytearray(jpeg)
    at = data.index(b"Adobe")
    data[at + 11] = transform
    return bytes(data)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("progressive", [False, True])
def test_cmyk_and_ycck(size, progressive):
    image = Image.fromarray(picture(*size, channels=4), "CMYK")
    cmyk = encode(image, "JPEG", quality=90, progressive=progressive)
    ycck = adobe_marker(cmyk, 2)
    assert np.array_equal(pomona.decode(cmyk), pillow(cmyk))
    assert np.array_equal(pomona.decode(ycck), pillow(ycck))
    if min(size) > 8:
        assert not np.array_equal(pomona.decode(cmyk), pomona.decode(ycck))


def test_cmyk_without_adobe_marker_is_read_as_pillow_reads_it():
    cmyk = encode(Image.fromarray(picture(40, 30, channels=4), "CMYK"), "JPEG")
    at = cmyk.index(b"Adobe") - 4
    length = int.from_bytes(cmyk[at + 2 : at + 4], "big")
    plain = cmyk[:at] + cmyk[at + 2 + length :]
    assert np.array_equal(pomona.decode(plain), pillow(plain))


def test_rgb_without_transform():
    file = encode(picture(40, 30), "JPEG", keep_rgb=True)
    assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize(
    "options", [{"restart_marker_blocks": 1}, {"restart_marker_rows": 1}, {"optimize": True}]
)
@pytest.mark.parametrize("progressive", [False, True])
def test_restart_markers_and_optimised_tables(options, progressive):
    file = encode(picture(99, 77), "JPEG", progressive=progressive, **options)
    assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize("quality", ["web_low", "web_maximum", "low", "maximum"])
def test_quantisation_presets(quality):
    file = encode(picture(64, 48), "JPEG", quality=quality)
    assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", "HI")
def test_exif_orientation(orientation, order, kind):
    for size in [(37, 21), (16, 40), (1, 5)]:
        data = b"Exif\0\0" + exif(orientation, order, kind)
        file = insert_after_soi(encode(picture(*size), "JPEG"), 0xE1, data)
        assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_cmyk_and_progressive(orientation):
    for image, options in [
        (Image.fromarray(picture(37, 21, channels=4), "CMYK"), {}),
        (Image.fromarray(picture(37, 21)), {"progressive": True}),
        (Image.fromarray(picture(37, 21)[..., 0]), {}),
    ]:
        file = encode(image, "JPEG", exif=b"Exif\0\0" + exif(orientation), **options)
        assert np.array_equal(pomona.decode(file), pillow(file))


@pytest.mark.parametrize(
    "text", ['<x tiff:Orientation="6"/>', "<tiff:Orientation>8</tiff:Orientation>", "<x/>"]
)
def test_xmp_orientation_where_exif_has_none(text):
    packet = b"http://ns.adobe.com/xap/1.0/\0" + text.encode()
    file = insert_after_soi(encode(picture(30, 20), "JPEG"), 0xE1, packet)
    assert np.array_equal(pomona.decode(file), pillow(file))
    both = insert_after_soi(file, 0xE1, b"Exif\0\0" + exif(3))
    assert np.array_equal(pomona.decode(both), pillow(both))


def transposed(box, size, orientation):
    """Where a box of a stored picture lies after exif_transpose."""
    left, top, right, bottom = box
    width, height = size
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)


DRAFT_CASES = [((897, 903), orientation) for orientation in range(1, 9)]
DRAFT_CASES += [(size, 1) for size in [(447, 448), (448, 448), (1100, 700), (701, 1793), (2003, 1801)]]


@pytest.mark.parametrize("size, orientation", DRAFT_CASES)
def test_scaled_decoding_is_pillows_draft(size, orientation):
    wanted = 112
    file = encode(picture(*size), "JPEG", exif=b"Exif\0\0" + exif(orientation))
    with Image.open(io.BytesIO(file)) as image:
        _, box = image.draft(None, (2 * wanted, 2 * wanted))
        decoded = image.size
        image.load()
        transpose = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}.get(orientation)
        upright = image if transpose is None else image.transpose(transpose)
        assert np.array_equal(pomona.decode(file, scaled_size=wanted), np.asarray(upright))
        resized = upright.resize((wanted, wanted), Image.BICUBIC, box=transposed(box, decoded, orientation))
    assert np.array_equal(pomona.decode_resized(file, wanted, wanted), np.asarray(resized))


@pytest.mark.parametrize("mode", ["L", "CMYK", "progressive", "4:4:4", "4:2:2"])
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_scaled_decoding_of_other_kinds(mode, scale):
    wanted = 20
    side = 2 * wanted * scale + 3
    pixels = picture(side, side + 5, channels=4)
    if mode == "CMYK":
        file = encode(Image.fromarray(pixels, "CMYK"), "JPEG")
    elif mode == "L":
        file = encode(pixels[..., 0], "JPEG")
    else:
        options = {"progressive": True} if mode == "progressive" else {"subsampling": mode}
        file = encode(np.ascontiguousarray(pixels[..., :3]), "JPEG", **options)
    with Image.open(io.BytesIO(file)) as image:
        image.draft(None, (2 * wanted, 2 * wanted))
        assert image.size == (-(-side // scale), -(-(side + 5) // scale))
        assert np.array_equal(pomona.decode(file, scaled_size=wanted), np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("trailer", [b"\0" * 100, b"MPF data " * 50, b"\xff\xd8\xff\xe0 another picture"])
def test_what_follows_the_end_marker_does_not_matter(trailer):
    file = encode(picture(50, 40), "JPEG")
    assert np.array_equal(pomona.decode(file + trailer), pillow(file))


def test_harmless_oddities_are_accepted():
    file = encode(picture(50, 40), "JPEG")
    expected = pillow(file)
    padded = file[:-2] + b"\0\0" + file[-2:]  # zeros before the end marker
    filled = file[:-2] + b"\xff\xff" + file[-2:]  # fill bytes before the end marker
    headers = file[:2] + b"\xff\xff" + file[2:]  # fill bytes among the headers
    unknown = insert_after_soi(file, 0xEF, b"a vendor's own")
    revision = insert_after_soi(file, 0xE0, b"JFIF\0\x03\x00\0\0\1\0\1\0\0")
    for odd in (padded, filled, headers, unknown, revision):
        assert np.array_equal(pomona.decode(odd), expected)
