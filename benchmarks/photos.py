"""The photos that benchmarks run on: Fruits-360-33 where the folder `shared` beside the checkout has it."""

import os
import shutil
import sys
import tarfile


def default_folder(root):
    """The Training photos of Fruits-360-33, unpacked once below build/."""
    folder = root / "build/data/fruits-360-33/Training"
    archive = root.parent / "shared/data/fruits-360-33.tar.gz"
    if not folder.exists():
        if not archive.exists():
            sys.exit(
                f"[benchmarks] {archive}: not there\n"
                "  name a folder of photos with --photos; `pomona samples DIR --views 1200` makes one"
            )
        with tarfile.open(archive) as tar:
            tar.extractall(root / "build/data", filter="data")
    return folder


def choose(source, limit, out):
    """All photos, or a folder of links to `limit` of them, spread evenly: every row sees the same files
    and lists a folder. Returns the folder and the number."""
    photos = sorted(source.rglob("*.jpg"))
    if not photos:
        sys.exit(f"[benchmarks] {source}: holds no .jpg files")
    if not limit or limit >= len(photos):
        return source.resolve(), len(photos)
    folder = out / f"photos-{limit}"
    shutil.rmtree(folder, ignore_errors=True)
    for index in range(limit):
        photo = photos[index * len(photos) // limit]
        link = folder / photo.relative_to(source)
        link.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(photo, link)
        except OSError:  # another file system
            shutil.copyfile(photo, link)
    return folder.resolve(), limit


def warm_page_cache(folder):
    """The first row must not pay for the disk alone."""
    for path in folder.rglob("*.jpg"):
        path.read_bytes()
