"""Memory is bounded by settings, not by the number or the size of the photos."""

from pathlib import Path

from PIL import Image

from conftest import NATIVE, link_photos, run_measured, sample

# The documented bound at the defaults with 2 threads (docs/architecture.md), in bytes.
BOUND = 400_000_000


def peak_of(source: Path, out: Path, *flags: str) -> int:
    status, peak = run_measured(
        [NATIVE, "run", source, out, "--threads", "2", "--quiet", "--no-report", *flags]
    )
    assert status == 0
    return peak


def test_huge_photos_and_many_photos_stay_under_the_same_bound(fruits, tmp_path):
    photos = sample(fruits / "Training", 16)
    huge = tmp_path / "huge"
    huge.mkdir()
    for photo in photos:
        Image.open(photo).resize((4000, 3000), Image.Resampling.BILINEAR).save(huge / photo.name, quality=90)
    whole = peak_of(huge, tmp_path / "whole", "--scaled-decode", "off")
    scaled = peak_of(huge, tmp_path / "scaled")

    many = tmp_path / "many"
    for copy in range(4):
        link_photos(sample(fruits / "Training", 5000), fruits, many / str(copy))
    small = peak_of(many, tmp_path / "small", "--size", "32")
    few = peak_of(many, tmp_path / "few", "--size", "32", "--limit", "2000")
    print(
        f"MB: 12 megapixels {whole / 1e6:.0f}, scaled {scaled / 1e6:.0f}, 20,000 photos {small / 1e6:.0f}, 2,000 {few / 1e6:.0f}"
    )
    assert max(whole, scaled, small) < BOUND
    assert small < few * 1.1
