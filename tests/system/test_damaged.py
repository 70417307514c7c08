"""300 damaged files: each becomes one reject with the right reason; the run ends normally; memory stays bounded."""

import os
import random
import struct
import zlib

import pandas as pd
import pytest

from conftest import PROGRAM, link_photos, run_measured, sample

MEMORY_LIMIT = 700_000_000  # bytes: the documented bound for 2 threads, with room for the libraries


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", pixels)
        + png_chunk(b"IEND", b"")
    )


def huge_jpeg(photo: bytes) -> bytes:
    """The photo with a header that says 65,000 x 65,000 pixels."""
    at = photo.index(b"\xff\xc0")
    return photo[: at + 5] + struct.pack(">HH", 65000, 65000) + photo[at + 9 :]


def damaged_files(photos: list[bytes]) -> dict[str, tuple[bytes, set[str]]]:
    """Name -> contents and the reasons that may be given."""
    chance = random.Random(5)
    files = {}
    for i in range(100):
        photo = photos[i]
        cut = chance.randint(4, len(photo) - 40)
        files[f"truncated-{i}.jpg"] = (photo[:cut], {"truncated", "corrupt"})
    for i in range(60):
        photo = bytearray(photos[i])
        start = photo.index(b"\xff\xda") + 14
        for _ in range(60):  # so many flips in the scan that no decoder can miss them
            at = chance.randrange(start, len(photo) - 2)
            photo[at] ^= 1 << chance.randrange(8)
        files[f"flipped-{i}.jpg"] = (bytes(photo), {"truncated", "corrupt"})
    for i in range(40):
        files[f"header-{i}.jpg"] = (
            b"\xff\xd8" + photos[i][20 : 300 + i],
            {"truncated", "corrupt", "unsupported-kind"},
        )
    for i in range(30):
        files[f"empty-{i}.jpg"] = (b"", {"empty"})
    for i in range(30):
        files[f"text-{i}.jpg"] = (f"no picture, number {i}".encode(), {"not-an-image"})
    for i, start in enumerate([b"GIF89a", b"BM", b"II*\x00", b"%PDF-1.4", b"\x00\x00\x00\x18ftypheic"] * 4):
        files[f"other-{i}.jpg"] = (start + bytes(200), {"unsupported-format", "not-an-image"})
    for i in range(10):
        files[f"huge-{i}.png"] = (png(100_000, 100_000, zlib.compress(bytes(1000))), {"too-many-pixels"})
        files[f"huge-{i}.jpg"] = (huge_jpeg(photos[i]), {"too-many-pixels"})
    return files


@pytest.fixture(scope="module")
def source(fruits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    photos = [photo.read_bytes() for photo in sample(fruits / "Training", 100)]
    expected = {}
    for name, (content, reasons) in damaged_files(photos).items():
        (folder / name).write_bytes(content)
        expected[name] = reasons
    # A bomb: 9,000 x 9,000 pixels of one colour in 240 KB. Under the limit it is a photo; above, a reject.
    (folder / "bomb.png").write_bytes(png(9000, 9000, zlib.compress(bytes((9000 * 3 + 1) * 9000), 9)))
    expected["bomb.png"] = {"too-many-pixels"}
    (folder / "big.jpg").write_bytes(photos[0] + bytes(3_000_000))
    expected["big.jpg"] = {"too-many-bytes"}
    os.mkfifo(folder / "pipe.jpg")
    expected["pipe.jpg"] = {"not-a-file"}
    (folder / "nowhere.jpg").symlink_to(folder / "missing.jpg")
    expected["nowhere.jpg"] = {"not-a-file"}
    link_photos(sample(fruits / "Training", 60, seed=9), fruits, folder / "good")
    return folder, expected


def test_each_damaged_file_is_one_reject(source, tmp_path):
    folder, expected = source
    assert len(expected) >= 300
    out = tmp_path / "out"
    command = [
        PROGRAM,
        "run",
        folder,
        out,
        "--threads",
        "2",
        "--max-pixels",
        "64M",
        "--max-bytes",
        "2MB",
        "--quiet",
    ]
    status, peak = run_measured(command)
    assert status == 0
    assert peak < MEMORY_LIMIT
    rejects = pd.read_parquet(out / "rejects").set_index("path")
    assert set(rejects.index) == set(expected)
    wrong = {
        name: rejects.loc[name, "reason"]
        for name, ok in expected.items()
        if rejects.loc[name, "reason"] not in ok
    }
    assert not wrong
    assert len(pd.read_parquet(out / "features")) == 60
    assert (rejects["detail"].str.len() > 5).all()
