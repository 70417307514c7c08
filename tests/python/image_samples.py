"""Pictures made for the image tests, and the oracles that say what they must decode to."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps


def picture(width, height, channels=3, seed=0):
    """Smooth colours with some noise: compressible, and different everywhere."""
    rng = np.random.default_rng(seed + 1000 * width + height)
    y, x = np.mgrid[0:height, 0:width]
    waves = [127 + 90 * np.sin(x / (5 + c) + c) + 35 * np.cos(y / (3 + 2 * c) - c) for c in range(channels)]
    noise = rng.integers(-12, 13, (height, width, channels))
    return np.clip(np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)


def encode(image, kind, **options):
    buffer = io.BytesIO()
    if not isinstance(image, Image.Image):
        image = Image.fromarray(image)
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pillow(file):
    """What Pillow decodes, turned by EXIF and in RGB; for pictures without alpha."""
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def over_white(rgba):
    """round(c * a / 255 + 255 - a), in floating point: exact enough to round, for halves cannot occur."""
    rgba = rgba.astype(np.float64)
    alpha = rgba[..., 3:]
    return np.rint(rgba[..., :3] * alpha / 255 + 255 - alpha).astype(np.uint8)


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG colour type


def pack_rows(samples, depth):
    """[height, width, channels] -> one filter byte and the packed samples for each row."""
    rows = []
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            data = row.astype(">u2").tobytes()
        elif depth == 8:
            data = row.astype(np.uint8).tobytes()
        else:
            bits = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
            data = np.packbits(bits.ravel()).tobytes()
        rows.append(b"\0" + data)
    return b"".join(rows)


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def write_png(samples, colour_type, depth, interlaced=False, before=(), after=()):
    """A PNG of any colour type and depth; `before` and `after` are (type, data) chunks round the IDAT."""
    height, width = samples.shape[:2]
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        raw = b"".join(pack_rows(part, depth) for part in passes if part.size)
    else:
        raw = pack_rows(samples, depth)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(raw)), *after, (b"IEND", b"")]
    return PNG_SIGNATURE + b"".join(png_chunk(*chunk) for chunk in chunks)


def exif(orientation, order="<", kind="H"):
    """A TIFF structure whose only entry is the orientation."""
    value = struct.pack(order + kind, orientation).ljust(4, b"\0")
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    return head + struct.pack(order + "HHHI", 1, 0x0112, {"H": 3, "I": 4}[kind], 1) + value + b"\0\0\0\0"


def segments(jpeg):
    """The marker segments of a JPEG before its first scan: (start, marker)."""
    at = 2
    while jpeg[at + 1] != 0xDA:
        yield at, jpeg[at + 1]
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    yield at, 0xDA


def insert_after_soi(jpeg, marker, data):
    return jpeg[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]
