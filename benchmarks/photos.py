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
        link_or_copy(photo, folder / photo.relative_to(source))
    return folder.resolve(), limit


def link_many(source, folder, count):
    """A folder of `count` links to the photos below `source`, a thousand in a folder; made once."""
    if folder.exists():
        return
    photos = sorted(source.rglob("*.jpg"))
    scratch = folder.with_name(folder.name + ".new")
    shutil.rmtree(scratch, ignore_errors=True)
    for index in range(count):
        link_or_copy(photos[index % len(photos)], scratch / f"{index // 1000:04}" / f"{index:07}.jpg")
    scratch.rename(folder)


def link_or_copy(photo, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(photo, target)
    except OSError:  # another file system, or too many links to one file
        shutil.copyfile(photo, target)


def warm_page_cache(folder):
    """The first row must not pay for the disk alone."""
    for path in folder.rglob("*.jpg"):
        path.read_bytes()
