"""Files that are no photos, or not whole ones: always a reject with the right reason, never a crash, bounded memory."""

import random
import subprocess
import sys
import textwrap
import zlib

import numpy as np
import pytest
from image_samples import PNG_SIGNATURE, encode, insert_after_soi, picture, pillow, png_chunk, write_png
from PIL import Image

import pomona

REASONS = {
    "not-an-image",
    "unsupported-format",
    "unsupported-kind",
    "too-many-pixels",
    "truncated",
    "corrupt",
}


def rejected(file, **limits):
    """The reason of the reject, after a look at its form."""
    result = pomona.decode(file, **limits)
    assert isinstance(result, tuple), "it was accepted"
    stage, reason, detail = result
    assert reason in REASONS and stage == "decode"
    assert detail.endswith(".") and "\n" not in detail and len(detail) < 300
    return reason


def frames(kind, **options):
    images = [Image.fromarray(picture(40, 30, seed=seed)) for seed in range(2)]
    return encode(images[0], kind, save_all=True, append_images=images[1:], **options)


WHOLE = {
    "jpeg": encode(picture(64, 48), "JPEG"),
    "progressive": encode(picture(64, 48), "JPEG", progressive=True),
    "restarts": encode(picture(64, 48), "JPEG", restart_marker_blocks=2),
    "cmyk": encode(Image.fromarray(picture(64, 48, 4), "CMYK"), "JPEG"),
    "grey": encode(picture(64, 48)[..., 0], "JPEG"),
    "png": encode(picture(64, 48), "PNG"),
    "interlaced": write_png(picture(64, 48, 4), 6, 8, interlaced=True),
    "apng": frames("PNG"),
    "webp": encode(picture(64, 48), "WEBP"),
    "lossless": encode(picture(64, 48), "WEBP", lossless=True),
    "alpha": encode(picture(64, 48, 4), "WEBP"),
    "animation": frames("WEBP"),
}
SIGNATURE = {"JPEG": 3, "PNG": 8, "WEBP": 12}


def signature_of(file):
    return SIGNATURE["JPEG" if file[:2] == b"\xff\xd8" else "PNG" if file[:4] == b"\x89PNG" else "WEBP"]


@pytest.mark.parametrize("kind", WHOLE)
def test_the_whole_file_is_accepted(kind):
    assert isinstance(pomona.decode(WHOLE[kind]), np.ndarray)


@pytest.mark.parametrize("kind", WHOLE)
def test_truncated_anywhere(kind):
    file = WHOLE[kind]
    for length in range(1, len(file), max(1, len(file) // 400)):
        expected = "truncated" if length >= signature_of(file) else "not-an-image"
        assert rejected(file[:length]) == expected, f"{length} of {len(file)} bytes"
    assert rejected(file[:-1]) == rejected(file[:-2]) == "truncated"


def flips(file, count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(file)
        damaged[rng.randrange(len(file))] ^= 1 << rng.randrange(8)
        yield bytes(damaged)


@pytest.mark.parametrize("kind", WHOLE)
def test_flipped_bits_never_crash(kind):
    for damaged in flips(WHOLE[kind], 300, seed=1):
        result = pomona.decode(damaged, max_pixels=1_000_000)
        assert isinstance(result, np.ndarray) or result[1] in REASONS


@pytest.mark.parametrize("kind", ["png", "interlaced"])
def test_flipped_bits_in_png_are_all_found(kind):
    for damaged in flips(WHOLE[kind], 300, seed=2):
        assert isinstance(pomona.decode(damaged, max_pixels=1_000_000), tuple)


@pytest.mark.parametrize("kind", ["jpeg", "progressive", "restarts", "cmyk", "grey"])
def test_a_flipped_jpeg_that_is_accepted_has_pillows_pixels(kind):
    for damaged in flips(WHOLE[kind], 300, seed=3):
        result = pomona.decode(damaged, max_pixels=1_000_000)
        if isinstance(result, np.ndarray):
            assert np.array_equal(result, pillow(damaged))


def scan_start(jpeg):
    start = jpeg.index(b"\xff\xda")
    return start + 2 + int.from_bytes(jpeg[start + 2 : start + 4], "big")


def damaged_scans():
    """Stretches of a scan that are overwritten or missing."""
    file = WHOLE["jpeg"]
    for begin in range(scan_start(file) + 20, len(file) - 60, 7):
        yield file[:begin] + b"\xff" * 40 + file[begin + 40 :]
        yield file[:begin] + random.Random(begin).randbytes(40) + file[begin + 40 :]
        yield file[:begin] + file[begin + 30 :]


def test_damaged_scans_of_jpeg():
    """Huffman codes fall into step again, often with nobody the wiser: a JPEG has no checksum. Then Pillow sees the same."""
    count = found = 0
    for file in damaged_scans():
        result = pomona.decode(file)
        count += 1
        if isinstance(result, tuple):
            found += 1
            assert result[1] == "corrupt"
        else:
            assert np.array_equal(result, pillow(file))
    assert found > 0.5 * count


def test_data_left_over_after_a_jpegs_scan_is_corrupt():
    file = WHOLE["jpeg"]
    assert rejected(file[:-2] + b"leftover" + file[-2:]) == "corrupt"


def jpeg_of_size(width, height):
    file = bytearray(WHOLE["jpeg"])
    at = file.index(b"\xff\xc0")
    file[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(file)


def png_of_size(width, height):
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return PNG_SIGNATURE + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")


def webp_of_size(width, height):
    head = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + len(head).to_bytes(4, "little") + head + WHOLE["webp"][12:]
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


@pytest.mark.parametrize(
    "file",
    [
        jpeg_of_size(60_000, 60_000),
        png_of_size(100_000, 100_000),
        png_of_size(2**31 - 1, 2**31 - 1),
        webp_of_size(100_000, 40_000),
    ],
    ids=["jpeg", "png", "png of the largest size", "webp"],
)
def test_a_huge_header_is_rejected_before_memory_is_taken(file):
    assert rejected(file) == "too-many-pixels"


def test_the_limits_are_inclusive():
    for kind in ("jpeg", "png", "webp"):
        assert isinstance(pomona.decode(WHOLE[kind], max_pixels=64 * 48), np.ndarray)
        assert rejected(WHOLE[kind], max_pixels=64 * 48 - 1) == "too-many-pixels"
        size = len(WHOLE[kind])
        assert isinstance(pomona.decode(WHOLE[kind], max_bytes=size), np.ndarray)
        assert pomona.decode(WHOLE[kind], max_bytes=size - 1)[:2] == ("read", "too-many-bytes")
    assert pomona.decode(b"")[:2] == ("read", "empty")


def test_pictures_without_pixels_are_corrupt():
    assert rejected(png_of_size(0, 5)) == "corrupt"
    assert rejected(jpeg_of_size(0, 5)) in ("corrupt", "unsupported-kind")
    assert rejected(jpeg_of_size(5, 0)) == "unsupported-kind"  # its height comes later, in a DNL segment


def jpeg_with_frame(marker, precision=8):
    file = bytearray(WHOLE["jpeg"])
    at = file.index(b"\xff\xc0")
    file[at + 1] = marker
    file[at + 4] = precision
    return bytes(file)


@pytest.mark.parametrize("marker, precision", [(0xC3, 8), (0xC1, 12), (0xC5, 8), (0xC7, 8), (0xCB, 8)])
def test_kinds_of_jpeg_that_are_not_read(marker, precision):
    assert rejected(jpeg_with_frame(marker, precision)) == "unsupported-kind"


def test_a_jpeg_of_two_components_is_not_read():
    frame = bytes([8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0])
    file = insert_after_soi(b"\xff\xd8" + WHOLE["grey"][WHOLE["grey"].index(b"\xff\xda") :], 0xC0, frame)
    assert rejected(file) in ("unsupported-kind", "corrupt")


def test_an_apple_png_is_named():
    file = PNG_SIGNATURE + png_chunk(b"CgBI", b"\x50\0\x20\x06") + WHOLE["png"][8:]
    assert rejected(file) == "unsupported-kind"
    assert "CgBI" in pomona.decode(file)[2]


def test_a_wrong_checksum_anywhere_in_a_png_is_corrupt():
    for chunk in (b"IHDR", b"IDAT", b"IEND"):
        file = bytearray(WHOLE["png"])
        at = file.index(chunk)
        end = at + 4 + int.from_bytes(file[at - 4 : at], "big")
        file[end] ^= 1
        assert rejected(bytes(file)) == "corrupt"


def test_png_with_too_few_pixels_is_corrupt():
    samples = picture(20, 10)
    raw = zlib.compress(b"".join(b"\0" + row.tobytes() for row in samples[:7]))
    header = WHOLE["png"][:8] + png_chunk(
        b"IHDR", (20).to_bytes(4, "big") + (10).to_bytes(4, "big") + b"\x08\x02\0\0\0"
    )
    assert rejected(header + png_chunk(b"IDAT", raw) + png_chunk(b"IEND", b"")) == "corrupt"


FORMATS = ["GIF", "BMP", "TIFF", "ICO", "PPM", "JPEG2000", "AVIF", "SGI", "DDS", "ICNS", "EPS", "PDF", "QOI"]
NAMES = {"PPM": "Netpbm", "JPEG2000": "JPEG 2000"}


@pytest.mark.parametrize("kind", FORMATS)
def test_other_formats_are_named(kind):
    file = encode(Image.fromarray(picture(64, 64)), kind)
    assert rejected(file) == "unsupported-format"
    assert NAMES.get(kind, kind) in pomona.decode(file)[2]


HEADS = {
    "HEIC": b"\0\0\0\x18ftypheic" + bytes(12),
    "HEIF": b"\0\0\0\x18ftypmif1" + bytes(12),
    "video": b"\0\0\0\x18ftypisom" + bytes(12),
    "JPEG XL": b"\xff\x0a" + bytes(30),
    "PSD": b"8BPS\0\x01" + bytes(30),
    "OpenEXR": b"\x76\x2f\x31\x01" + bytes(30),
    "SVG": b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "CR2": b"II*\0\x10\0\0\0CR\x02\0",
    "RAF": b"FUJIFILMCCD-RAW 0201",
}


@pytest.mark.parametrize("name", HEADS)
def test_other_formats_are_named_by_their_first_bytes(name):
    assert rejected(HEADS[name]) == "unsupported-format"
    assert name in pomona.decode(HEADS[name])[2]


@pytest.mark.parametrize(
    "file",
    [
        b"a",
        b"Just some text about apples.\n",
        b"<html><svg></html>",
        b"PK\x03\x04" + bytes(40),
        b"BM as text",
        bytes(1000),
        b"\xff\xd8",
        b"RIFF\0\0\0\0WAVE",
    ],
)
def test_no_image_at_all(file):
    assert rejected(file) == "not-an-image"


def peak_megabytes(code):
    """Peak memory of a process that runs the code, less what it has before."""
    script = """
        import resource, sys, pomona
        def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        file = sys.stdin.buffer.read()
        before = peak()
        result = CODE
        print(result if isinstance(result, tuple) else "accepted", peak() - before, sep="|")
    """
    return textwrap.dedent(script).replace("CODE", code)


def decode_in_a_process(file):
    run = subprocess.run(
        [sys.executable, "-c", peak_megabytes("pomona.decode(file)")],
        input=file,
        capture_output=True,
        check=True,
    )
    result, megabytes = run.stdout.decode().strip().rsplit("|", 1)
    return result, float(megabytes)


def bomb(kind, prefix):
    return kind, prefix + zlib.compress(bytes(200_000_000), 1)


@pytest.mark.parametrize(
    "chunk", [bomb(b"iCCP", b"profile\0\0"), bomb(b"zTXt", b"Comment\0\0")], ids=["iCCP", "zTXt"]
)
def test_a_png_bomb_in_a_chunk_takes_no_memory(chunk):
    result, megabytes = decode_in_a_process(write_png(picture(64, 48), 2, 8, before=[chunk]))
    assert result == "accepted"
    assert megabytes < 20


def test_a_png_bomb_in_its_pixels_is_bounded_by_the_pixel_limit():
    side = 20_000
    result, megabytes = decode_in_a_process(png_of_size(side, side))
    assert "too-many-pixels" in result
    assert megabytes < 20


def test_a_large_photo_takes_three_bytes_a_pixel_and_a_copy_for_numpy():
    width, height = 6000, 4000
    jpeg = encode(Image.new("RGB", (width, height), (200, 30, 40)), "JPEG")
    result, megabytes = decode_in_a_process(jpeg)
    assert result == "accepted"
    assert megabytes < 2 * 3 * width * height / 2**20 + 30


def test_a_jpeg_of_endless_scans_is_stopped():
    """Each scan of a progressive file costs a walk over the picture; hundreds of empty ones are an attack."""
    file = encode(picture(64, 48)[..., 0], "JPEG", progressive=True)
    first = file.index(b"\xff\xda")
    second = file.index(b"\xff\xda", first + 2)
    third = file.index(b"\xff\xda", second + 2) if file.count(b"\xff\xda") > 2 else len(file) - 2
    scan = file[second:third]
    assert rejected(file[:-2] + 500 * scan + file[-2:]) == "corrupt"
    assert isinstance(pomona.decode(file), np.ndarray)
